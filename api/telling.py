"""A word of somebody to a saga that runs: kept with the answer, brought after the commit."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from starlette.responses import Response

from api.answers import answer
from api.errors import NotFound
from api.keys import Caller
from api.parts import Parts
from api.queries import requests
from api.queries.requests import Row
from models import ids
from models.saga import SagaKind
from models.saga_view import saga_object
from runtime.database import Connection


@dataclass(slots=True)
class Telling:
    """One request; called with the open transaction, then sent.

    `may` raises a Problem where the saga's row does not allow it.
    """

    parts: Parts
    caller: Caller
    kind: SagaKind
    saga: UUID
    message: Mapping[str, Any]
    may: Callable[[Row], None]
    kept: UUID | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Leave the word. Raises NotFound, and what `may` raises."""
        row = await requests.locked(connection, self.kind, self.saga)
        if row is None:
            raise NotFound(f"there is no such {self.kind}")
        self.may(row)
        await self.leave(connection, row)
        return answer(saga_object(row))

    async def leave(self, connection: Connection, row: Row) -> None:
        """The word itself; each request is one of its own."""
        plain = json.dumps({**self.message, "actor": self.caller.principal}).encode()
        sealed = await self.parts.vault.seal(
            self.caller.org, livemode=self.caller.livemode, field="inbox", plain=plain
        )
        digest = ids.mint("word")
        self.kept = await requests.leave(connection, row, digest=digest, sealed=sealed)

    def send(self) -> None:
        """After the commit: signal the saga. Whatever fails here, the relay does."""
        if self.kept is not None:
            deliver = self.parts.vault_inbox.deliver
            self.parts.dispatcher.soon(partial(deliver, [self.kept]))
