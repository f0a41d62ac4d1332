"""Holding an answer back until there is something to say (`?wait=`), and live status."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query

from api.errors import NotFound
from api.keys import Caller
from api.naming import named
from api.parts import Parts
from api.queries import views
from api.rendering import checkout_object
from models import ids
from models.events import next_action
from models.lifecycle import PaymentStatus

Wait = Annotated[int, Query(ge=0, le=25, description="Seconds to wait for a state worth telling.")]
_POLL = 0.2
_Looked = TypeVar("_Looked")
_UNTOLD = {PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_ACTION}


async def waited(
    look: Callable[[], Awaitable[_Looked]], told: Callable[[_Looked], bool], seconds: float
) -> _Looked:
    """What is looked at once there is something to tell of it, or as it stands in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = await look()
        left = deadline - time.monotonic()
        if left <= 0 or told(found):
            return found
        await asyncio.sleep(min(_POLL, left))


def checkout_uuid(text: str) -> UUID:
    """The id behind a path's last part; raises NotFound."""
    return named(ids.CHECKOUT, text, "checkout")


def payment_uuid(text: str) -> UUID:
    """The id behind a path's last part; raises NotFound."""
    return named(ids.PAYMENT, text, "payment")


async def session_of(parts: Parts, caller: Caller, checkout_id: UUID) -> views.Rows:
    """The session's rows as they stand; raises NotFound."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await views.session_rows(connection, checkout_id)
    if rows is None:
        raise NotFound("there is no such checkout")
    return rows


async def settled_view(
    parts: Parts, caller: Caller, checkout_id: UUID, seconds: float, *, until_page: bool = False
) -> dict[str, Any]:
    """The session once its payment is final, unknown or open for another try, or in time.

    `until_page`: a page the payer has to open is worth telling too.
    """

    def told(rows: views.Rows) -> bool:
        paged = until_page and next_action(rows.attempt) is not None
        return paged or PaymentStatus(rows.payment["status"]) not in _UNTOLD

    rows = await waited(partial(session_of, parts, caller, checkout_id), told, seconds)
    return checkout_object(*rows, url=parts.page_of(checkout_id))
