"""What a clearing move leaves on each account, with literal numbers."""

from ledger.entry import balances
from ledger.scope import Scope
from ledger.vault_postings import entries
from models.clearing_postings import ClearingArrived, ClearingReturned, ClearingSent
from models.ids import PLATFORM_ORG
from models.money import Money
from models.places import BankAccount, Capital, Origin, ProviderWallet
from models.vault_postings import VaultPosting

HOUSE = Scope(org=PLATFORM_ORG, livemode=False)
POOL = BankAccount(bank="ncba", account="001")
WAVE = ProviderWallet(provider="wave", wallet="collections")


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def sent(origin: Origin = POOL) -> ClearingSent:
    return ClearingSent(move_id="cm_1", amount=kes(10_000), origin=origin, destination=WAVE)


def arrived(came: int, origin: Origin = POOL) -> ClearingArrived:
    return ClearingArrived(
        move_id="cm_1", amount=kes(10_000), came=kes(came), origin=origin, destination=WAVE
    )


def left(*postings: VaultPosting) -> dict[str, int]:
    found = balances(*(entry for posting in postings for entry in entries(posting, HOUSE)))
    return {name: balance for name, balance in found.items() if balance}


def test_a_move_that_left_is_between_the_two() -> None:
    assert left(sent()) == {
        "clearing:ncba/001:wave/collections": 10_000,
        "bank:ncba:001:trust": -10_000,
    }


def test_a_bank_top_up_of_a_float_arrives_whole() -> None:
    assert left(sent(), arrived(10_000)) == {
        "bank:ncba:001:trust": -10_000,
        "provider:wave:collections:float": 10_000,
    }


def test_what_did_not_arrive_is_a_cost_of_the_end_it_left_from() -> None:
    assert left(sent(), arrived(9_700)) == {
        "bank:ncba:001:trust": -10_000,
        "provider:wave:collections:float": 9_700,
        "house:costs:ncba": 300,
    }


def test_what_came_back_leaves_nothing() -> None:
    back = ClearingReturned(move_id="cm_1", amount=kes(10_000), origin=POOL, destination=WAVE)
    assert left(sent(), back) == {}


def test_capital_put_into_a_float_backs_claims_and_is_nobodys() -> None:
    assert left(sent(Capital()), arrived(10_000, Capital())) == {
        "provider:wave:collections:float": 10_000,
        "house:capital": 10_000,
    }


def test_entries_are_named_after_the_move() -> None:
    named = [entry.id for one in (sent(), arrived(1)) for entry in entries(one, HOUSE)]
    assert named == ["cm_1/sent", "cm_1/arrived"]
