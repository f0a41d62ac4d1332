"""The hash chain over committed entries."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import psycopg

from ledger.book import Book, Posted
from ledger.chain import GENESIS, Chainer, Content, broken_links, link
from ledger.entry import Entry
from ledger.postings import Arrival, checkout_settled, stray_money
from models.fees import Fee
from models.ids import PLATFORM_ORG, mint
from models.money import Money
from runtime.database import Database

Post: TypeAlias = Callable[..., Awaitable[Posted]]
FEE = Fee(net=Money(200, "KES"), tax=Money(25, "KES"))


def an_arrival(org: UUID) -> Arrival:
    return Arrival(
        attempt_id=mint("att"), payment_id=mint("pay"), org=org, livemode=False,
        provider="mpesa", wallet="600000/utility", amount=Money(10_000, "KES"),
    )  # fmt: skip


def stray(provider: str) -> Entry:
    return stray_money(
        provider=provider, wallet="w", receipt=mint("r"), amount=Money(5, "KES"), livemode=False
    )


async def links(database: Database, org: UUID) -> list[tuple[int, str]]:
    async with database.scoped(org, False) as connection:
        cursor = await connection.execute("select seq, entry_id from entry_chain order by seq")
        return [(row["seq"], row["entry_id"]) for row in await cursor.fetchall()]


async def test_each_organisation_has_a_chain_without_gaps_and_the_house_its_own(
    database: Database, org: UUID, other_org: UUID, post: Post
) -> None:
    chainer = Chainer(database.pool)
    ours = [checkout_settled(an_arrival(org), FEE) for _ in range(3)]
    theirs = checkout_settled(an_arrival(other_org), FEE)
    house = stray("mpesa")
    for entry in (ours[0], theirs, ours[1], house):
        await post(entry)
    assert await chainer.run_once() == 4
    await post(ours[2])
    assert await chainer.run_once() == 1
    assert await chainer.run_once() == 0
    assert await links(database, org) == [(n, entry.id) for n, entry in enumerate(ours, 1)]
    assert await links(database, other_org) == [(1, theirs.id)]
    assert [name for _, name in await links(database, PLATFORM_ORG)] == [house.id]
    async with database.system() as connection:
        assert await broken_links(connection) == []


async def test_two_chainers_at_once_link_every_entry_once(
    database: Database, org: UUID, post: Post
) -> None:
    for _ in range(30):
        await post(checkout_settled(an_arrival(org), FEE))
    chainers = [Chainer(database.pool) for _ in range(4)]
    while sum(await asyncio.gather(*(chainer.run_once(7) for chainer in chainers))):
        pass
    assert [seq for seq, _ in await links(database, org)] == list(range(1, 31))


async def test_an_entry_committed_late_is_linked_although_newer_ones_are(
    database: Database, org: UUID, post: Post
) -> None:
    chainer = Chainer(database.pool)
    async with database.scoped(org, False) as connection:
        late = checkout_settled(an_arrival(org), FEE)
        await Book().post(connection, late)
        await post(stray("another"))
        linked = [await chainer.run_once() for _ in range(4)]
    assert linked == [1, 0, 0, 0]
    assert await chainer.run_once() == 1
    assert await links(database, org) == [(1, late.id)]


async def test_a_changed_amount_and_a_changed_account_break_the_link(
    urls: Any, database: Database, org: UUID, post: Post
) -> None:
    entry = checkout_settled(an_arrival(org), FEE)
    await post(entry)
    await post(checkout_settled(an_arrival(org), FEE))
    await Chainer(database.pool).run_once()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("alter table ledger_lines disable trigger append_only")
        tampering = """update ledger_lines set amount = amount + %s where line_no = 1
          and entry_seq = (select seq from ledger_entries where id = %s)"""
        connection.execute(tampering, [1, entry.id])
        async with database.system() as reading:
            found = await broken_links(reading)
        connection.execute(tampering, [-1, entry.id])
        connection.execute("alter table ledger_lines enable trigger append_only")
    assert found == [f"{org} 1 {entry.id}"]
    async with database.system() as reading:
        assert await broken_links(reading) == []


def test_a_link_depends_on_the_one_before_its_place_and_every_part_of_its_content() -> None:
    def content(**changed: Any) -> Content:
        facts: dict[str, Any] = {
            "entry_seq": 1, "entry_id": "att_1/settled", "org": PLATFORM_ORG,
            "livemode": False, "currency": "KES", "lines": "1 a 0 debit 5;2 b 0 credit 5",
        }  # fmt: skip
        return Content(**(facts | changed))

    hashes = {
        link(GENESIS, 1, content()),
        link(b"\1" * 32, 1, content()),
        link(GENESIS, 2, content()),
        link(GENESIS, 1, content(entry_id="att_2/settled")),
        link(GENESIS, 1, content(livemode=True)),
        link(GENESIS, 1, content(currency="UGX")),
        link(GENESIS, 1, content(lines="1 a 0 debit 6;2 b 0 credit 6")),
    }
    assert len(hashes) == 7
