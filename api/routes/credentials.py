"""Credentials of a partner: entered, checked by real calls, never shown."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import answer
from api.credential_entry import Entry
from api.deps import PartnerWriter, Wired
from api.errors import NotFound
from api.idempotency import once
from api.keys import Caller
from api.parts import Parts
from api.queries import credentials as queries
from api.schemas.credentials import CredentialList, CredentialView
from api.schemas.problems import refusals
from api.waiting import Wait, waited
from models.credentials import (
    CredentialKind,
    CredentialState,
    Fields,
    MifosFields,
    MpesaFields,
    MpesaStkFields,
    credential_object,
)
from runtime.database import Connection

router = APIRouter(prefix="/v1/credentials", tags=["credentials"])

Again = Annotated[
    bool, Query(alias="try_again", description="Try a password M-Pesa refused, or never told of.")
]
_ENTERED = refusals(400, 409, 413, 422)


@router.post("/mifos", status_code=201, response_model=CredentialView, responses=_ENTERED)
async def enter_mifos(
    *, body: MifosFields, request: Request, caller: PartnerWriter, parts: Wired, wait: Wait = 0
) -> Response:
    """A user of your Mifos X. Checked: sign-in, permissions, maker-checker, payment type."""
    entry = Entry(parts, caller, CredentialKind.MIFOS)
    return await _entered(entry, body, request, wait=wait)


@router.post("/mpesa_b2c", status_code=201, response_model=CredentialView, responses=_ENTERED)
async def enter_mpesa_b2c(
    *,
    body: MpesaFields,
    request: Request,
    caller: PartnerWriter,
    parts: Wired,
    wait: Wait = 0,
    again: Again = False,
) -> Response:
    """The short code that pays out. Checked: token, and balances asked for by its initiator."""
    entry = Entry(parts, caller, CredentialKind.MPESA_B2C, anew=again)
    return await _entered(entry, body, request, wait=wait)


@router.post("/mpesa_c2b", status_code=201, response_model=CredentialView, responses=_ENTERED)
async def enter_mpesa_c2b(
    *,
    body: MpesaFields,
    request: Request,
    caller: PartnerWriter,
    parts: Wired,
    wait: Wait = 0,
    again: Again = False,
) -> Response:
    """The pay bill that collects. Checked: token, and balances asked for by its initiator."""
    entry = Entry(parts, caller, CredentialKind.MPESA_C2B, anew=again)
    return await _entered(entry, body, request, wait=wait)


@router.post("/mpesa_stk", status_code=201, response_model=CredentialView, responses=_ENTERED)
async def enter_mpesa_stk(
    *, body: MpesaStkFields, request: Request, caller: PartnerWriter, parts: Wired, wait: Wait = 0
) -> Response:
    """The short code that rings payers. Checked: token; the passkey shows at the first prompt."""
    entry = Entry(parts, caller, CredentialKind.MPESA_STK)
    return await _entered(entry, body, request, wait=wait)


@router.get("", response_model=CredentialList, responses=refusals())
async def list_credentials(caller: PartnerWriter, parts: Wired) -> Response:
    """What was entered, without the secrets."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await queries.every(connection)
    data = [credential_object(row) for row in rows]
    return answer({"object": "list", "data": data, "has_more": False, "next_cursor": None})


@router.get("/{kind}", response_model=CredentialView, responses=refusals(404))
async def read_credential(
    kind: str, caller: PartnerWriter, parts: Wired, wait: Wait = 0
) -> Response:
    """One credential; `wait` holds the answer back while it is being checked."""
    return answer(credential_object(await _checked(parts, caller, _kind(kind), wait)))


@router.post("/{kind}/check", response_model=CredentialView, responses=refusals(404, 409, 422))
async def check_credential(
    *,
    kind: str,
    request: Request,
    caller: PartnerWriter,
    parts: Wired,
    wait: Wait = 0,
    again: Again = False,
) -> Response:
    """Check again what was entered. Refused where the password was: a second try may lock it."""
    entry = Entry(parts, caller, _kind(kind), anew=again)
    given, fresh = await entry.check_again(request)
    return await _held_back(given, entry, wait if fresh else 0)


@router.delete("/{kind}", status_code=204, responses=refusals(404, 422))
async def delete_credential(kind: str, request: Request, caller: PartnerWriter) -> Response:
    """Erase it with its secrets. Deleting it twice is a 404.

    Payments on a pay bill are still told to us, and kept: M-Pesa goes on calling the address.
    """
    known = _kind(kind)

    async def act(connection: Connection) -> Response:
        if not await queries.delete(connection, known):
            raise NotFound("there is no such credential")
        return Response(status_code=204)

    response, _done = await once(request, caller, act)
    return response


async def _entered(entry: Entry, body: Fields, request: Request, *, wait: int) -> Response:
    given, fresh = await entry.enter(request, body)
    return await _held_back(given, entry, wait if fresh else 0)


async def _held_back(given: Response, entry: Entry, wait: int) -> Response:
    if not wait:
        return given
    row = await _checked(entry.parts, entry.caller, entry.kind, wait)
    return answer(credential_object(row), given.status_code)


async def _checked(
    parts: Parts, caller: Caller, kind: CredentialKind, seconds: float
) -> queries.Row:
    """The credential once it was checked, or in time. Raises NotFound."""

    async def look() -> queries.Row:
        async with parts.database.scoped(caller.org, caller.livemode) as connection:
            row = await queries.one(connection, kind)
        if row is None:
            raise NotFound("there is no such credential")
        return row

    return await waited(look, lambda row: row["state"] != CredentialState.CHECKING, seconds)


def _kind(text: str) -> CredentialKind:
    try:
        return CredentialKind(text)
    except ValueError as error:
        raise NotFound(f"use one of {', '.join(CredentialKind)}") from error
