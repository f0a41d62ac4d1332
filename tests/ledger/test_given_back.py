"""Money of a case given back, and payments taken back, by normal-sign balances. Literal numbers."""

from uuid import UUID

from ledger.entry import Entry, balances
from ledger.postings import Arrival, checkout_settled, money_suspended
from ledger.scope import Scope
from ledger.vault_postings import entries
from models.fees import Fee
from models.ids import ORG as ORG_PREFIX
from models.ids import shown
from models.money import Money
from models.places import ProviderWallet
from models.refund_postings import (
    PaymentTakenBack,
    RefundPaid,
    RefundPosting,
    RefundRefused,
    RefundRequested,
    TakenFeeReturned,
)
from models.step import CaseKind

ORG = UUID("01890000-0000-7000-8000-00000000000a")
PAYABLE = f"merchant:{shown(ORG_PREFIX, ORG)}:payable"
RECEIVABLE = f"merchant:{shown(ORG_PREFIX, ORG)}:receivable"
FLOAT = "provider:mpesa:collections:float"
WALLET = ProviderWallet(provider="mpesa", wallet="collections")
ALL = Money(10_000, "KES")
FEE = Fee(net=Money(200, "KES"), tax=Money(25, "KES"))
ARRIVAL = Arrival(
    attempt_id="att_1", payment_id="pay_1", org=ORG, livemode=False,
    provider="mpesa", wallet="collections", amount=ALL,
)  # fmt: skip
CAME = money_suspended(ARRIVAL, CaseKind.LATE_MONEY)
ESCROW = f"escrow:{shown(ORG_PREFIX, ORG)}:esc_1"
FREE = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))
REQUESTED = RefundRequested(refund_id="rf_1", amount=ALL, suspense="mpesa")


def made(posting: RefundPosting) -> Entry:
    (entry,) = entries(posting, Scope(org=ORG, livemode=False))
    return entry


def test_money_of_a_case_is_set_aside_in_suspense_and_not_with_the_merchant() -> None:
    entry = made(REQUESTED)
    assert (entry.id, entry.decided, entry.about) == ("rf_1/requested", True, "rf_1")
    assert balances(CAME, entry) == {
        FLOAT: 10_000, "suspense:mpesa": 0, "suspense:mpesa:held": 10_000,
    }  # fmt: skip


def test_once_the_payer_has_it_nothing_is_left_of_it_anywhere() -> None:
    paid = made(RefundPaid(refund_id="rf_1", amount=ALL, out_of=WALLET, suspense="mpesa"))
    assert (paid.id, paid.decided) == ("rf_1/paid", False)
    assert balances(CAME, made(REQUESTED), paid) == {
        FLOAT: 0, "suspense:mpesa": 0, "suspense:mpesa:held": 0,
    }  # fmt: skip


def test_what_did_not_leave_waits_in_suspense_again_and_pays_no_debt_of_the_merchant() -> None:
    refused = made(RefundRefused(refund_id="rf_1", amount=ALL, suspense="mpesa"))
    assert (refused.reverses, refused.backing) == ("rf_1/requested", None)
    assert balances(CAME, made(REQUESTED), refused) == {
        FLOAT: 10_000, "suspense:mpesa": 10_000, "suspense:mpesa:held": 0,
    }  # fmt: skip


def test_what_is_taken_back_takes_our_fee_of_it_back_and_the_merchant_bears_the_rest() -> None:
    half = Fee(net=Money(100, "KES"), tax=Money(12, "KES"))
    entry = made(
        PaymentTakenBack(
            payment_id="pay_1", number="CB7", amount=Money(5_000, "KES"), out_of=WALLET, fee=half
        )
    )
    assert (entry.id, entry.decided) == ("pay_1/CB7/taken_back", False)
    assert entry.backing is not None
    assert entry.backing.receivable.name == RECEIVABLE
    assert balances(checkout_settled(ARRIVAL, FEE), entry) == {
        FLOAT: 5_000,
        PAYABLE: 9_775 - 4_888,
        "house:fees:collection": 100,
        "house:tax:vat": 13,
    }


def test_what_lies_in_an_escrow_is_taken_from_there_and_the_merchant_bears_the_rest() -> None:
    kept = Arrival(
        attempt_id="att_2", payment_id="pay_2", org=ORG, livemode=False,
        provider="mpesa", wallet="collections", amount=ALL, escrow="esc_1",
    )  # fmt: skip
    entry = made(
        PaymentTakenBack(
            payment_id="pay_2", number="CB7", amount=ALL, out_of=WALLET, fee=FREE,
            escrow="esc_1", kept=Money(6_000, "KES"),
        )
    )  # fmt: skip
    assert balances(checkout_settled(kept, FREE), entry) == {
        FLOAT: 0, ESCROW: 4_000, PAYABLE: -4_000,
    }  # fmt: skip
    assert entry.backing is not None


def test_what_lies_whole_in_an_escrow_touches_nothing_of_its_merchant() -> None:
    entry = made(
        PaymentTakenBack(
            payment_id="pay_2", number="CB7", amount=ALL, out_of=WALLET, fee=FREE,
            escrow="esc_1", kept=ALL,
        )
    )  # fmt: skip
    assert (balances(entry), entry.backing) == ({FLOAT: -10_000, ESCROW: -10_000}, None)


def test_our_fee_of_what_was_taken_back_pays_first_what_the_merchant_owes() -> None:
    entry = made(TakenFeeReturned(refund_id="rf_1", fee=FEE))
    assert (entry.id, entry.about) == ("rf_1/fee_of_taken", "rf_1")
    assert entry.backing is not None
    assert balances(entry) == {
        "house:fees:collection": -200, "house:tax:vat": -25, PAYABLE: 225,
    }  # fmt: skip


def test_a_payment_taken_back_whole_leaves_what_a_reversal_leaves() -> None:
    posting = PaymentTakenBack(payment_id="pay_1", number="CB7", amount=ALL, out_of=WALLET, fee=FEE)
    assert balances(checkout_settled(ARRIVAL, FEE), made(posting)) == {
        FLOAT: 0, PAYABLE: 0, "house:fees:collection": 0, "house:tax:vat": 0,
    }  # fmt: skip
