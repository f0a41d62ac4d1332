"""Checkout sessions: create, confirm, look, cancel."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acceptance import accept
from api.answers import answer
from api.cancellation import Cancellation
from api.confirmation import Confirmation
from api.deps import Reader, Wired, Writer
from api.idempotency import Key, once, once_then
from api.lists import Paging, Text, listed
from api.queries import pages, views
from api.rendering import checkout_object
from api.schemas.checkouts import Checkout, CheckoutList, ConfirmCheckout, CreateCheckout
from api.schemas.problems import refusals
from api.waiting import Wait, checkout_uuid, settled_view
from models import faultpoints, ids

router = APIRouter(prefix="/v1/checkouts", tags=["checkouts"])

Status = Literal["open", "processing", "complete", "expired", "canceled"]


@router.post(
    "", status_code=201, response_model=Checkout, responses=refusals(400, 404, 409, 413, 422)
)
async def create_checkout(
    *,
    body: CreateCheckout,
    request: Request,
    caller: Writer,
    parts: Wired,
    wait: Wait = 0,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Create a session. With `confirm` the payer is asked at once; `wait` holds the answer back.

    Repeated with the same Idempotency-Key it answers the same bytes again.
    """
    given, confirmed = await accept(request, body, caller)
    if wait and confirmed is not None:
        told = await settled_view(parts, caller, confirmed, wait, until_page=True)
        return answer(told, 201)
    return given


@router.post(
    "/{checkout}/confirm", response_model=Checkout, responses=refusals(400, 404, 409, 413, 422)
)
async def confirm_checkout(
    *,
    checkout: str,
    body: ConfirmCheckout,
    request: Request,
    caller: Writer,
    parts: Wired,
    wait: Wait = 0,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Ask the payer by one method. After a failed attempt, confirm again: same or other method."""
    checkout_id = checkout_uuid(checkout)
    carried = await parts.rails.lets_through(body.method)
    confirmation = Confirmation(parts, caller, checkout_id, body, carried=carried)
    await faultpoints.reach("confirm.before", checkout)
    given, fresh = await once(request, caller, confirmation, required=True)
    await faultpoints.reach("confirm.after", checkout)
    if fresh:
        confirmation.send()
    if wait and fresh:
        return answer(await settled_view(parts, caller, checkout_id, wait, until_page=True))
    return given


@router.get("/{checkout}", response_model=Checkout, responses=refusals(404))
async def read_checkout(checkout: str, caller: Reader, parts: Wired, wait: Wait = 0) -> Response:
    """One session with its payment."""
    return answer(await settled_view(parts, caller, checkout_uuid(checkout), wait))


@router.get("", response_model=CheckoutList, responses=refusals(400))
async def list_checkouts(
    caller: Reader,
    parts: Wired,
    paging: Paging,
    status: Status | None = None,
    reference: Text = None,
) -> Response:
    """Sessions, newest first."""
    wanted = paging.wanted(ids.CHECKOUT, status=status, reference=reference)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "checkouts", wanted)
        sessions = await views.with_payments(connection, page.rows)
    shown = [checkout_object(*rows, url=parts.page_of(rows.checkout["id"])) for rows in sessions]
    return answer(listed(page, shown))


@router.post("/{checkout}/cancel", response_model=Checkout, responses=refusals(404, 409, 422))
async def cancel_checkout(
    checkout: str,
    request: Request,
    caller: Writer,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """End an open session. While an attempt is out this is recorded: success wins, failure ends."""
    cancellation = Cancellation(parts, caller, checkout_uuid(checkout))
    return await once_then(request, caller, cancellation, then=cancellation.send)
