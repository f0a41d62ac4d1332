"""A merchant that is owed money, and payouts of it carried out step by step on PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from activities.fence import Fence
from activities.payout_accepting import AcceptedPayout, PayoutDesk, accept_payout, ready
from activities.sagas import Sagas
from activities.sending import Senders, Sending
from ledger.book import Book
from ledger.chart import held, payable, provider_float
from ledger.entry import Entry, Move
from ledger.vault_booking import VaultBooking
from models import ids
from models.money import Money
from models.payout_calls import PayoutCall
from models.payout_order import Payee, PayoutDraft, PayoutOrder
from models.payout_states import PayoutState
from models.reading import ProviderReport
from models.saga import SagaStep, SagaWritten
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls
from tests.workflows.payout_harness import FakeWallet, a_rail

AMOUNT = Money(40_000, "KES")


class PayoutWorld:
    """One merchant at Wave."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.org = ids.uuid7()
        self.desk = PayoutDesk(vault=vault, rails={"wave": a_rail()})
        self.sagas = Sagas(database, vault, VaultBooking(Book()))
        self.wallet = FakeWallet()
        self.sending = Sending(
            Senders(wallets={"wave": self.wallet}, namers={}),
            Fence(self.sagas),
            lambda owner, slug: f"https://kauri.test/{slug}/{owner}",
        )
        self._steps = 0
        self.read(
            "insert into orgs (id, kind, name) values (%s, 'merchant', 'Duka') returning 1",
            self.org,
        )

    def read(self, query: str, *values: Any) -> Sequence[tuple[Any, ...]]:
        """Run one statement as the administrator."""
        with psycopg.connect(self.urls.admin) as connection:
            return connection.execute(query, values).fetchall()

    async def owed(self, minor: int) -> None:
        """A settled charge of so much."""
        move = Move(
            debit=provider_float("wave", "collections"),
            credit=payable(self.org),
            amount=Money(minor, "KES"),
        )
        entry = Entry(id=f"{ids.mint('seed')}/seeded", org=self.org, livemode=False, moves=(move,))
        async with self.database.scoped(self.org, False) as connection:
            await Book().post(connection, entry)

    def draft(self, **changes: Any) -> PayoutDraft:
        asked: dict[str, Any] = {
            "org": self.org,
            "livemode": False,
            "amount": AMOUNT,
            "payee": Payee(wallet="254712000001", name="Amina Otieno"),
            "maker": "clerk",
            "purpose": "Salary",
            "method": "wave",
        }
        return PayoutDraft(**{**asked, **changes})

    async def accepts(self, **changes: Any) -> AcceptedPayout:
        draft = self.draft(**changes)
        await ready(self.desk, draft)
        async with self.database.scoped(self.org, False) as connection:
            return await accept_payout(connection, self.desk, draft)

    async def order(self, **changes: Any) -> PayoutOrder:
        accepted = await self.accepts(**changes)
        assert accepted.order is not None
        return accepted.order

    async def step(self, order: PayoutOrder, believes: str, **changes: Any) -> SagaWritten:
        """A step as the workflow writes it."""
        self._steps += 1
        step = SagaStep(
            key=f"{order.saga.id}/{self._steps}",
            saga=order.saga,
            at=datetime.now(UTC),
            actor="kauri",
            believes=believes,
            **changes,
        )
        return await self.sagas.commit(step)

    async def send(self, order: PayoutOrder, sends: int = 0) -> ProviderReport:
        call = PayoutCall(
            order=order,
            number=1,
            first_sent_at=datetime.now(UTC),
            sends=sends,
            state=PayoutState.QUEUED,
        )
        return await self.sending.send(call)

    def state(self, order: PayoutOrder) -> str:
        return str(self.read("select state from sagas where id = %s", uuid_of(order))[0][0])

    def balances(self) -> dict[str, int]:
        """What is owed and what is held."""
        names = {payable(self.org).name: "payable", held(self.org).name: "held"}
        rows = self.read(
            "select name, balance from ledger_accounts where name = any(%s)", list(names)
        )
        return {names[name]: balance for name, balance in rows}


def uuid_of(order: PayoutOrder) -> UUID:
    """The row behind an order."""
    return ids.parsed(ids.PAYOUT, order.saga.id)
