"""Posting against a real PostgreSQL, as the application role and under row-level security."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

import pytest

from ledger import chart, reports
from ledger.book import Book, Posted, PostedAs, Receipt
from ledger.chart import held, payable
from ledger.entry import Entry, Move, reversed_entry
from ledger.errors import (
    EntryDiffers,
    ForeignAccount,
    NotTheReverse,
    Overdrawn,
    ScopeMissing,
)
from ledger.postings import Arrival, checkout_settled, provider_reversal
from models.fees import Fee
from models.ids import PLATFORM_ORG, mint
from models.money import Money
from runtime.database import Database

Post: TypeAlias = Callable[..., Awaitable[Posted]]
FEE = Fee(net=Money(200, "KES"), tax=Money(25, "KES"))


def an_arrival(org: UUID, minor: int = 10_000, provider: str = "mpesa") -> Arrival:
    return Arrival(
        attempt_id=mint("att"), payment_id=mint("pay"), org=org, livemode=False,
        provider=provider, wallet="600000/utility", amount=Money(minor, "KES"),
    )  # fmt: skip


def a_receipt(number: str, *aliases: str, rail: str = "mpesa") -> Receipt:
    return Receipt(rail=rail, account="600000/utility", number=number, aliases=aliases)


def a_payout_hold(org: UUID, minor: int) -> Entry:
    move = Move(debit=payable(org), credit=held(org), amount=Money(minor, "KES"))
    return Entry(id=f"{mint('po')}/held", org=org, livemode=False, moves=(move,), decided=True)


async def the_balances(database: Database, org: UUID) -> dict[str, int]:
    async with database.scoped(org, False) as connection:
        found = await reports.balances(connection, livemode=False)
    return {account.name.rpartition(":")[2]: account.balance for account in found}


async def test_a_posted_entry_stands_on_every_account(
    database: Database, org: UUID, post: Post
) -> None:
    provider = mint("p")
    posted = await post(checkout_settled(an_arrival(org, provider=provider), FEE))
    assert (posted.outcome, posted.to_receivable) == (PostedAs.POSTED, 0)
    assert await the_balances(database, org) == {"payable": 9_775}
    house = await the_balances(database, PLATFORM_ORG)
    assert house["float"] == 10_000


async def test_a_repeat_changes_nothing_and_returns_what_stands(
    database: Database, org: UUID, post: Post
) -> None:
    entry, receipt = checkout_settled(an_arrival(org), FEE), a_receipt(mint("r"))
    outcomes = [(await post(entry, receipt)).outcome for _ in range(3)]
    assert outcomes == [PostedAs.POSTED, PostedAs.ALREADY, PostedAs.ALREADY]
    assert await the_balances(database, org) == {"payable": 9_775}


async def test_the_same_id_with_other_moves_is_refused(org: UUID, post: Post) -> None:
    arrival = an_arrival(org)
    await post(checkout_settled(arrival, FEE))
    with pytest.raises(EntryDiffers):
        await post(checkout_settled(arrival, Fee(net=Money(1, "KES"), tax=Money(0, "KES"))))


async def test_the_same_entry_with_a_second_receipt_is_second_money_and_refused(
    org: UUID, post: Post
) -> None:
    entry = checkout_settled(an_arrival(org), FEE)
    await post(entry, a_receipt(mint("r")))
    with pytest.raises(EntryDiffers):
        await post(entry, a_receipt(mint("r")))


async def test_a_receipt_seen_through_another_channel_books_nothing(
    database: Database, org: UUID, post: Post
) -> None:
    number = mint("r")
    first = checkout_settled(an_arrival(org), FEE)
    await post(first, a_receipt(number))
    again = await post(checkout_settled(an_arrival(org), FEE), a_receipt(f" {number.upper()} "))
    assert (again.outcome, again.entry_id, again.stands) == (
        PostedAs.RECEIPT_CLAIMED, first.id, False,
    )  # fmt: skip
    assert await the_balances(database, org) == {"payable": 9_775}


async def test_an_alias_makes_the_new_name_a_name_of_the_same_fact(
    database: Database, org: UUID, post: Post
) -> None:
    receipt, bank, statement = mint("r"), mint("b"), mint("s")
    first = checkout_settled(an_arrival(org), FEE)
    await post(first, a_receipt(receipt, bank))
    for number, aliases in ((statement, (bank,)), (statement, ())):
        seen = await post(checkout_settled(an_arrival(org), FEE), a_receipt(number, *aliases))
        assert (seen.outcome, seen.entry_id) == (PostedAs.RECEIPT_CLAIMED, first.id)
    assert await the_balances(database, org) == {"payable": 9_775}


async def test_another_organisations_receipt_is_claimed_without_saying_by_whom(
    database: Database, org: UUID, other_org: UUID, post: Post
) -> None:
    number, alias = mint("r"), mint("a")
    await post(checkout_settled(an_arrival(org), FEE), a_receipt(number))
    entry = checkout_settled(an_arrival(other_org), FEE)
    posted = await post(entry, a_receipt(number, alias))
    assert (posted.outcome, posted.entry_id) == (PostedAs.RECEIPT_CLAIMED, None)
    assert (await post(entry, a_receipt(alias))).outcome is PostedAs.POSTED


async def test_the_same_number_on_another_rail_or_account_is_another_receipt(
    org: UUID, post: Post
) -> None:
    number = mint("r")
    for receipt in (a_receipt(number), a_receipt(number, rail="momo")):
        posted = await post(checkout_settled(an_arrival(org), FEE), receipt)
        assert posted.outcome is PostedAs.POSTED


def test_a_receipt_without_a_number_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="claims nothing"):
        a_receipt("  ")


async def test_what_we_decide_never_overdraws(database: Database, org: UUID, post: Post) -> None:
    await post(checkout_settled(an_arrival(org), FEE))
    await post(a_payout_hold(org, 9_000))
    with pytest.raises(Overdrawn, match="payable to -225"):
        await post(a_payout_hold(org, 1_000))
    assert await the_balances(database, org) == {"payable": 775, "held": 9_000}


async def test_a_repeated_decision_stands_although_the_money_is_gone(org: UUID, post: Post) -> None:
    await post(checkout_settled(an_arrival(org), FEE))
    hold = a_payout_hold(org, 9_775)
    await post(hold)
    assert (await post(hold)).outcome is PostedAs.ALREADY


async def test_a_reversal_the_payable_can_bear_leaves_no_debt(
    database: Database, org: UUID, post: Post
) -> None:
    settled = checkout_settled(an_arrival(org), FEE)
    await post(settled)
    posted = await post(provider_reversal(settled))
    assert posted.to_receivable == 0
    assert await the_balances(database, org) == {"payable": 0, "receivable": 0}


async def test_what_a_reversal_takes_below_zero_is_owed_and_netted_from_later_credits(
    database: Database, org: UUID, post: Post
) -> None:
    settled = checkout_settled(an_arrival(org), FEE)
    await post(settled)
    await post(a_payout_hold(org, 9_000))
    reversal = await post(provider_reversal(settled))
    assert reversal.to_receivable == 9_000
    assert await the_balances(database, org) == {"payable": 0, "held": 9_000, "receivable": 9_000}

    netted = await post(checkout_settled(an_arrival(org, 5_000), FEE))
    assert netted.to_receivable == -4_775
    assert (await the_balances(database, org))["receivable"] == 4_225
    netted = await post(checkout_settled(an_arrival(org), FEE))
    assert netted.to_receivable == -4_225
    assert await the_balances(database, org) == {"payable": 5_550, "held": 9_000, "receivable": 0}


async def test_a_reversal_turns_round_exactly_the_entry_it_names(org: UUID, post: Post) -> None:
    arrival = an_arrival(org)
    await post(checkout_settled(arrival, FEE))
    other_fee = Fee(net=Money(100, "KES"), tax=Money(0, "KES"))
    with pytest.raises(NotTheReverse):
        await post(provider_reversal(checkout_settled(arrival, other_fee)))


async def test_an_entry_is_reversed_once(org: UUID, post: Post) -> None:
    settled = checkout_settled(an_arrival(org), FEE)
    await post(settled)
    reversal = provider_reversal(settled)
    outcomes = [(await post(reversal)).outcome for _ in range(2)]
    assert outcomes == [PostedAs.POSTED, PostedAs.ALREADY]
    with pytest.raises(NotTheReverse, match="reversed already"):
        await post(reversed_entry(settled, event="charged_back"))


async def test_without_an_organisation_nothing_posts(database: Database, org: UUID) -> None:
    entry = checkout_settled(an_arrival(org), FEE)
    with pytest.raises(ScopeMissing):
        async with database.pool.connection() as connection, connection.transaction():
            await Book().post(connection, entry)


async def test_an_entry_for_another_organisation_is_refused(
    database: Database, org: UUID, other_org: UUID
) -> None:
    entry = checkout_settled(an_arrival(org), FEE)
    with pytest.raises(ForeignAccount):
        async with database.scoped(other_org, False) as connection:
            await Book().post(connection, entry)


async def test_a_statement_tells_every_line_and_the_balance_after_it(
    database: Database, org: UUID, post: Post
) -> None:
    await post(checkout_settled(an_arrival(org), FEE))
    await post(a_payout_hold(org, 775))
    async with database.scoped(org, False) as connection:
        lines = await reports.statement(connection, payable(org).name, "KES", livemode=False)
    assert [(line.side, line.amount, line.balance) for line in lines] == [
        ("credit", 10_000, 10_000),
        ("debit", 200, 9_800),
        ("debit", 25, 9_775),
        ("debit", 775, 9_000),
    ]


async def test_a_busy_account_is_one_account_to_whoever_reads_it(
    database: Database, org: UUID, post: Post
) -> None:
    for _ in range(5):
        await post(checkout_settled(an_arrival(org, provider="busy"), FEE))
    async with database.system() as connection:
        found = await reports.balances(connection, livemode=False)
        totals = await reports.trial_balance(connection, livemode=False)
    name = chart.provider_float("busy", "600000/utility").name
    assert [account.balance for account in found if account.name == name] == [50_000]
    assert set(totals.values()) == {0}


async def test_the_entries_of_an_attempt_are_found_by_its_id(
    database: Database, org: UUID, post: Post
) -> None:
    arrival = an_arrival(org)
    settled = checkout_settled(arrival, FEE)
    await post(settled)
    await post(provider_reversal(settled))
    async with database.system() as connection:
        lines = await reports.booked(connection, arrival.attempt_id)
    assert [line.entry_id.rpartition("/")[2] for line in lines] == ["settled"] * 6 + [
        "reversed"
    ] * 6
    assert (lines[0].account, lines[0].side, lines[0].amount) == (
        "provider:mpesa:600000/utility:float", "debit", 10_000,
    )  # fmt: skip
