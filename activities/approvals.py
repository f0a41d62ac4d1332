"""Approvals as a saga sees them: how one stands, and that people are told when nobody decides."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from temporalio import activity

from activities import approval_rows as rows
from activities import message_rows
from activities.addressing import Addressing
from models import ids
from models.approval import ApprovalLook, ApprovalTerms
from models.messages import Notice
from models.money import Money
from models.saga import SagaRef
from models.saga_view import PREFIXES

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

_SAGA = "select * from sagas where id = %s"


class Approvals:
    """Of refunds, payouts, batches and clearing moves alike: one row per saga decides."""

    def __init__(self, database: "Database", vault: "Vault") -> None:
        self._database = database
        self._addressing = Addressing(vault)

    @activity.defn(name="approval.ask")
    async def ask(self, saga: SagaRef, terms: ApprovalTerms) -> None:
        """Ask for a second person, once."""
        org = ids.parsed(ids.ORG, saga.org_id)
        async with self._database.scoped(org, saga.livemode) as connection:
            await rows.open_approval(connection, await _row(connection, saga), terms)

    @activity.defn(name="approval.look")
    async def look(self, saga: SagaRef) -> ApprovalLook:
        """How it stands, by the database's clock: whoever decided in time was in time."""
        org = ids.parsed(ids.ORG, saga.org_id)
        async with self._database.scoped(org, saga.livemode) as connection:
            return await rows.look(connection, _uuid(saga))

    @activity.defn(name="approval.escalate")
    async def escalate(self, saga: SagaRef) -> bool:
        """Tell the organisation and its people once more; False where it is decided or told."""
        org = ids.parsed(ids.ORG, saga.org_id)
        await self._addressing.ready(org, livemode=saga.livemode)
        async with self._database.scoped(org, saga.livemode) as connection:
            row = await _row(connection, saga)
            if not await rows.escalate(connection, row):
                return False
            letters = await self._addressing.letters(
                connection, org, livemode=saga.livemode, notices=[_waits(saga, row)]
            )
            for letter in letters:
                await message_rows.queue(connection, letter)
        return True


def _waits(saga: SagaRef, row: "Row") -> Notice:
    amount = "-" if row["amount"] is None else str(Money(row["amount"], row["currency"]))
    return Notice(
        event="approval_waits",
        key=f"{saga.id}/approval_waits",
        about=saga.id,
        facts={"what": saga.id, "amount": amount},
    )


def _uuid(saga: SagaRef) -> UUID:
    return ids.parsed(PREFIXES[saga.kind], saga.id)


async def _row(connection: "Connection", saga: SagaRef) -> "Row":
    row = await (await connection.execute(_SAGA, [_uuid(saga)])).fetchone()
    if row is None:
        raise LookupError("the saga is not there")
    return row
