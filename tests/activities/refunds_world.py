"""A merchant whose payment succeeded, and refunds of it."""

from datetime import UTC, datetime
from typing import Any

import psycopg

from activities.records import Records
from activities.refund_accepting import AcceptedRefund, RefundDesk
from activities.sagas import Sagas
from ledger.book import Book
from ledger.booking import Booking
from ledger.vault_booking import VaultBooking
from models import ids
from models.money import Money
from models.refund_order import RefundDraft, RefundPlan, RefundRail
from models.saga import SagaStep, SagaWritten
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import TERMS, Accepted, accept
from tests.conftest import Urls

PAYER = "254700000001"


def rail(**changes: Any) -> RefundRail:
    """M-Pesa as a rail that gives back whole payments and parts."""
    fields: dict[str, Any] = {
        "provider": "mpesa", "terms": TERMS, "wallet": "collections", "pays_from": "collections",
        "native": True, "in_part": True, "pays_out": True,
        "step": lambda _currency: 1, "reference": lambda name: f"K{name}",
    }  # fmt: skip
    return RefundRail(**{**fields, **changes})


class Refunded:
    """One merchant with one payment of KES 100.00, on which 2.25 was taken."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.sagas = Sagas(database, vault, VaultBooking(Book()))
        self.paid: Accepted = accept(urls.admin)
        self.org = ids.parsed(ids.ORG, self.paid.org)

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            done = connection.execute(query, values)
            return done.fetchall() if done.description else []

    async def settled(self) -> "Refunded":
        """The payment succeeds, as the checkout's workflow writes it."""
        sealed = await self.vault.seal(
            self.org, livemode=False, field="payer", plain=PAYER.encode()
        )
        named = ids.parsed(ids.ATTEMPT, self.paid.attempt)
        self.read(
            "update attempts set payer_sealed = %s, state = 'awaiting_customer' where id = %s",
            *[sealed, named],
        )
        records = Records(self.database, Booking(Book(), {"mpesa": "collections"}))
        assert (await records.commit(self.paid.settles())).applied
        return self

    async def ask(self, minor: int | None = None, **draft: Any) -> AcceptedRefund:
        """Ask for a refund; `rail` and the fields of a draft may be given."""
        desk = RefundDesk(self.vault, {"mpesa": draft.pop("rail", rail())})
        asked = RefundDraft(
            payment_id=draft.pop("payment_id", self.paid.payment),
            maker="shop",
            amount=None if minor is None else Money(minor, draft.pop("currency", "KES")),
            **draft,
        )
        await self.vault.seal(self.org, livemode=False, field="start", plain=b"")
        async with self.database.scoped(self.org, False) as connection:
            return await desk.accept(connection, asked, at=datetime.now(UTC))

    async def plan(self, minor: int | None = None, **draft: Any) -> RefundPlan:
        """Ask for a refund that is accepted now."""
        plan = (await self.ask(minor, **draft)).plan
        assert plan is not None
        return plan

    async def step(self, plan: RefundPlan, believes: str, **changes: Any) -> SagaWritten:
        """One step of its workflow."""
        return await self.sagas.commit(
            SagaStep(
                key=ids.mint("step"),
                saga=plan.saga,
                at=datetime.now(UTC),
                actor="kauri",
                believes=believes,
                **changes,
            )
        )

    def a_second_person(self) -> None:
        """Somebody else of the organisation may approve."""
        self.read(
            "insert into api_keys (id, org_id, livemode, principal, prefix, digest, scopes)"
            " values (%s, %s, false, 'second', 'kk', %s, '{payouts:approve}')",
            *[ids.uuid7(), self.org, self.org.bytes],
        )

    def sums(self) -> tuple[int, int]:
        """What the payment shows as refunded and as reserved."""
        named = ids.parsed(ids.PAYMENT, self.paid.payment)
        query = "select amount_refunded, amount_reserved from payments where id = %s"
        refunded, reserved = self.read(query, named)[0]
        return refunded, reserved

    def balances(self) -> dict[str, int]:
        """Every account of the merchant by its last word."""
        query = "select name, sum(balance)::int from ledger_accounts where org_id = %s group by 1"
        return {name.rpartition(":")[2]: balance for name, balance in self.read(query, self.org)}
