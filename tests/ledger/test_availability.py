"""What of a payable may be paid out, against a real book."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from ledger import availability
from ledger.book import Book, Receipt
from ledger.entry import Entry
from ledger.postings import Arrival, checkout_settled, provider_reversal
from ledger.vault_booking import Booked, VaultBooking
from models.balance import MerchantBalance, balance_object
from models.escrow_postings import EscrowReleased
from models.fees import Fee
from models.ids import ATTEMPT, ESCROW, PAYMENT, PLATFORM_ORG, mint
from models.money import Money
from models.payout_postings import PayoutRequested
from runtime.database import Database
from tests.conftest import Urls
from tests.ledger.conftest import Post

NO_FEE = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))
_RULE = """
insert into settlement_rules (org_id, livemode, rail, zone, days, valid_from, set_by)
values (%s, false, %s, 'Africa/Nairobi', 1, '2024-01-01T00:00:00Z', 'test')
on conflict do nothing returning 1"""
_RESERVE = """
insert into rolling_reserves (org_id, livemode, basis_points, days, set_by)
values (%s, false, 1000, 30, 'test') returning 1"""

#: Rows of the ledger's two large tables this connection has read. What its last transactions read
#: is in it for up to a second, so a count is a difference.
_READ = """
select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint as read
  from pg_stat_xact_user_tables where relname in ('ledger_lines', 'ledger_entries')"""


class Shop:
    """One merchant, paid on two rails: `slow` settles the next day, `quick` at once."""

    def __init__(self, urls: Urls, database: Database, org: UUID, post: Post) -> None:
        self.urls, self.database, self.org, self.post = urls, database, org, post
        self.run(_RULE, PLATFORM_ORG, "slow")

    def run(self, query: str, *values: Any) -> None:
        with psycopg.connect(self.urls.admin) as connection:
            connection.execute(query, values)

    async def paid(self, minor: int, *, rail: str, escrow: str | None = None) -> Entry:
        arrival = Arrival(
            attempt_id=mint(ATTEMPT), payment_id=mint(PAYMENT), org=self.org, livemode=False,
            provider=rail, wallet="collections", amount=Money(minor, "KES"), escrow=escrow,
        )  # fmt: skip
        entry = checkout_settled(arrival, NO_FEE)
        await self.post(entry, Receipt(rail=rail, account="collections", number=entry.id))
        return entry

    async def released(self, escrow: str, minor: int) -> None:
        posting = EscrowReleased(escrow_id=escrow, part=1, amount=Money(minor, "KES"), fee=NO_FEE)
        async with self.database.scoped(self.org, False) as connection:
            booked = await VaultBooking(Book()).book(
                connection, org=self.org, livemode=False, posting=posting
            )
        assert booked.stands

    async def balance(self, *, later: timedelta = timedelta(0)) -> MerchantBalance:
        async with self.database.scoped(self.org, False) as connection:
            now = datetime.now(UTC) + later
            return await availability.balance(connection, self.org, "KES", now)

    async def read(self) -> int:
        """How many rows of the ledger are read to say the balance."""
        async with self.database.scoped(self.org, False) as connection:
            counted = []
            for asks in (False, True):
                if asks:
                    await availability.balance(connection, self.org, "KES")
                row = await (await connection.execute(_READ)).fetchone()
                counted.append(int(row["read"]) if row else 0)
        return counted[1] - counted[0]

    async def hold(self, name: str, minor: int) -> Booked:
        posting = PayoutRequested(payout_id=name, amount=Money(minor, "KES"), fee=NO_FEE)
        async with self.database.scoped(self.org, False) as connection:
            booked = await VaultBooking(Book()).book(
                connection, org=self.org, livemode=False, posting=posting
            )
            if not booked.stands:
                await connection.execute("rollback")
        return booked


@pytest.fixture
def shop(urls: Urls, database: Database, org: UUID, post: Post) -> Shop:
    return Shop(urls, database, org, post)


def shown(balance: MerchantBalance) -> tuple[int, ...]:
    told = balance_object(balance)
    keys = ("total", "available", "pending", "reserved", "held")
    return tuple(told[key] for key in keys)


async def test_what_a_rail_has_not_settled_is_pending_until_it_is(shop: Shop) -> None:
    await shop.paid(1_000, rail="slow")
    await shop.paid(300, rail="quick")
    assert shown(await shop.balance()) == (1_300, 300, 1_000, 0, 0)
    assert shown(await shop.balance(later=timedelta(days=2))) == (1_300, 1_300, 0, 0, 0)


async def test_what_an_escrow_releases_is_pending_as_long_as_its_rail_says(shop: Shop) -> None:
    slow, quick = mint(ESCROW), mint(ESCROW)
    await shop.paid(1_000, rail="slow", escrow=slow)
    await shop.paid(300, rail="quick", escrow=quick)
    assert shown(await shop.balance()) == (0, 0, 0, 0, 0)
    await shop.released(slow, 600)
    await shop.released(quick, 300)
    assert shown(await shop.balance()) == (900, 300, 600, 0, 0)
    assert shown(await shop.balance(later=timedelta(days=2))) == (900, 900, 0, 0, 0)


async def test_a_payout_takes_what_is_available_and_no_more(shop: Shop) -> None:
    await shop.paid(1_000, rail="slow")
    await shop.paid(300, rail="quick")
    refused = await shop.hold("po_1", 301)
    assert (refused.stands, refused.short) == (False, True)
    assert (await shop.hold("po_2", 300)).stands
    assert shown(await shop.balance()) == (1_000, 0, 1_000, 0, 300)


async def test_a_repeated_hold_stands_whatever_is_available_by_then(shop: Shop) -> None:
    first = await shop.paid(300, rail="quick")
    assert (await shop.hold("po_3", 300)).stands
    await shop.post(provider_reversal(first))
    assert (await shop.hold("po_3", 300)).stands


async def test_fifty_payouts_at_once_never_take_what_is_pending(shop: Shop) -> None:
    await shop.paid(10_000, rail="slow")
    await shop.paid(1_000, rail="quick")
    booked = await asyncio.gather(*(shop.hold(f"po_x{n}", 100) for n in range(50)))
    assert sum(one.stands for one in booked) == 10
    assert shown(await shop.balance()) == (10_000, 0, 10_000, 0, 1_000)


async def test_a_reversal_takes_its_pending_part_with_it(shop: Shop) -> None:
    settled = await shop.paid(1_000, rail="slow")
    await shop.paid(300, rail="quick")
    assert shown(await shop.balance()) == (1_300, 300, 1_000, 0, 0)
    await shop.post(provider_reversal(settled))
    assert shown(await shop.balance()) == (300, 300, 0, 0, 0)


async def test_a_share_of_what_is_settled_is_kept_back_for_its_days(shop: Shop) -> None:
    shop.run(_RESERVE, shop.org)
    await shop.paid(1_000, rail="quick")
    assert shown(await shop.balance()) == (1_000, 900, 0, 100, 0)
    assert (await shop.hold("po_4", 901)).short
    assert shown(await shop.balance(later=timedelta(days=31))) == (1_000, 1_000, 0, 0, 0)


async def test_a_changed_calendar_leaves_what_was_summed_up_as_it_is(shop: Shop) -> None:
    await shop.paid(1_000, rail="later")
    assert shown(await shop.balance()) == (1_000, 1_000, 0, 0, 0)
    shop.run(_RULE, PLATFORM_ORG, "later")
    await shop.paid(500, rail="later")
    assert shown(await shop.balance()) == (1_500, 1_000, 500, 0, 0)


async def test_a_long_ledger_is_not_read_again_for_each_new_line(shop: Shop) -> None:
    for _ in range(150):
        await shop.paid(100, rail="quick")
    await shop.balance()
    shop.run("analyze ledger_lines, ledger_entries, ledger_accounts")
    for _ in range(3):
        await shop.paid(100, rail="quick")
    assert await shop.read() < 50


async def test_a_ledger_nobody_analysed_is_not_read_for_each_line_either(shop: Shop) -> None:
    for _ in range(60):
        await shop.paid(100, rail="quick")
    assert await shop.read() < 10 * 60
