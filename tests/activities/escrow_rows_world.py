"""One merchant with one escrow in PostgreSQL, and what its workflow would do with it."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from activities import escrow_rows
from activities.accepting import Newcomer, accept
from activities.escrow_rows import Taking
from activities.escrows import Escrows
from activities.records import Records
from activities.sagas import Sagas
from ledger.book import Book
from ledger.booking import Booking
from ledger.vault_booking import VaultBooking
from models import ids
from models.escrow_order import WORKFLOW, EscrowOrder, ReleaseRule
from models.escrow_rules import next_move
from models.fees import FeeRule
from models.lifecycle import PaymentStatus
from models.saga import SagaKind, SagaRef, SagaStep
from models.saga_states import final
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import ASKED, Accepted
from tests.activities.accepted import accept as accept_checkout
from tests.conftest import Urls


@dataclass
class Merchant:
    """One merchant with one escrow and its checkout, which waits for the payer."""

    urls: Urls
    database: Database
    accepted: Accepted
    records: Records
    sagas: Sagas
    order: EscrowOrder

    @property
    def org(self) -> UUID:
        return ids.parsed(ids.ORG, self.accepted.org)

    @property
    def escrow(self) -> UUID:
        return ids.parsed(ids.ESCROW, self.order.saga.id)

    @property
    def desk(self) -> Escrows:
        return Escrows(self.database, VaultBooking(Book()))

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    async def pays(self) -> None:
        """The payer's money settles the checkout."""
        step = self.accepted.settles()
        assert step.posting is not None
        kept = dataclasses.replace(step.posting, escrow=self.order.saga.id, fee=None)
        assert (await self.records.commit(dataclasses.replace(step, posting=kept))).applied

    async def take(self, amount: int, by: str = "proof", kind: str = "release") -> int | None:
        """Decide as the API does, under the row's lock."""
        async with self.database.scoped(self.org, False) as connection:
            row = await escrow_rows.locked(connection, self.escrow)
            assert row is not None
            if row["disputed"] or amount > row["funded"] - row["taken"]:
                return None
            taking = Taking(kind=kind, amount=amount, by=by, actor="shop")
            return await escrow_rows.take(connection, self.escrow, taking)

    async def carry(self) -> None:
        """Do what the workflow does until there is only waiting."""
        while True:
            look = await self.desk.look(self.order.saga)
            at = datetime.now(UTC)
            move = next_move(self.order, look, at)
            if move is None or final(SagaKind.ESCROW, look.state):
                return
            step = SagaStep(
                key=ids.mint("step"), saga=self.order.saga, at=at, actor="kauri",
                believes=look.state, to=move.to, events=move.events, shows=move.shows,
                posting=move.posting,
            )  # fmt: skip
            assert (await self.sagas.commit(step)).applied

    def state(self) -> Any:
        return self.read("select state from sagas where id = %s", self.escrow)[0][0]

    def shown(self, member: str) -> Any:
        return self.read("select data->%s from sagas where id = %s", member, self.escrow)[0][0]

    def balances(self) -> dict[str, int]:
        query = "select name, sum(balance)::int from ledger_accounts group by name"
        found = {name: balance for name, balance in self.read(query)}  # noqa: C416 - typed as a pair
        return {name.split(":", 1)[0]: balance for name, balance in found.items()} | {
            "payable": found.get(f"merchant:{self.accepted.org}:payable", 0),
            "kept": found.get(f"escrow:{self.accepted.org}:{self.order.saga.id}", 0),
        }

    def dispute(self) -> None:
        self.read(
            "insert into escrow_disputes (saga_id, number, org_id, livemode, opened_by,"
            " reason_sealed) values (%s, 1, %s, false, 'customer', '')",
            self.escrow,
            self.org,
        )


async def a_merchant(urls: Urls, database: Database, vault: Vault) -> Merchant:
    """With an escrow that takes two per cent and may be released by its timer."""
    accepted = accept_checkout(
        urls.admin, attempt_state="awaiting_customer", status=PaymentStatus.REQUIRES_ACTION
    )
    order = EscrowOrder(
        saga=SagaRef(
            id=ids.mint(ids.ESCROW), kind=SagaKind.ESCROW, org_id=accepted.org, livemode=False
        ),
        amount=ASKED,
        checkout_id=accepted.checkout,
        payment_id=accepted.payment,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
        rule=ReleaseRule(after=3_600),
        fee=FeeRule(basis_points=200),
    )
    made = Merchant(
        urls,
        database,
        accepted,
        Records(database, Booking(Book(), {"mpesa": "collections"})),
        Sagas(database, vault, VaultBooking(Book())),
        order,
    )
    await _keep(made)
    return made


async def _keep(merchant: Merchant) -> None:
    order = merchant.order
    new = Newcomer(
        ref=order.saga, state="created", workflow=WORKFLOW, sealed=b"", at=datetime.now(UTC),
        actor="shop", amount=order.amount, data={"on_proof": True},
    )  # fmt: skip
    async with merchant.database.scoped(merchant.org, False) as connection:
        await accept(connection, new)
        await connection.execute(
            "insert into escrows (saga_id, org_id, livemode, checkout_id, payment_id)"
            " values (%s, %s, false, %s, %s)",
            [
                merchant.escrow,
                merchant.org,
                ids.parsed(ids.CHECKOUT, order.checkout_id),
                ids.parsed(ids.PAYMENT, order.payment_id),
            ],
        )
