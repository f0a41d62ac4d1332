"""The merchant's public profile, and the key of its signed returns."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import merchants
from api.answers import answer
from api.deps import LinkWriter, Wired
from api.drafts import check_url
from api.idempotency import once
from api.keys import Caller
from api.methods import wrong
from api.parts import Parts
from api.payer.forms import is_mailbox
from api.schemas.payment_links import Profile, ProfileRequest, ReturnSecret
from api.schemas.problems import refusals
from models.receipt import Merchant
from runtime.database import Connection

router = APIRouter(prefix="/v1/profile", tags=["profile"])


@router.get("", response_model=Profile, responses=refusals())
async def read_profile(caller: LinkWriter, parts: Wired) -> Response:
    """What your payers read about you."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return _profile(await merchants.merchant(connection), caller)


@router.put("", response_model=Profile, responses=refusals(400, 409, 422))
async def set_profile(body: ProfileRequest, request: Request, caller: LinkWriter) -> Response:
    """Say who you are to your payers; on pages, receipts and messages from now on."""
    told = Merchant(
        name=body.name,
        complaint_phone=body.complaint_phone,
        complaint_email=body.complaint_email,
        complaint_url=body.complaint_url,
        languages=tuple(dict.fromkeys(body.languages)),
    )
    _check(told, caller)

    async def act(connection: Connection) -> Response:
        await merchants.keep(connection, told)
        return _profile(told, caller)

    given, _fresh = await once(request, caller, act)
    return given


@router.get("/return_secret", response_model=ReturnSecret, responses=refusals())
async def read_return_secret(caller: LinkWriter, parts: Wired) -> Response:
    """The key with which you check that a payer's return was signed by us."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return _secret(parts, await merchants.merchant(connection), caller)


@router.post("/return_secret", response_model=ReturnSecret, responses=refusals(409, 422))
async def change_return_secret(request: Request, caller: LinkWriter, parts: Wired) -> Response:
    """Sign with another key from now on; the old one is gone at once."""

    async def act(connection: Connection) -> Response:
        await merchants.next_return_key(connection)
        return _secret(parts, await merchants.merchant(connection), caller)

    given, _fresh = await once(request, caller, act, required=True)
    return given


def _check(told: Merchant, caller: Caller) -> None:
    if told.contact is None:
        raise wrong("/complaint_phone", "name a phone, an e-mail or a page for complaints")
    if told.complaint_email is not None and not is_mailbox(told.complaint_email):
        raise wrong("/complaint_email", "not a mailbox")
    check_url(told.complaint_url, "/complaint_url", livemode=caller.livemode)


def _profile(told: Merchant, caller: Caller) -> Response:
    return answer(
        {
            "object": "profile",
            "name": told.name,
            "complaint_phone": told.complaint_phone,
            "complaint_email": told.complaint_email,
            "complaint_url": told.complaint_url,
            "languages": list(told.languages),
            "livemode": caller.livemode,
        }
    )


def _secret(parts: Parts, told: Merchant, caller: Caller) -> Response:
    number = told.return_key
    secret = parts.settings.return_secret(caller.org, livemode=caller.livemode, number=number)
    return answer(
        {
            "object": "return_secret",
            "secret": secret,
            "number": number,
            "livemode": caller.livemode,
        }
    )
