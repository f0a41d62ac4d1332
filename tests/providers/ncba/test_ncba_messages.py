"""What the bank's answers and callbacks mean, one by one."""

import base64
import json

import pytest

from models.money import Money
from models.reading import Reason, Verdict
from providers.ncba.callbacks import is_bank, read_callback
from providers.ncba.messages import SYSTEM

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
READ = SYSTEM.messages


def a_body(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_every_message_has_its_name() -> None:
    assert list(READ) == [
        "float_ack",
        "transfer_ack",
        "callback",
        "notification_xml",
        "notification_json",
        "statement",
        "error",
        "pesalink_ack",
        "eft_ack",
        "rtgs_ack",
        "account_validation",
    ]


@pytest.mark.parametrize(
    ("message", "body", "verdict"),
    [
        ("float_ack", a_body(resErrorCode="000"), P),
        ("float_ack", a_body(resErrorCode=0), P),
        ("float_ack", a_body(succeeded=True, data={"id": "9", "bankRef": "FT1"}), P),
        ("float_ack", a_body(succeeded="false", data={"message": "no"}), R),
        ("float_ack", a_body(succeeded="perhaps"), U),
        ("float_ack", a_body(resErrorCode="00", resErrorMessage="Success"), U),
        ("float_ack", a_body(resErrorMessage="Success"), U),
        ("transfer_ack", a_body(resultCode="000"), S),
        ("transfer_ack", a_body(resErrorCode="000"), S),
        ("transfer_ack", a_body(succeeded=True), P),
        ("transfer_ack", a_body(resultCode="001", statusDescription="Success"), U),
        ("transfer_ack", a_body(resultCode="001", statusDescription="Not successful"), R),
        ("error", a_body(resErrorCode="000"), U),
    ],
)
def test_000_is_taken_in_on_one_rail_and_done_on_the_other(
    message: str, body: bytes, verdict: Verdict
) -> None:
    assert READ[message](body).verdict is verdict


def test_an_acknowledgement_keeps_both_references_and_the_banks_words() -> None:
    body = a_body(hdrRefNo="fp_1", hdrTranId="FT1", resErrorCode="000", resErrorMessage="taken")
    reading = READ["float_ack"](body)
    assert (reading.our_reference, reading.provider_reference) == ("fp_1", "FT1")
    assert (reading.provider_code, reading.provider_message) == ("000", "taken")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_000_under_another_status_is_no_acceptance(status: int) -> None:
    assert READ["transfer_ack"](a_body(resultCode="000"), status).verdict in {R, U}
    assert READ["float_ack"](a_body(resErrorCode="000"), status).verdict in {R, U}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("SUCCESS", S), ("COMPLETED", S), ("completed", S), (0, S), ("0", S), ("FAILED", R),
     ("REJECTED", R), ("PENDING", P), ("1", U), ("SUCCESSFUL?", U)],
)  # fmt: skip
@pytest.mark.parametrize(
    "names", [("TransactionID", "Status"), ("transactionId", "status"), ("reference", "Status")]
)
def test_a_callback_is_read_under_each_of_its_names(
    names: tuple[str, str], status: object, verdict: Verdict
) -> None:
    reading = read_callback(a_body(**{names[0]: "fp_1", names[1]: status}))
    assert (reading.verdict, reading.our_reference) == (verdict, "fp_1")


@pytest.mark.parametrize(
    "body",
    [b"", a_body(Status="SUCCESS"), a_body(reference="fp_1"),
     a_body(reference="fp_1", Status="SUCCESS", Amount="much"),
     a_body(reference="fp_1", Status="SUCCESS", Amount="-10")],
)  # fmt: skip
def test_a_callback_that_names_nothing_or_no_amount_is_unreadable(body: bytes) -> None:
    reading = read_callback(body)
    assert (reading.verdict, reading.reason) == (U, Reason.UNREADABLE)


def test_a_callback_tells_amount_and_bank_reference() -> None:
    reading = read_callback(a_body(reference="a", Status="SUCCESS", Amount="1000.00", bankRef="FT"))
    assert (reading.amount, reading.provider_reference) == (Money(100_000, "KES"), "FT")


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "known"),
    [(basic("bank:pw"), True), (basic("bank:pw").replace("Basic", "basic"), True),
     (basic("bank:other"), False), (basic("bankpw"), False), ("", False), ("Basic ???", False),
     ("Bearer x", False), ("Basic é", False)],
)  # fmt: skip
def test_the_bank_is_known_by_its_pair(header: str, known: bool) -> None:
    assert is_bank(header, user="bank", password="pw") is known


ROW = {"ValueDate": "21112026", "CreditDebitFlag": "Credit", "CreditAmount": "5.00",
       "InstrumentReferenceNumber": "FT1"}  # fmt: skip


def test_a_statement_says_nothing_about_any_order() -> None:
    one, two = READ["statement"](a_body(**ROW)), READ["statement"](json.dumps([ROW, ROW]).encode())
    assert (one.verdict, one.amount, one.receipt) == (None, Money(500, "KES"), "FT1")
    assert (two.verdict, two.amount, two.reason) == (None, None, None)


def test_a_large_statement_is_read() -> None:
    body = json.dumps({"transactions": [ROW] * 20_000}).encode()
    assert READ["statement"](body).reason is None


def test_numbers_of_people_are_masked_in_the_banks_words() -> None:
    reading = READ["error"](a_body(resErrorCode="9", resErrorMessage="no 254712000001"))
    assert reading.provider_message == "no *********001"
