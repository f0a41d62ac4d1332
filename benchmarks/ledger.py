"""How many entries a second the ledger posts: the application's role, row-level security, the
balance trigger, a claimed receipt and synchronous commit all on.

    python -m benchmarks.ledger postgresql://kauri_app:…@host/db [seconds]

Each entry is a checkout with fee and tax: six lines, a transaction of its own, two round trips
(scope and post, then the commit, as runtime/database.py sends them). `many` spreads them over
1,000 accounts (500 merchants, 500 wallets); `hot` sends all of them through one wallet;
`one_merchant` pays them all to one merchant through one wallet. Accounts are opened before the
clock starts. The database keeps what was posted: use one that is thrown away.
"""

import json
import random
import sys
import time
from asyncio import gather
from collections.abc import Iterator
from typing import Any, TypeAlias
from uuid import UUID

import uvloop
from psycopg import AsyncConnection

from ledger.book import Book, Receipt
from ledger.postings import Arrival, checkout_settled
from models.fees import Fee
from models.ids import mint, uuid7
from models.money import Money

ACCOUNTS, CONNECTIONS = 1_000, 8
TARGETS = {"many_accounts_per_second": 1_500, "hot_accounts_per_second": 1_000}
_FEE = Fee(net=Money(20, "KES"), tax=Money(3, "KES"))
_SCOPE = "select set_config('app.org', %s, true), set_config('app.mode', 'false', true)"
_SEED = """insert into orgs (id, kind, name)
  select id, 'merchant', 'bench' from unnest(%s::uuid[]) as id"""

Connection: TypeAlias = AsyncConnection[Any]
Orders: TypeAlias = Iterator[tuple[UUID, str]]


async def measure(
    url: str, *, seconds: float = 5.0, connections: int = CONNECTIONS
) -> dict[str, Any]:
    """Entries per second on many and on hot accounts. `url` connects as the application role."""
    merchants = [uuid7() for _ in range(ACCOUNTS // 2)]
    wallets = [str(number) for number in range(ACCOUNTS // 2)]
    opened = [await AsyncConnection.connect(url, autocommit=True) for _ in range(connections)]
    try:
        synchronous = await _seed(opened[0], merchants)
        await _rate(opened, iter([*zip(merchants, wallets, strict=True)]), seconds=600)
        many = await _rate(opened, _endless(merchants, wallets), seconds=seconds)
        hot = await _rate(opened, _endless(merchants, ["hot"]), seconds=seconds)
        alone = await _rate(opened, _endless(merchants[:1], ["hot"]), seconds=seconds)
    finally:
        await gather(*(connection.close() for connection in opened))
    return {
        "many_accounts_per_second": round(many),
        "hot_accounts_per_second": round(hot),
        "one_merchant_per_second": round(alone),
        "synchronous_commit": synchronous,
        "connections": connections,
        "lines_per_entry": 6,
        "targets": TARGETS,
    }


async def _seed(connection: Connection, merchants: list[UUID]) -> str:
    async with connection.transaction():
        await connection.execute("set local role kauri_system")
        await connection.execute(_SEED, [merchants])
    cursor = await connection.execute("show synchronous_commit")
    return str((await cursor.fetchone() or ("?",))[0])


async def _rate(opened: list[Connection], orders: Orders, *, seconds: float) -> float:
    started = time.perf_counter()
    deadline = started + seconds
    posted = await gather(*(_post_until(connection, orders, deadline) for connection in opened))
    return sum(posted) / (time.perf_counter() - started)


async def _post_until(connection: Connection, orders: Orders, deadline: float) -> int:
    book, posted = Book(), 0
    for org, wallet in orders:
        if time.perf_counter() >= deadline:
            break
        await _one(connection, book, org, wallet)
        posted += 1
    return posted


async def _one(connection: Connection, book: Book, org: UUID, wallet: str) -> None:
    attempt = mint("att")
    arrival = Arrival(
        attempt_id=attempt,
        payment_id=mint("pay"),
        org=org,
        livemode=False,
        provider="bench",
        wallet=wallet,
        amount=Money(1_000, "KES"),
    )
    receipt = Receipt(rail="bench", account=wallet, number=attempt)
    async with connection.pipeline():  # one transaction until its sync, which commits
        await connection.execute(_SCOPE, [str(org)])
        await book.post(connection, checkout_settled(arrival, _FEE), receipt)


def _endless(merchants: list[UUID], wallets: list[str]) -> Orders:
    while True:
        yield random.choice(merchants), random.choice(wallets)


def main() -> None:
    """Measure and print JSON."""
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    print(json.dumps(uvloop.run(measure(sys.argv[1], seconds=seconds)), indent=2))


if __name__ == "__main__":
    main()
