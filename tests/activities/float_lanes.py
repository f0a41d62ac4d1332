"""A float with money in it, and asking it for some."""

from typing import Any

import psycopg

from activities.float_gates import FloatGates
from ledger.book import Book
from ledger.chart import fees, provider_float
from ledger.entry import Entry, Move
from models import ids
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd
from models.ids import PLATFORM_ORG
from models.money import Money
from models.places import ProviderWallet
from models.saga import SagaKind, SagaRef
from runtime.database import Database
from tests.conftest import Urls


class Lane:
    """One float of its own, in test mode. Every ask is of a payout of its own."""

    def __init__(self, urls: Urls, database: Database, currency: str = "KES") -> None:
        self.urls, self.database, self.currency = urls, database, currency
        self.org = ids.uuid7()
        self.gates = FloatGates(database)
        self.place = ProviderWallet(provider="wave", wallet=f"w{self.org.hex}")
        self.read(
            "insert into orgs (id, kind, name) values (%s, 'merchant', 'Duka') returning 1",
            self.org,
        )

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            return connection.execute(query, values).fetchall()

    async def moved(self, minor: int, *, spent: bool = False) -> None:
        """Money comes into the float, or leaves it, as the ledger has it."""
        account = provider_float("wave", self.place.wallet)
        sides = {"credit": account, "debit": fees("test")} if spent else {
            "debit": account, "credit": fees("test")}  # fmt: skip
        entry = Entry(
            id=f"{ids.mint(ids.CASE)}/moved", org=PLATFORM_ORG, livemode=False,
            moves=(Move(**sides, amount=Money(minor, self.currency)),),
        )  # fmt: skip
        async with self.database.scoped(PLATFORM_ORG, False) as connection:
            await Book().post(connection, entry)

    def ask(self, name: str, minor: int) -> FloatAsk:
        return FloatAsk(
            id=f"{self.org.hex}/{name}", saga=self.saga(name), place=self.place,
            amount=Money(minor, self.currency),
        )  # fmt: skip

    def saga(self, name: str) -> SagaRef:
        named = ids.instruction_id(self.org.hex, name, 1).replace(ids.INSTRUCTION, ids.PAYOUT, 1)
        return SagaRef(
            id=named, kind=SagaKind.PAYOUT, org_id=ids.shown(ids.ORG, self.org), livemode=False
        )

    async def reserve(self, name: str, minor: int) -> FloatAnswer:
        return await self.gates.reserve(self.ask(name, minor))

    async def end(self, name: str, *, spent: bool) -> None:
        await self.gates.release(
            FloatEnd(id=f"{self.org.hex}/{name}", saga=self.saga(name), spent=spent)
        )

    @property
    def reserved(self) -> int:
        """What the row says is reserved; the same as the granted reservations' sum."""
        row = self.read(
            "select f.reserved, coalesce(sum(r.amount), 0)::bigint from floats f"
            " left join float_reservations r on r.float_id = f.id and r.state = 'granted'"
            " where f.wallet = %s group by f.id",
            self.place.wallet,
        )[0]
        assert row[0] == row[1]
        return int(row[0])
