"""Holding an answer back until there is something to say (`?wait=`), and live status."""

import asyncio
import time
from typing import Annotated, Any
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
_UNTOLD = {PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_ACTION}


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
    deadline = time.monotonic() + seconds
    while True:
        rows = await session_of(parts, caller, checkout_id)
        left = deadline - time.monotonic()
        if left <= 0 or PaymentStatus(rows.payment["status"]) not in _UNTOLD:
            return checkout_object(*rows, url=parts.page_of(checkout_id))
        if until_page and next_action(rows.attempt):
            return checkout_object(*rows, url=parts.page_of(checkout_id))
        await asyncio.sleep(min(_POLL, left))
