"""Accepting a batch: its file sealed, its row and its start, in the caller's transaction."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from psycopg import errors as sql
from pydantic import TypeAdapter
from starlette.responses import Response

from activities.accepting import Newcomer, accept
from activities.batch_reading import FILE_FIELD
from api.answers import answer
from api.batch_errors import BatchReferenceInUse
from api.errors import Invalid
from api.keys import Caller
from api.parts import Parts
from api.queries import payout_batches as queries
from models import faultpoints, ids
from models.batch_limits import format_of
from models.payout_batch import WORKFLOW, BatchOrder, BatchState
from models.saga import SagaKind, SagaRef
from models.saga_view import saga_object
from runtime.database import Connection
from runtime.starting import batch_start

_ORDER = TypeAdapter(BatchOrder)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAsked:
    """What was sent: the file, and what its query says of it."""

    content: bytes = field(repr=False)
    currency: str
    country: str | None
    reference: str | None

    @property
    def said(self) -> dict[str, Any]:
        """What makes two requests the same."""
        digest = hashlib.sha256(self.content).hexdigest()
        return {"file": digest, "of": [self.currency, self.country, self.reference]}


@dataclass(slots=True)
class BatchAcceptance:
    """One request; called with the open transaction, then sent."""

    parts: Parts
    caller: Caller
    asked: BatchAsked
    order: BatchOrder | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it; nothing of the file is read yet. Raises Invalid and BatchReferenceInUse."""
        if not self.asked.content.strip():
            raise Invalid("send the file as the body: CSV or XLSX")
        self.order = order = self._order()
        try:
            row = await accept(connection, await self._newcomer(order))
        except sql.UniqueViolation as error:
            if error.diag.constraint_name != "sagas_reference":
                raise
            raise BatchReferenceInUse("take another reference, or look for that batch") from error
        if row is None:
            raise RuntimeError("a new batch claims nothing")
        await queries.keep_file(connection, row["id"], await self._file())
        await faultpoints.reach("batch.accept.written", order.saga.id)
        return answer(saga_object(row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, batch_start(self.order)))

    def _order(self) -> BatchOrder:
        caller, asked = self.caller, self.asked
        saga = SagaRef(
            id=ids.mint(ids.BATCH),
            kind=SagaKind.BATCH,
            org_id=ids.shown(ids.ORG, caller.org),
            livemode=caller.livemode,
        )
        return BatchOrder(
            saga=saga,
            maker=caller.principal,
            currency=asked.currency,
            country=asked.country,
            wait_scale=1.0 if caller.livemode else self.parts.settings.wait_scale,
        )

    async def _newcomer(self, order: BatchOrder) -> Newcomer:
        return Newcomer(
            ref=order.saga,
            state=BatchState.VALIDATING,
            workflow=WORKFLOW,
            sealed=await self._sealed("start", _ORDER.dump_json(order)),
            at=datetime.now(UTC),
            actor=self.caller.principal,
            reference=self.asked.reference,
            data={"currency": order.currency, "format": str(format_of(self.asked.content))},
        )

    async def _file(self) -> dict[str, Any]:
        content = self.asked.content
        return {
            "format": str(format_of(content)),
            "size": len(content),
            "digest": hashlib.sha256(content).digest(),
            "sealed": await self._sealed(FILE_FIELD, content),
        }

    async def _sealed(self, field: str, plain: bytes) -> bytes:
        caller = self.caller
        return await self.parts.vault.seal(
            caller.org, livemode=caller.livemode, field=field, plain=plain
        )
