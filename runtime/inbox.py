"""What was stored becomes evidence: stored messages are translated and signalled.

API and relay share it. A message for a session that has ended starts a stray report instead.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from loguru import logger
from pydantic import TypeAdapter

from models import ids
from models.charge import Charge, Question
from models.checkout import (
    ATTEMPT_REQUESTED,
    CANCEL_REQUESTED,
    REPORTED,
    AttemptOrder,
    CancelRequest,
    CheckoutOrder,
)
from models.lifecycle import CheckoutState
from models.reading import ProviderReport, Source
from models.stray import STRAY, StrayOrder
from providers.contract import Callbacks
from runtime.database import Database
from runtime.dispatch import Dispatcher, Start
from runtime.stored import hand_on
from runtime.vault import Vault
from workflows.queues import CHECKOUTS

_WAITING = """
select i.id, i.org_id, i.livemode, i.kind, i.workflow_id, i.attempt_id, i.digest, i.payload_sealed,
       c.state as checkout_state, c.id as checkout_id, p.id as payment_id, a.provider,
       a.provider_reference
  from inbox i join attempts a on a.id = i.attempt_id join checkouts c on c.id = a.checkout_id
  join payments p on p.id = a.payment_id
 where i.id = any(%s) and i.delivered_at is null order by i.received_at"""
_ORDER = "select payload_sealed from starts where id = %s"
_ATTEMPT_ORDER = "select payload_sealed from inbox where attempt_id = %s and kind = 'attempt'"

_ATTEMPT = TypeAdapter(AttemptOrder)
_CHECKOUT = TypeAdapter(CheckoutOrder)


class Inbox:
    """Delivers stored messages to their workflows, at least once."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        database: Database,
        vault: Vault,
        callbacks: Mapping[str, Callbacks],
    ) -> None:
        self._dispatcher = dispatcher
        self._database = database
        self._vault = vault
        self._callbacks = callbacks

    async def deliver(self, row_ids: list[UUID]) -> None:
        """Signal each message to its workflow and mark it delivered.

        Raises RPCError when Temporal cannot be reached: the row stays for the relay.
        """
        await hand_on(self._dispatcher, self._database, _WAITING, row_ids, self._deliver)

    async def _deliver(self, row: Mapping[str, Any]) -> str | None:
        plain = await self._unseal(row, "inbox", row["payload_sealed"])
        signal, message = self._translated(row, plain)
        if await self._dispatcher.signal(row["workflow_id"], signal, message):
            return "signalled"
        if not CheckoutState(row["checkout_state"]).final:
            logger.warning("{} is not running yet: left to the relay", row["workflow_id"])
            return None
        if row["kind"] != "callback":
            return "session had ended"
        await self._dispatcher.start(await self._stray(row, message))
        return "stray"

    def _translated(self, row: Mapping[str, Any], plain: bytes) -> tuple[str, Any]:
        if row["kind"] == "attempt":
            return ATTEMPT_REQUESTED, _ATTEMPT.validate_json(plain)
        if row["kind"] == "cancel":
            return CANCEL_REQUESTED, CancelRequest(actor=json.loads(plain)["actor"])
        return REPORTED, self._report(row, base64.b64decode(json.loads(plain)["raw"]))

    def _report(self, row: Mapping[str, Any], raw: bytes) -> ProviderReport:
        callbacks = self._callbacks[row["provider"]]
        reading = callbacks.read(raw)
        return ProviderReport(
            attempt_id=ids.shown(ids.ATTEMPT, row["attempt_id"]),
            source=Source.CALLBACK,
            reading=reading,
            evidence_id=ids.shown(ids.EVIDENCE, row["id"]),
            hint=callbacks.hint(reading),
        )

    async def _stray(self, row: Mapping[str, Any], report: ProviderReport) -> Start:
        checkout, charge = await self._ordered(row)
        order = StrayOrder(
            key=row["digest"],
            org_id=ids.shown(ids.ORG, row["org_id"]),
            livemode=row["livemode"],
            checkout_id=ids.shown(ids.CHECKOUT, row["checkout_id"]),
            payment_id=ids.shown(ids.PAYMENT, row["payment_id"]),
            attempt_id=report.attempt_id,
            report=report,
            question=Question(
                provider=row["provider"],
                charge=replace(charge, provider_reference=_handle(row, report)),
            ),
            fee=checkout.fee,
        )
        return Start(
            kind=STRAY,
            workflow_id=f"stray/{row['digest']}",
            queue=CHECKOUTS,
            order=order,
            org=order.org_id,
            provider=row["provider"],
            livemode=row["livemode"],
        )

    async def _ordered(self, row: Mapping[str, Any]) -> tuple[CheckoutOrder, Charge]:
        """The order the session was started with, and the charge of the attempt in question."""
        async with self._database.system() as connection:
            start = await (await connection.execute(_ORDER, [row["workflow_id"]])).fetchone()
            later = await (await connection.execute(_ATTEMPT_ORDER, [row["attempt_id"]])).fetchone()
        if start is None:
            raise LookupError(f"{row['workflow_id']} was never accepted")
        plain = await self._unseal(row, "start", start["payload_sealed"])
        checkout = _CHECKOUT.validate_json(plain)
        if later is None:
            return checkout, checkout.first.charge
        sealed = await self._unseal(row, "inbox", later["payload_sealed"])
        return checkout, _ATTEMPT.validate_json(sealed).charge

    async def _unseal(self, row: Mapping[str, Any], field: str, sealed: bytes) -> bytes:
        return await self._vault.unseal(
            row["org_id"], livemode=row["livemode"], field=field, sealed=sealed
        )


def _handle(row: Mapping[str, Any], report: ProviderReport) -> str | None:
    """What to ask with: as acknowledged, or as the report itself tells."""
    return row["provider_reference"] or report.reading.provider_reference
