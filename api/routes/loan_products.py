"""Loan products: fetched from the partner's Mifos X, enabled with limits, watched for changes."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import loan_product_rows
from api.answers import answer
from api.deps import LoanReader, LoanWriter, Wired
from api.errors import NotFound
from api.idempotency import once
from api.keys import Caller
from api.lists import Paging, listed
from api.methods import wrong
from api.naming import named
from api.partner_errors import (
    NoCredential,
    PartnerSystemRefuses,
    PartnerSystemSilent,
    ProductClosed,
)
from api.parts import Parts
from api.queries import loan_products as queries
from api.queries import pages
from api.schemas.loan_products import ProductChange, ProductList, ProductView, SyncView
from api.schemas.problems import refusals
from api.versions import IfMatch, check_unchanged, tag
from models import ids
from models.credentials import NoCredentials
from models.lending import Product
from models.loan_products import ProductState, product_object
from providers.contract import ProviderError, QuestionRefused
from runtime.database import Connection

router = APIRouter(prefix="/v1/loan_products", tags=["loan products"])

_WHAT = "loan product"
_LIMITS = ("per_loan_limit", "per_day_limit", "per_client_day_limit")


@router.post("/sync", response_model=SyncView, responses=refusals(409, 422, 502))
async def sync_products(request: Request, caller: LoanWriter, parts: Wired) -> Response:
    """Ask Mifos X for its loan products now; once a day we ask by ourselves."""
    products = await _asked(parts, caller)

    async def act(connection: Connection) -> Response:
        synced = await loan_product_rows.keep(
            connection, caller.org, products, livemode=caller.livemode
        )
        return answer({"object": "loan_product_sync", **dataclasses.asdict(synced)})

    response, _done = await once(request, caller, act)
    return response


@router.get("", response_model=ProductList, responses=refusals(400))
async def list_products(
    *, caller: LoanReader, parts: Wired, paging: Paging, enabled: bool | None = None
) -> Response:
    """Loan products as they were synced last."""
    wanted = paging.wanted(ids.PRODUCT, enabled=enabled)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "loan_products", wanted)
    return answer(listed(page, [product_object(row) for row in page.rows]))


@router.get("/{product}", response_model=ProductView, responses=refusals(404))
async def read_product(product: str, caller: LoanReader, parts: Wired) -> Response:
    """One loan product; its ETag is for If-Match."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return _shown(await _found(connection, product))


@router.patch("/{product}", response_model=ProductView, responses=refusals(400, 404, 409, 412, 422))
async def change_product(
    *,
    product: str,
    body: ProductChange,
    request: Request,
    caller: LoanWriter,
    if_match: IfMatch = None,
) -> Response:
    """Enable or disable it, with its limits in minor units. Enabled it needs all three."""

    async def act(connection: Connection) -> Response:
        row = await _found(connection, product, lock=True)
        check_unchanged(row, if_match)
        return _shown(await queries.change(connection, _decided(row, body)))

    response, _done = await once(request, caller, act)
    return response


async def _asked(parts: Parts, caller: Caller) -> Sequence[Product]:
    """What the lender says. Raises NoCredential, PartnerSystemSilent or PartnerSystemRefuses."""
    try:
        client = await parts.partners.mifos(ids.shown(ids.ORG, caller.org), caller.livemode)
        return await client.products()
    except NoCredentials as no:
        raise NoCredential("enter one and have it checked: POST /v1/credentials/mifos") from no
    except QuestionRefused as no:
        raise PartnerSystemRefuses(f"Mifos X refuses: {no.reading.reason}") from no
    except ProviderError as no:
        raise PartnerSystemSilent("Mifos X does not answer; ask again") from no


def _decided(row: queries.Row, body: ProductChange) -> Mapping[str, Any]:
    """The columns after the change. Raises Invalid or ProductClosed."""
    sent = body.model_dump(exclude_none=True)
    wanted = {name: sent.get(name, row[name]) for name in ("enabled", *_LIMITS)}
    if body.enabled and row["state"] == ProductState.CLOSED:
        raise ProductClosed("the lender closed it; sync again once it lends it again")
    if wanted["enabled"]:
        for name in _LIMITS:
            if wanted[name] is None:
                raise wrong(f"/{name}", "an enabled product needs this limit")
    confirmed = body.enabled is not None and row["state"] == ProductState.CHANGED
    return {"id": row["id"], **wanted, "state": ProductState.OPEN if confirmed else row["state"]}


async def _found(connection: Connection, product: str, *, lock: bool = False) -> queries.Row:
    row = await queries.one(connection, named(ids.PRODUCT, product, _WHAT), lock=lock)
    if row is None:
        raise NotFound(f"there is no such {_WHAT}")
    return row


def _shown(row: queries.Row) -> Response:
    return answer(product_object(row), ETag=tag(row))
