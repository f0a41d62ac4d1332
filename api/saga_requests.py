"""What people ask of a running saga: decided with its row held, told to it after the commit."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.answers import answer
from api.errors import NotFound
from api.idempotency import once_then
from api.keys import Caller
from api.parts import Parts, parts_of
from api.payout_errors import NotCancelable
from api.queries import requests as queries
from api.saga_reads import saga_uuid
from models import ids
from models.saga import SagaKind
from models.saga_view import PREFIXES, saga_object
from runtime.database import Connection

Row = queries.Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What the saga is told. `once` names it: the same is told once for ever."""

    once: str
    message: dict[str, Any]


#: Whether it may be asked now: raises the problem, or says what to tell.
Decides = Callable[[Connection, Row], Awaitable[Word]]


class SagaRequest:
    """One request about one saga; called with the open transaction, then sent."""

    def __init__(
        self, parts: Parts, caller: Caller, kind: SagaKind, saga: UUID, decides: Decides
    ) -> None:
        self._parts, self._caller, self._kind = parts, caller, kind
        self._saga, self._decides = saga, decides
        self._message: UUID | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Keep it. Raises NotFound, and what refuses it."""
        row = await queries.locked(connection, self._kind, self._saga)
        if row is None:
            raise NotFound(f"there is no such {self._kind}")
        word = await self._decides(connection, row)
        name = ids.shown(PREFIXES[self._kind], self._saga)
        self._message = await queries.leave(
            connection,
            row,
            digest=f"{name}/{word.once}",
            sealed=await self._sealed(word.message),
        )
        return answer(saga_object(row))

    def send(self) -> None:
        """After the commit: signal the saga. Whatever fails here, the relay does."""
        if self._message is not None:
            deliver = self._parts.vault_inbox.deliver
            self._parts.dispatcher.soon(partial(deliver, [self._message]))

    async def _sealed(self, message: dict[str, Any]) -> bytes:
        plain = json.dumps({"actor": self._caller.principal, **message}).encode()
        return await self._parts.vault.seal(
            self._caller.org, livemode=self._caller.livemode, field="inbox", plain=plain
        )


async def ask(
    request: Request, caller: Caller, kind: SagaKind, saga: str, decides: Decides
) -> Response:
    """Ask it of one saga, once under a key. Raises NotFound, and what refuses it."""
    asking = SagaRequest(parts_of(request), caller, kind, saga_uuid(kind, saga), decides)
    return await once_then(request, caller, asking, then=asking.send)


def cancels(states: frozenset[str]) -> Decides:
    """Taking it back, which may be asked in these states. Raises NotCancelable."""

    async def decides(_connection: Connection, row: Row) -> Word:
        if row["state"] not in states:
            raise NotCancelable(f"it is {row['state']}")
        return Word(once="cancel", message={"cancel": True})

    return decides
