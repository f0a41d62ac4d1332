"""Rules of a payout: set aside, paid, let go, and come back later."""

import dataclasses

from ledger.entry import balances
from ledger.vault_postings import entries
from models.fees import Fee
from models.ids import ORG as ORG_PREFIX
from models.ids import shown
from models.money import Money
from models.vault_postings import VaultPosting
from tests.ledger.payouts_posted import FEE, PAID, POOL, RELEASED, REQUESTED, RETURNED
from tests.ledger.vaulted import ORG, SCOPE, made


def left(*postings: VaultPosting) -> dict[str, int]:
    merchant = f"merchant:{shown(ORG_PREFIX, ORG)}:"
    found = balances(*(entry for posting in postings for entry in entries(posting, SCOPE)))
    return {name.removeprefix(merchant): balance for name, balance in found.items()}


def test_a_requested_payout_sets_amount_and_fee_aside_by_decision() -> None:
    assert left(REQUESTED) == {"payable": -41_160, "held": 41_160}
    assert made(REQUESTED) == [("po_1/1/requested", True)]


def test_a_paid_payout_leaves_our_wallet_and_the_fee_is_ours() -> None:
    assert left(REQUESTED, PAID) == {
        "payable": -41_160,
        "held": 0,
        "provider:wave:collections:float": -40_000,
        "house:fees:payout": 1_000,
        "house:tax:vat": 160,
    }
    assert made(PAID) == [("po_1/1/paid", False)]


def test_a_bank_pays_from_the_pool_account() -> None:
    by_bank = dataclasses.replace(PAID, place=POOL)
    assert left(REQUESTED, by_bank)["bank:ncba:001:trust"] == -40_000


def test_a_payout_without_a_fee_takes_none() -> None:
    free = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))
    found = left(*(dataclasses.replace(one, fee=free) for one in (REQUESTED, PAID)))
    assert found == {"payable": -40_000, "held": 0, "provider:wave:collections:float": -40_000}


def test_a_released_payout_gives_everything_back() -> None:
    assert left(REQUESTED, RELEASED) == {"payable": 0, "held": 0}
    assert made(RELEASED) == [("po_1/1/released", False)]


def test_a_second_hold_has_entries_of_its_own() -> None:
    again = dataclasses.replace(REQUESTED, hold=2)
    assert made(again) == [("po_1/2/requested", True)]


def test_a_returned_payout_is_owed_again_and_the_fee_is_kept() -> None:
    assert left(REQUESTED, PAID, RETURNED) == {
        "payable": -1_160,
        "held": 0,
        "provider:wave:collections:float": 0,
        "house:fees:payout": 1_000,
        "house:tax:vat": 160,
    }
    assert made(RETURNED) == [("po_1/1/returned", False)]


def test_a_reversed_payout_gives_the_fee_back_where_the_policy_says_so() -> None:
    back = dataclasses.replace(RETURNED, fee=FEE, event="reversed")
    found = left(REQUESTED, PAID, back)
    assert found["payable"] == found["house:fees:payout"] == found["house:tax:vat"] == 0
    assert made(back) == [("po_1/1/reversed", False)]
