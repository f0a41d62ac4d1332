"""What was stored for the vault becomes evidence of a saga, or begins one.

Results are translated and signalled to the saga their instruction belongs to; requests (ours)
are signalled as they are; arrivals go to whoever handles the door they came through.
"""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from loguru import logger
from pydantic import TypeAdapter

from activities.receipt_questions import ReceiptQuestions
from models import ids, saga_states
from models.collection_confirmation import PaymentTold
from models.late import LATE, LateOrder
from models.reading import ProviderReport
from models.saga import REPORTED, REQUESTED, SagaKind, SagaRef
from models.saga_view import PREFIXES
from providers.doors import door_of
from runtime.database import Database
from runtime.dispatch import Dispatcher, Start
from runtime.starting import saga_start
from runtime.stored import hand_on
from runtime.vault import Vault

Row = Mapping[str, Any]

#: The kinds of stored messages that are the vault's.
VAULT_KINDS = frozenset({"result", "arrival", "request"})
_WAITING = """
select i.*, s.state as saga_state, s.kind as saga_kind, s.id as saga_id
  from inbox i left join instructions n on n.id = i.attempt_id
  left join sagas s on s.id = coalesce(n.saga_id, i.attempt_id)
 where i.id = any(%s) and i.delivered_at is null
   and i.kind in ('result','arrival','request') order by i.received_at"""
_REQUEST: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class Arrives(Protocol):
    """Handles what came through one door: accepts what is new and says what to start."""

    def __call__(self, row: Row, raw: bytes) -> Awaitable[tuple[str, Start | None]]: ...


class VaultInbox:
    """Delivers stored messages of the vault, at least once."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        database: Database,
        vault: Vault,
        arrivals: Mapping[str, Arrives],
    ) -> None:
        self._dispatcher = dispatcher
        self._database = database
        self._vault = vault
        self._arrivals = arrivals
        self._questions = ReceiptQuestions(database)

    async def deliver(self, row_ids: list[UUID]) -> None:
        """Deliver each and mark it. Raises RPCError when Temporal cannot be reached."""
        await hand_on(self._dispatcher, self._database, _WAITING, row_ids, self._deliver)

    async def _deliver(self, row: Row) -> str | None:
        plain = await self._vault.unseal(
            row["org_id"], livemode=row["livemode"], field="inbox", sealed=row["payload_sealed"]
        )
        handled: Mapping[str, Callable[[Row, bytes], Awaitable[str | None]]] = {
            "result": self._result,
            "arrival": self._arrival,
            "request": self._request,
        }
        return await handled[row["kind"]](row, plain)

    async def _told(self, row: Row, raw: bytes) -> str | None:
        """What a saga asked in its own name. One that has ended needs it no more."""
        tells = door_of(row["slug"]).tells
        message = tells.say(raw, ids.shown(ids.EVIDENCE, row["id"])) if tells else None
        if tells is None or message is None:
            return "says nothing"
        if isinstance(message, PaymentTold):
            # Before its saga hears of it: the next question may be asked by then.
            await self._questions.told(
                row["org_id"], row["saga_id"], message.reading, livemode=row["livemode"]
            )
        heard = await self._dispatcher.signal(row["workflow_id"], tells.signal, message)
        return "signalled" if heard else "nobody waits"

    async def _result(self, row: Row, plain: bytes) -> str | None:
        if row["saga_id"] is not None and row["saga_id"] == row["attempt_id"]:
            return await self._told(row, _raw(plain))
        report = _report(row, _raw(plain))
        if await self._dispatcher.signal(row["workflow_id"], REPORTED, report):
            return "signalled"
        if row["saga_id"] is None:
            return "nobody waits"
        if not saga_states.final(SagaKind(row["saga_kind"]), row["saga_state"]):
            logger.warning("{} is not running yet: left to the relay", row["workflow_id"])
            return None
        await self._dispatcher.start(_late(row, report))
        return "late"

    async def _request(self, row: Row, plain: bytes) -> str | None:
        message = _REQUEST.validate_json(plain)
        if await self._dispatcher.signal(row["workflow_id"], REQUESTED, message):
            return "signalled"
        kind, state = row["saga_kind"], row["saga_state"]
        ended = kind is None or saga_states.final(SagaKind(kind), state)
        return "saga had ended" if ended else None

    async def _arrival(self, row: Row, plain: bytes) -> str | None:
        outcome, start = await self._arrivals[row["slug"]](row, _raw(plain))
        if start is not None:
            await self._dispatcher.start(start)
        return outcome


def _raw(plain: bytes) -> bytes:
    return base64.b64decode(json.loads(plain)["raw"])


def _report(row: Row, raw: bytes) -> ProviderReport:
    door = door_of(row["slug"])
    if door.read is None:
        raise LookupError(f"door {row['slug']} reads no results")
    return ProviderReport(
        attempt_id=ids.shown(ids.INSTRUCTION, row["attempt_id"]),
        source=door.source,
        reading=door.read(raw),
        evidence_id=ids.shown(ids.EVIDENCE, row["id"]),
        hint=door.hint,
    )


def _late(row: Row, report: ProviderReport) -> Start:
    kind = SagaKind(row["saga_kind"])
    ref = SagaRef(
        id=ids.shown(PREFIXES[kind], row["saga_id"]),
        kind=kind,
        org_id=ids.shown(ids.ORG, row["org_id"]),
        livemode=row["livemode"],
    )
    return saga_start(
        LATE,
        LateOrder(saga=ref, report=report),
        provider=door_of(row["slug"]).system,
        workflow_id=f"late/{row['digest']}",
    )
