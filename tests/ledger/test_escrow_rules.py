"""Rules of an escrow, by the balance they leave on every account. Literal numbers."""

import dataclasses

import pytest

from ledger.entry import balances
from ledger.postings import Arrival, Suspended, checkout_settled, suspense_accepted
from ledger.scope import Scope
from ledger.vault_postings import entries
from models.escrow_postings import EscrowReleased
from models.fees import Fee, FeeRule, fee_of_part
from models.ids import ORG as ORG_PREFIX
from models.ids import shown
from tests.ledger.vaulted import ORG, kes

NAMED = shown(ORG_PREFIX, ORG)
PAYABLE, ESCROW = f"merchant:{NAMED}:payable", f"escrow:{NAMED}:esc_1"
FLOAT = "provider:mpesa:collections:float"
FREE = Fee(net=kes(0), tax=kes(0))
ARRIVAL = Arrival(
    attempt_id="att_1", payment_id="pay_1", org=ORG, livemode=False,
    provider="mpesa", wallet="collections", amount=kes(10_000), escrow="esc_1",
)  # fmt: skip
HELD = Suspended(
    case_id="case_1", payment_id="pay_1", org=ORG, livemode=False,
    provider="mpesa", amount=kes(9_000), escrow="esc_1",
)  # fmt: skip
PART = EscrowReleased(
    escrow_id="esc_1", part=2, amount=kes(4_000), fee=Fee(net=kes(80), tax=kes(13))
)
SCOPE = Scope(org=ORG, livemode=False)


def test_what_is_paid_for_an_escrow_is_kept_apart_and_owed_to_nobody() -> None:
    entry = checkout_settled(ARRIVAL, FREE)
    assert entry.id == "att_1/settled"
    assert balances(entry) == {FLOAT: 10_000, ESCROW: 10_000}


def test_an_escrows_money_pays_no_debt_of_its_merchant() -> None:
    assert checkout_settled(ARRIVAL, FREE).backing is None
    assert suspense_accepted(HELD, FREE).backing is None


def test_a_mismatch_accepted_goes_to_the_escrow_as_it_came() -> None:
    assert balances(suspense_accepted(HELD, FREE)) == {"suspense:mpesa": -9_000, ESCROW: 9_000}


def test_a_released_part_is_the_merchants_less_its_fee() -> None:
    (entry,) = entries(PART, SCOPE)
    assert (entry.id, entry.decided, entry.about) == ("esc_1/2/released", True, "esc_1")
    assert balances(entry) == {
        ESCROW: -4_000,
        PAYABLE: 3_907,
        "house:fees:collection": 80,
        "house:tax:vat": 13,
    }


def test_a_released_part_first_pays_what_the_merchant_owes_us() -> None:
    (entry,) = entries(PART, SCOPE)
    assert entry.backing is not None
    assert entry.backing.payable.name == PAYABLE


RULE = FeeRule(basis_points=250, fixed_minor=100, tax_basis_points=1_600)


@pytest.mark.parametrize(
    "parts", [(10_000,), (3_333, 3_333, 3_334), (1, 9_999), (50, 60, 9_890), (9_999, 1)]
)
def test_the_fees_of_all_parts_are_the_fee_of_the_whole(parts: tuple[int, ...]) -> None:
    before, taken = kes(0), FREE
    for part in map(kes, parts):
        fee = fee_of_part(part, before=before, taken=taken, rule=RULE)
        assert fee.total.minor <= part.minor
        before = before + part
        taken = Fee(net=taken.net + fee.net, tax=taken.tax + fee.tax)
    assert (taken.net.minor, taken.tax.minor) == (350, 56)


def test_a_part_too_small_for_its_fee_leaves_the_rest_of_it_to_the_next() -> None:
    first = fee_of_part(kes(60), before=kes(0), taken=FREE, rule=RULE)
    assert (first.net.minor, first.tax.minor) == (60, 0)
    second = fee_of_part(kes(9_940), before=kes(60), taken=first, rule=RULE)
    assert (second.net.minor, second.tax.minor) == (290, 56)


def test_every_escrow_has_an_account_of_its_own() -> None:
    other = dataclasses.replace(PART, escrow_id="esc_2")
    (entry,) = entries(other, SCOPE)
    assert balances(entry)[f"escrow:{NAMED}:esc_2"] == -4_000
    assert ESCROW not in balances(entry)
