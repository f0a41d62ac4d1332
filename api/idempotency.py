"""A request is done once per Idempotency-Key; sending it again gets the same bytes.

The key's row is written in the transaction that does the work. While that transaction is
open a second request is told so; afterwards it gets the stored answer.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Request
from psycopg import errors as sql
from starlette.responses import Response

from api.answers import stored_answer
from api.cards import refuse_card_numbers
from api.errors import KeyInFlight, KeyMalformed, KeyMissing, KeyReused, Problem
from api.keys import Caller
from api.parts import Parts, parts_of
from runtime.database import Connection

#: Read by `once` itself; a route that names it has it in its description.
Key = Annotated[
    str | None,
    Header(description="Yours, per request. With the same key nothing is done twice."),
]
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# Division by zero is how a statement refuses inside a pipeline, where nothing is read.
_CLAIM = "select 1 / pg_try_advisory_xact_lock(%s)::int"
_STORED = """
select fingerprint, status, body from idempotency_keys
 where org_id = %s and livemode = %s and method = %s and path = %s and key = %s"""
_KEEP = """
insert into idempotency_keys (org_id, livemode, method, path, key, fingerprint, status, body)
values (%s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where one key's answer is kept: organisation, mode, method, path and the key itself."""

    org: UUID
    livemode: bool
    method: str
    path: str
    key: str
    fingerprint: bytes

    @property
    def place(self) -> list[Any]:
        """The primary key of the row."""
        return [self.org, self.livemode, self.method, self.path, self.key]

    @property
    def lock(self) -> int:
        """A 64-bit number of the place, for the advisory lock."""
        text = "\0".join(map(str, self.place))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


async def slot_of(
    request: Request, caller: Caller, *, required: bool, said: Any = None
) -> Slot | None:
    """The slot of this request; None without a key.

    `said` stands for a body that is no JSON: what makes two requests the same.
    Raises KeyMissing, KeyMalformed, CardNumberRefused, or Problem for a body that is no JSON.
    """
    await _have_data_key(request, caller)
    key = request.headers.get("idempotency-key")
    sent = said or _sent(await request.body())
    refuse_card_numbers(key)
    if key is None:
        if required:
            raise KeyMissing("send a key of your own; with the same key nothing is done twice")
        return None
    if not _KEY.fullmatch(key):
        raise KeyMalformed("1 to 255 printable ASCII characters without spaces")
    return Slot(
        org=caller.org,
        livemode=caller.livemode,
        method=request.method,
        path=request.url.path,
        key=key,
        fingerprint=_fingerprint(parts_of(request), sent),
    )


def _fingerprint(parts: Parts, sent: Any) -> bytes:
    """Under a key: a plain digest would let a password be guessed from the row."""
    text = json.dumps(sent, sort_keys=True).encode()
    return hmac.new(parts.settings.lookup_secret, text, hashlib.sha256).digest()


def _sent(body: bytes) -> Any:
    """What the body says; routes that read none are sent bodies all the same."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError) as error:
        raise Problem("the body cannot be read") from error


async def _have_data_key(request: Request, caller: Caller) -> None:
    """Fetch it before the transaction: inside it would need a second connection of the pool."""
    vault = parts_of(request).vault
    await vault.seal(caller.org, livemode=caller.livemode, field="response", plain=b"")


async def claim(connection: Connection, slot: Slot) -> None:
    """Hold the key until the transaction ends; raises psycopg's DivisionByZero when held."""
    await connection.execute(_CLAIM, [slot.lock])


async def stored(parts: Parts, connection: Connection, slot: Slot) -> Response | None:
    """The answer given before; None when there was none. Raises KeyReused."""
    row = await (await connection.execute(_STORED, slot.place)).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != slot.fingerprint:
        raise KeyReused("take another key for another request")
    body = await parts.vault.unseal(
        slot.org, livemode=slot.livemode, field="response", sealed=row["body"]
    )
    return stored_answer(body, row["status"], Idempotent_Replayed="true")


async def keep(parts: Parts, connection: Connection, slot: Slot, given: Response) -> None:
    """Store the answer, sealed, in the caller's transaction."""
    body = await parts.vault.seal(
        slot.org, livemode=slot.livemode, field="response", plain=bytes(given.body)
    )
    row = [*slot.place, slot.fingerprint, given.status_code, body]
    await connection.execute(_KEEP, row)


async def replayed(request: Request, caller: Caller) -> Response | None:
    """The answer this request was given before: for rules that would refuse its repeat."""
    parts = parts_of(request)
    slot = await slot_of(request, caller, required=False)
    if slot is None:
        return None
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return await stored(parts, connection, slot)


Act = Callable[[Connection], Awaitable[Response]]


async def once_then(
    request: Request,
    caller: Caller,
    act: Act,
    *,
    then: Callable[[], None],
    required: bool = False,
    said: Any = None,
) -> Response:
    """As `once`; `then` is called after the commit of the first, and of no repeat."""
    given, fresh = await once(request, caller, act, required=required, said=said)
    if fresh:
        then()
    return given


async def once(
    request: Request,
    caller: Caller,
    act: Act,
    *,
    required: bool = False,
    said: Any = None,
) -> tuple[Response, bool]:
    """Do it in one transaction, or replay what was answered; True when it was done now.

    `said` stands for a body that is no JSON.
    A problem raised by `act` rolls everything back and leaves the key unused.
    """
    parts = parts_of(request)
    slot = await slot_of(request, caller, required=required, said=said)
    try:
        async with parts.database.scoped(caller.org, caller.livemode) as connection:
            if slot is None:
                return await act(connection), True
            await claim(connection, slot)
            replay = await stored(parts, connection, slot)
            if replay is not None:
                return replay, False
            given = await act(connection)
            await keep(parts, connection, slot, given)
            return given, True
    except sql.DivisionByZero as error:
        raise KeyInFlight("ask again in a moment", headers={"Retry-After": "1"}) from error
