"""Rules of refunds, by the balance they leave on every account."""

from typing import Any
from uuid import UUID

import pytest

from ledger.chart import provider_float
from ledger.entry import balances
from ledger.scope import Scope
from ledger.vault_postings import entries
from models.fees import Fee
from models.ids import ORG, shown
from models.money import Money
from models.places import ProviderWallet, ReceiptClaim
from models.refund_postings import RefundPaid, RefundRefused, RefundRequested

SCOPE = Scope(org=UUID(int=7), livemode=False)
FEE = Fee(net=Money(90, "KES"), tax=Money(14, "KES"))
AMOUNT = Money(4_000, "KES")
WALLET = ProviderWallet(provider="wave", wallet="collections")
PAID = RefundPaid(
    refund_id="rf_1", amount=AMOUNT, out_of=WALLET,
    receipt=ReceiptClaim(rail="wave", account="collections/refunds", number="R1"),
)  # fmt: skip


def left(*postings: Any) -> dict[str, int]:
    """What they leave, by the names without their owner."""
    made = [entry for posting in postings for entry in entries(posting, SCOPE)]
    found = balances(*made)
    return {name.replace(f"{shown(ORG, SCOPE.org)}:", ""): left for name, left in found.items()}


def test_a_refund_that_keeps_the_fee_is_borne_by_the_merchant_alone() -> None:
    asked = RefundRequested(refund_id="rf_1", amount=AMOUNT)
    assert left(asked) == {"merchant:payable": -4_000, "merchant:held": 4_000}
    assert [(one.id, one.decided, one.about) for one in entries(asked, SCOPE)] == [
        ("rf_1/requested", True, "rf_1")
    ]


def test_a_fee_that_is_returned_comes_out_of_our_income_and_tax() -> None:
    asked = RefundRequested(refund_id="rf_1", amount=AMOUNT, fee=FEE)
    assert left(asked) == {
        "house:fees:collection": -90,
        "house:tax:vat": -14,
        "merchant:payable": 104 - 4_000,
        "merchant:held": 4_000,
    }


def test_what_was_paid_left_our_wallet_and_nothing_is_held() -> None:
    asked = RefundRequested(refund_id="rf_1", amount=AMOUNT)
    found = left(asked, PAID)
    assert found["merchant:held"] == 0
    assert found[provider_float("wave", "collections").name] == -4_000


@pytest.mark.parametrize("fee", [None, FEE])
@pytest.mark.parametrize("escrow", [None, "esc_1"])
def test_a_refused_refund_leaves_everything_as_it_was(fee: Fee | None, escrow: str | None) -> None:
    asked = RefundRequested(refund_id="rf_1", amount=AMOUNT, fee=fee, escrow=escrow)
    no = RefundRefused(refund_id="rf_1", amount=AMOUNT, fee=fee, escrow=escrow)
    assert set(left(asked, no).values()) == {0}
    (entry,) = entries(no, SCOPE)
    assert (entry.id, entry.reverses, entry.decided) == ("rf_1/refused", "rf_1/requested", False)


def test_money_of_an_escrow_comes_out_of_that_escrow() -> None:
    asked = RefundRequested(refund_id="rf_1", amount=AMOUNT, escrow="esc_1")
    found = left(asked)
    assert found == {"escrow:esc_1": -4_000, "merchant:held": 4_000}
