"""Confirmations of pay bill payments: money has moved. Each begins one saga, or is evidence.

Money we rang a phone for comes back under our own reference: the confirmation is then told to
the collection that waits for it, and is never a second payment.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from loguru import logger

from activities import collection_accepting as accepting
from activities.collection_accepting import ORDER
from activities.registering import CONFIRMATION, VALIDATION
from models import faultpoints, ids
from models.collection_order import CollectionOrder, Paid
from models.mobile_money import PaybillPayment
from models.saga import SagaKind, SagaRef
from providers.mpesa.c2b import read_paybill
from runtime.database import Connection, Database
from runtime.dispatch import Start
from runtime.starting import collection_start
from runtime.vault import Vault

_TELL = """
insert into inbox (id, org_id, livemode, kind, slug, workflow_id, attempt_id, digest,
  payload_sealed)
values (%s, %s, %s, 'result', %s, %s, %s, %s, %s) on conflict (digest) do nothing"""

Row = Mapping[str, Any]


class Confirmations:
    """Handles what comes through the door of confirmations. `scale` shortens waits in tests."""

    def __init__(self, database: Database, vault: Vault, *, scale: float) -> None:
        self._database = database
        self._vault = vault
        self._scale = scale

    async def __call__(self, row: Row, raw: bytes) -> tuple[str, Start | None]:
        """Accept the payment, hand it to the saga that rang, or find that it is known."""
        told = read_paybill(raw)
        if told is None:
            logger.error("a confirmation cannot be read: inbox row {}", row["id"])
            return "not readable", None
        org, livemode = row["org_id"], row["livemode"]
        await faultpoints.reach("collection.accept.before", told.receipt)
        await self._vault.seal(org, livemode=livemode, field="start", plain=b"")
        async with self._database.scoped(org, livemode) as connection:
            waiting = await accepting.rung(connection, told.bill_reference)
            if waiting is not None:
                await _tell(connection, row, waiting, raw)
                return "evidence", None
            if await accepting.seen(connection, told.receipt):
                return "known", None
            order = await self._order(connection, row, told)
            sealed = await self._vault.seal(
                org, livemode=livemode, field="start", plain=ORDER.dump_json(order)
            )
            taken = await accepting.take(connection, order, sealed, "mpesa")
        await faultpoints.reach("collection.accept.after", told.receipt)
        return ("known", None) if taken is None else ("accepted", collection_start(order))

    async def _order(
        self, connection: Connection, row: Row, told: PaybillPayment
    ) -> CollectionOrder:
        bill = await accepting.pay_bill(connection, row["org_id"], row["attempt_id"])
        return CollectionOrder(
            saga=_ref(row["org_id"], livemode=row["livemode"]),
            short_code=bill.short_code,
            told_short_code=told.short_code or None,
            tenant=bill.tenant,
            partner=bill.partner,
            amount=told.amount,
            account=told.bill_reference or "",
            payer=told.phone,
            paid=Paid(
                receipt=told.receipt,
                amount=told.amount,
                paid_at=told.paid_at or row["received_at"],
                evidence_id=ids.shown(ids.EVIDENCE, row["id"]),
                validation_id=await accepting.validated(connection, told.third_party_id),
            ),
            confirm=await accepting.confirms(connection),
            scale=self._scale,
        )


async def kept(_row: Row, _raw: bytes) -> tuple[str, Start | None]:
    """A validation was answered when it came; it is kept for the confirmation to name."""
    return "answered", None


async def _tell(connection: Connection, row: Row, waiting: Row, raw: bytes) -> None:
    """The same message as a result of the prompt: the relay brings it to its saga."""
    digest = ids.body_digest(f"{CONFIRMATION}/{waiting['id'].hex}", raw)
    saga = ids.shown(ids.COLLECTION, waiting["saga_id"])
    values = [ids.uuid7(), row["org_id"], row["livemode"], CONFIRMATION, saga, waiting["id"]]
    await connection.execute(_TELL, [*values, digest, row["payload_sealed"]])


def _ref(org: UUID, *, livemode: bool) -> SagaRef:
    return SagaRef(
        id=ids.mint(ids.COLLECTION),
        kind=SagaKind.COLLECTION,
        org_id=ids.shown(ids.ORG, org),
        livemode=livemode,
    )


def confirmations(database: Database, vault: Vault, *, scale: float) -> dict[str, Any]:
    """The handlers of both doors, by slug."""
    return {CONFIRMATION: Confirmations(database, vault, scale=scale), VALIDATION: kept}
