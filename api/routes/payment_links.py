"""Payment links: make, read, list, switch off, print."""

import io
from typing import Annotated

import segno
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import answer
from api.deps import LinkWriter, Wired
from api.errors import NotFound
from api.idempotency import Key, once
from api.linking import Linking, found, link_object
from api.lists import Paging, Text, listed
from api.naming import named
from api.queries import pages
from api.queries import payment_links as queries
from api.schemas.payment_links import CreateLink, PaymentLink, PaymentLinkList
from api.schemas.problems import refusals
from models import ids
from runtime.database import Connection

router = APIRouter(prefix="/v1/payment_links", tags=["payment links"])

Scale = Annotated[int, Query(ge=1, le=40, description="Pixels of one square.")]
_WHAT = "payment link"


@router.post(
    "", status_code=201, response_model=PaymentLink, responses=refusals(400, 409, 413, 422)
)
async def create_link(
    body: CreateLink,
    request: Request,
    caller: LinkWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """A link whose page makes a checkout session for each use."""
    given, _fresh = await once(request, caller, Linking(parts, caller, body), required=True)
    return given


@router.get("", response_model=PaymentLinkList, responses=refusals(400))
async def list_links(
    caller: LinkWriter,
    parts: Wired,
    paging: Paging,
    active: bool | None = None,  # noqa: FBT001 - a query parameter
    reference: Text = None,
) -> Response:
    """Links, newest first."""
    wanted = paging.wanted(ids.LINK, active=active, reference=reference)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "payment_links", wanted)
    return answer(listed(page, [link_object(row, parts) for row in page.rows]))


@router.get("/{payment_link}", response_model=PaymentLink, responses=refusals(404))
async def read_link(payment_link: str, caller: LinkWriter, parts: Wired) -> Response:
    """One link."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await found(connection, named(ids.LINK, payment_link, _WHAT))
    return answer(link_object(row, parts))


@router.get("/{payment_link}/qr", response_class=Response, responses=refusals(404))
async def read_code(
    payment_link: str, caller: LinkWriter, parts: Wired, scale: Scale = 8
) -> Response:
    """The link as a QR code: SVG, error correction M, with its quiet zone."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await found(connection, named(ids.LINK, payment_link, _WHAT))
    drawn = io.BytesIO()
    code = segno.make_qr(parts.settings.page_url("l", row["id"]), error="m")
    code.save(drawn, kind="svg", scale=scale, title=row["description"] or row["reference"])
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@router.post(
    "/{payment_link}/deactivate", response_model=PaymentLink, responses=refusals(404, 409, 422)
)
async def deactivate_link(
    payment_link: str,
    request: Request,
    caller: LinkWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Switch it off for good. Sessions it made stay as they are."""

    async def act(connection: Connection) -> Response:
        row = await queries.stop(connection, named(ids.LINK, payment_link, _WHAT))
        if row is None:
            raise NotFound("there is no such payment link")
        return answer(link_object(row, parts))

    given, _fresh = await once(request, caller, act)
    return given
