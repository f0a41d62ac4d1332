"""What results and C2B notices say beside their verdict, in the shapes they really come in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mobile_money import AccountBalance
from models.money import Money
from models.reading import Reason, Verdict
from providers.mpesa import c2b, details, results
from providers.mpesa.codes import worth_another_try
from providers.mpesa.times import moment

ACCOUNTS = (
    "Working Account|KES|700000.00|700000.00|0.00|0.00&"
    "Float Account|KES|0.00|0.00|0.00|0.00&"
    "Utility Account|KES|228037.00|218037.55|10000.00|0.00&"
    "Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00&"
    "Organization Settlement Account|KES|0.00|0.00|0.00|0.00"
)
PAID = {
    "TransactionAmount": 10,
    "TransactionReceipt": "SG632NMUAB",
    "ReceiverPartyPublicName": "254708374149 - JANE  WANJIKU DOE",
    "TransactionCompletedDateTime": "06.07.2024 22:48:52",
    "B2CUtilityAccountAvailableFunds": 8959269.6,
    "B2CWorkingAccountAvailableFunds": 1199371.0,
    "B2CRecipientIsRegisteredCustomer": "Y",
    "B2CChargesPaidAccountAvailableFunds": -1980.0,
}
NOTICE = {
    "TransactionType": "Pay Bill",
    "TransID": "RKL51ZDR4F",
    "TransTime": "20231121121325",
    "TransAmount": "5.00",
    "BusinessShortCode": "600966",
    "BillRefNumber": " LN-000042 ",
    "InvoiceNumber": "",
    "OrgAccountBalance": "49197.50",
    "ThirdPartyTransID": "c2b-7",
    "MSISDN": "2547 ***** 126",
    "FirstName": "NICHOLAS",
    "MiddleName": "",
}


def result(told: dict[str, Any] | None, **changes: Any) -> bytes:
    items = [{"Key": key, "Value": value} for key, value in (told or {}).items()]
    inner = {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "said",
        "OriginatorConversationID": "K1",
        "ConversationID": "AG_1",
        "TransactionID": "SG632NMUAB",
        "ResultParameters": None if told is None else {"ResultParameter": items},
    }
    return json.dumps({"Result": inner | changes}).encode()


def test_every_account_is_read_with_what_is_available_even_below_zero() -> None:
    assert details.read_balances(result({"AccountBalance": ACCOUNTS})) == (
        AccountBalance(account="Working Account", available=Money(70_000_000, "KES")),
        AccountBalance(account="Float Account", available=Money(0, "KES")),
        AccountBalance(account="Utility Account", available=Money(21_803_755, "KES")),
        AccountBalance(account="Charges Paid Account", available=Money(-154_000, "KES")),
        AccountBalance(account="Organization Settlement Account", available=Money(0, "KES")),
    )


@pytest.mark.parametrize(
    "text", ["", "Working Account|KES|1", "|KES|1|1|0|0", "A|XXX|1|1", "A|KES|1|many", 7, None, []]
)
def test_an_account_that_cannot_be_read_is_left_out(text: Any) -> None:
    assert details.read_balances(result({"AccountBalance": text})) == ()


def test_one_unreadable_account_does_not_hide_the_others() -> None:
    told = details.read_balances(result({"AccountBalance": "A|KES|x|x|0|0&B|KES|2|1.50|0|0"}))
    assert told == (AccountBalance(account="B", available=Money(150, "KES")),)


def test_a_payout_tells_when_to_whom_and_what_is_left() -> None:
    told = details.read_payout_details(result(PAID))
    assert told.completed_at == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
    assert (told.receipt, told.amount) == ("SG632NMUAB", Money(1_000, "KES"))
    assert (told.receiver, told.registered) == ("JANE  WANJIKU DOE", True)
    assert (told.utility, told.working) == (Money(895_926_960, "KES"), Money(119_937_100, "KES"))
    assert told.charges == Money(-198_000, "KES")
    assert "JANE" not in repr(told)


@pytest.mark.parametrize("told", [None, {}, {"ReceiverPartyPublicName": "254708374149"}])
def test_what_a_result_does_not_say_is_none(told: dict[str, Any] | None) -> None:
    read = details.read_payout_details(result(told, TransactionID="NLJ0000000"))
    assert {read.receipt, read.amount, read.completed_at, read.receiver, read.utility} == {None}
    assert read.registered is None


@pytest.mark.parametrize(
    ("public", "name"),
    [
        ("254708374149 - JANE DOE", "JANE DOE"),
        ("0708374149 - ANNE-MARIE - SMITH", "ANNE-MARIE - SMITH"),
        ("JANE DOE", "JANE DOE"),
        ("254708374149 - ", None),
        ("254708374149", None),
        ("254708374149 JANE DOE", "JANE DOE"),
        ("600222 - 7 STARS LTD", "7 STARS LTD"),
        ("7 STARS LTD", "7 STARS LTD"),
        ("", None),
    ],
)
def test_a_receivers_name_comes_without_the_number(public: str, name: str | None) -> None:
    read = details.read_payout_details(result({"ReceiverPartyPublicName": public}))
    assert read.receiver == name


def test_a_transfer_tells_its_fee_and_the_accounts_it_touched() -> None:
    told = details.read_transfer_details(
        result(
            {
                "Amount": "190.00",
                "TransCompletedTime": 20240706224852,
                "DebitPartyCharges": "Business Pay Bill Charge|KES|77.00",
                "DebitPartyAffectedAccountBalance": "Working Account|KES|346568.83|6186.83|3|0.00",
            }
        )
    )
    assert (told.amount, told.fee) == (Money(19_000, "KES"), Money(7_700, "KES"))
    assert told.completed_at == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
    assert told.balances[0].available == Money(618_683, "KES")
    bare = details.read_transfer_details(result({"DebitPartyCharges": ""}))
    assert (bare.fee, bare.balances, bare.receipt) == (None, (), "SG632NMUAB")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("600610 - KAURI PARTNER", "600610"),
        ("600610", "600610"),
        (600610, "600610"),
        ("254708374149 - JANE DOE", ""),
        ("JANE DOE", ""),
        ("600610 JANE", ""),
        (None, None),
        ("", None),
    ],
)
def test_who_was_paid_is_a_short_code_or_nobody_we_name(written: object, read: str | None) -> None:
    assert details.read_credited(result({"CreditPartyName": written})) == read


def test_an_answer_about_an_earlier_transaction_is_read_by_its_inner_ids() -> None:
    told = details.read_status_details(
        result(
            {
                "DebitPartyName": "600222 - KAURI PARTNER",
                "CreditPartyName": "254708374149 - JANE DOE",
                "Originator Conversation ID": "K-original",
                "ConversationID": "AG_original",
                "InitiatedTime": 20240706224850,
                "FinalisedTime": "20240706224852",
                "Amount": "10.00",
                "ReceiptNo": "SG632NMUAB",
                "TransactionStatus": "Completed",
                "TransactionReason": None,
            },
            OriginatorConversationID="the-question",
            TransactionID="TAH0000000",
        )
    )
    assert (told.our_reference, told.provider_reference) == ("K-original", "AG_original")
    assert (told.receipt, told.status, told.amount) == (
        "SG632NMUAB",
        "Completed",
        Money(1_000, "KES"),
    )
    assert told.initiated_at == datetime(2024, 7, 6, 19, 48, 50, tzinfo=UTC)
    assert told.completed_at == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
    assert (told.payer, told.receiver) == ("KAURI PARTNER", "JANE DOE")
    assert "JANE" not in repr(told)


def test_money_that_was_taken_back_is_refused_in_a_word_of_its_own() -> None:
    reading = results.read_status(result({"TransactionStatus": "Reversed", "ReceiptNo": "SG1"}))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.REVERSED)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("20231121235959", datetime(2023, 11, 21, 20, 59, 59, tzinfo=UTC)),
        (20240101013000, datetime(2023, 12, 31, 22, 30, tzinfo=UTC)),
        ("01.01.2024 01:30:00", datetime(2023, 12, 31, 22, 30, tzinfo=UTC)),
        ("20231321000000", None),
        ("00010101000000", None),
        ("2024-01-01 01:30:00", None),
        ("", None),
        (None, None),
        (1.5, None),
        ([], None),
    ],
)
def test_a_time_is_nairobis_in_two_spellings(written: Any, read: datetime | None) -> None:
    assert moment(written) == read


def test_a_pay_bill_payment_is_read_whole() -> None:
    payment = c2b.read_paybill(json.dumps(NOTICE).encode())
    assert payment is not None
    assert (payment.receipt, payment.amount) == ("RKL51ZDR4F", Money(500, "KES"))
    assert payment.paid_at == datetime(2023, 11, 21, 9, 13, 25, tzinfo=UTC)
    assert (payment.short_code, payment.bill_reference) == ("600966", "LN-000042")
    assert (payment.phone, payment.name) == ("2547 ***** 126", "NICHOLAS")
    assert (payment.third_party_id, payment.balance) == ("c2b-7", Money(4_919_750, "KES"))
    assert (payment.kind, payment.invoice, payment.last_name) == ("Pay Bill", None, None)
    for private in ("NICHOLAS", "126", "LN-000042"):
        assert private not in repr(payment)


@pytest.mark.parametrize(("amount", "minor"), [("10", 1_000), ("10.00", 1_000), (7, 700)])
def test_an_amount_with_or_without_decimals_is_the_same(amount: Any, minor: int) -> None:
    payment = c2b.read_paybill(json.dumps(NOTICE | {"TransAmount": amount}).encode())
    assert payment is not None
    assert payment.amount == Money(minor, "KES")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<xml/>", b'{"TransID":"A"}', b'{"TransID":"","TransAmount":"1"}'],
)
def test_a_notice_without_amount_or_receipt_is_no_payment(body: bytes) -> None:
    assert c2b.read_paybill(body) is None


def test_names_may_all_be_missing() -> None:
    payment = c2b.read_paybill(b'{"TransID":"RKL51ZDR4F","TransAmount":"5"}')
    assert payment is not None
    assert (payment.name, payment.phone, payment.paid_at, payment.balance) == (None,) * 4


def test_replies_are_spelled_as_safaricom_reads_them() -> None:
    assert c2b.accepted() == {"ResultCode": "0", "ResultDesc": "Accepted"}
    assert c2b.accepted("c2b-7")["ThirdPartyTransID"] == "c2b-7"
    assert dict(c2b.CONFIRMED) == {"ResultCode": 0, "ResultDesc": "Accepted"}
    codes = {why: c2b.rejected(why)["ResultCode"] for why in c2b.Rejection}
    assert sorted(codes.values()) == [f"C2B000{number}" for number in range(11, 17)]
    assert codes[c2b.Rejection.ACCOUNT] == "C2B00012"


@pytest.mark.parametrize("code", ["0", "2", "15", "17", "2001", "8006", "100000000", "", None])
def test_only_two_codes_prove_that_another_try_is_safe_and_worth_it(code: str | None) -> None:
    assert not worth_another_try(code)
    assert worth_another_try("1")
    assert worth_another_try("26")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
FIELDS = st.sampled_from([*PAID, *NOTICE, "AccountBalance", "FinalisedTime", "DebitPartyCharges"])


@settings(deadline=None, derandomize=True, max_examples=150)
@given(told=st.dictionaries(FIELDS, VALUES, max_size=4), raw=st.binary(max_size=40))
def test_no_shape_makes_a_reader_raise(told: dict[str, Any], raw: bytes) -> None:
    strange = [result(told), json.dumps(told).encode(), raw]
    readers = (
        details.read_payout_details,
        details.read_transfer_details,
        details.read_status_details,
        details.read_balances,
        c2b.read_paybill,
    )
    for body in strange:
        assert [reader(body) == reader(body) for reader in readers] == [True] * len(readers)
