"""Accept = one transaction, one round trip, then answer. The workflow starts afterwards.

A repeated key is found by the same statement that writes it: the happy path reads nothing.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import Request
from psycopg import errors as sql
from starlette.responses import Response

from api import drafts, idempotency, rail_turns
from api.answers import answer
from api.errors import KeyInFlight, KeyMissing, Problem, ReferenceInUse
from api.idempotency import Slot
from api.keys import Caller
from api.parts import Parts, parts_of
from api.queries import accepting, views
from api.rendering import checkout_object
from api.schemas.checkouts import CreateCheckout
from models import faultpoints, ids
from models.checkout import CheckoutOrder
from models.events import payment_object
from runtime.starting import checkout_start

_KEYS, _REFERENCES = "idempotency_keys_pkey", "payments_reference"


async def accept(
    request: Request, body: CreateCheckout, caller: Caller
) -> tuple[Response, Any | None]:
    """Accept a session once; answers with the session, and its id when it was confirmed now.

    Raises Invalid, ReferenceInUse or what the Idempotency-Key is refused for.
    """
    parts = parts_of(request)
    slot = await idempotency.slot_of(request, caller, required=True)
    if slot is None:
        raise KeyMissing("send a key of your own")
    try:
        return await _Acceptance(parts, caller, slot).take(body)
    except Problem:
        # What was accepted is answered again, even where it would be refused by now.
        replay = await _replay(parts, slot)
        if replay is None:
            raise
        return replay, None


class _Acceptance:
    def __init__(self, parts: Parts, caller: Caller, slot: Slot) -> None:
        self._parts, self._caller, self._slot = parts, caller, slot

    async def take(self, body: CreateCheckout) -> tuple[Response, Any | None]:
        drafted = drafts.session(body, self._caller)
        tried, order, sealed = None, None, b""
        if body.confirm is not None:
            tried = await drafts.attempt(
                self._parts,
                body.confirm,
                checkout=drafted.checkout,
                payment=drafted.payment,
                carried=await self._parts.rails.lets_through(body.confirm.method),
                pointer="/confirm",
            )
            order = drafts.checkout_order(self._parts, self._caller, tried.order, drafted)
            sealed = await drafts.sealed_start(self._parts, self._caller, order)
        warnings = await self._warnings(body.reference)
        row = tried.row if tried else None
        url = self._parts.page_of(drafted.checkout["id"])
        told = checkout_object(drafted.checkout, drafted.payment, row, warnings, url=url)
        given = answer(told, 201)
        await self._commit(drafted, tried, sealed, given)
        if order is None:
            return given, None
        self._start(order)
        return given, drafted.checkout["id"]

    async def _commit(
        self, drafted: drafts.Session, tried: drafts.Try | None, sealed: bytes, given: Response
    ) -> None:
        caller, reference = self._caller, drafted.payment["reference"]
        row = tried.row if tried else None
        told = {"object": payment_object(drafted.payment, row), "previous_attributes": {}}
        await faultpoints.reach("accept.before")
        try:
            async with self._parts.database.pipelined(caller.org, caller.livemode) as connection:
                await idempotency.claim(connection, self._slot)
                await idempotency.keep(self._parts, connection, self._slot, given)
                await accepting.add_session(
                    connection,
                    drafted.checkout,
                    drafted.payment,
                    row,
                    sealed=sealed,
                    actor=caller.principal,
                    event=told,
                )
                if tried is not None:
                    await rail_turns.queue(connection, caller, drafted.checkout["id"], tried.order)
                await faultpoints.reach("accept.written")
            await faultpoints.reach("accept.after")
        except sql.DivisionByZero as error:
            raise KeyInFlight("ask again in a moment", headers={"Retry-After": "1"}) from error
        except sql.UniqueViolation as error:
            if error.diag.constraint_name == _KEYS:
                raise KeyInFlight("ask again in a moment") from error
            if error.diag.constraint_name != _REFERENCES:
                raise
            raise await self._reference_in_use(reference) from error

    async def _warnings(self, reference: str) -> Sequence[dict[str, Any]]:
        if not self._caller.warns_of_duplicates:
            return ()
        holder = await self._holder(reference, guarded=False)
        if holder is None:
            return ()
        detail = "another payment has this reference"
        return [{"code": ReferenceInUse.code, "detail": detail, "payment": holder}]

    async def _reference_in_use(self, reference: str) -> ReferenceInUse:
        holder = await self._holder(reference, guarded=True)
        detail = "ask for that payment, or take another reference"
        return ReferenceInUse(detail, payment=holder) if holder else ReferenceInUse(detail)

    async def _holder(self, reference: str, *, guarded: bool) -> str | None:
        caller = self._caller
        async with self._parts.database.scoped(caller.org, caller.livemode) as connection:
            found = await views.holder_of(connection, reference, guarded=guarded)
        return None if found is None else ids.shown(ids.PAYMENT, found)

    def _start(self, order: CheckoutOrder) -> None:
        dispatcher = self._parts.dispatcher
        dispatcher.soon(partial(dispatcher.start, checkout_start(order)))


async def _replay(parts: Parts, slot: Slot) -> Response | None:
    async with parts.database.scoped(slot.org, slot.livemode) as connection:
        return await idempotency.stored(parts, connection, slot)
