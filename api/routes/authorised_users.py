"""Authorised users: the partner's people who confirm with a one-time code."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from psycopg import errors as sql
from starlette.responses import Response

from activities.contacts import EMAIL, PHONE
from activities.messages import masked as masked_email
from api.answers import answer
from api.deps import PartnerWriter, Wired
from api.errors import NotFound
from api.idempotency import once
from api.keys import Caller
from api.methods import masked
from api.naming import named
from api.partner_errors import TooManyUsers, UserExists
from api.parts import Parts
from api.phones import phone_of
from api.queries import authorised_users as queries
from api.schemas.authorised_users import UserChange, UserList, UserRequest, UserView
from api.schemas.problems import refusals
from api.versions import IfMatch, check_unchanged, tag
from models import ids
from models.moments import moment
from runtime.database import Connection
from runtime.vault import lookup

router = APIRouter(prefix="/v1/authorised_users", tags=["authorised users"])

Limit = Annotated[int, Query(ge=1, le=100)]
After = Annotated[str | None, Query(max_length=40, description="Continue after this id.")]
#: Where one-time codes are sent.
_COUNTRIES = ("KE",)
_WHAT = "authorised user"


@router.post("", status_code=201, response_model=UserView, responses=refusals(400, 409, 413, 422))
async def create_user(
    body: UserRequest, request: Request, caller: PartnerWriter, parts: Wired
) -> Response:
    """Name a person who may confirm. One phone number is one person's."""
    columns = await _columns(parts, caller, body.model_dump())
    row = {"id": ids.uuid7(), "org_id": caller.org, "livemode": caller.livemode, **columns}

    async def act(connection: Connection) -> Response:
        try:
            made = await queries.add(connection, row)
        except sql.UniqueViolation as error:
            raise UserExists("change that user instead") from error
        if made is None:
            raise TooManyUsers(f"{queries.MOST} at most; delete one first")
        return _shown(made, 201)

    response, _done = await once(request, caller, act)
    return response


@router.get("", response_model=UserList, responses=refusals(404))
async def list_users(
    caller: PartnerWriter, parts: Wired, limit: Limit = 20, starting_after: After = None
) -> Response:
    """The authorised users, the newest first."""
    after = None if starting_after is None else named(ids.USER, starting_after, _WHAT)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await queries.page(connection, after=after, limit=limit + 1)
    data = [user_object(row) for row in rows[:limit]]
    following = data[-1]["id"] if len(rows) > limit else None
    shown = {"object": "list", "data": data, "has_more": bool(following), "next_cursor": following}
    return answer(shown)


@router.get("/{user}", response_model=UserView, responses=refusals(404))
async def read_user(user: str, caller: PartnerWriter, parts: Wired) -> Response:
    """One user; its ETag is for If-Match."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return _shown(await _found(connection, user))


@router.patch("/{user}", response_model=UserView, responses=refusals(400, 404, 409, 412, 422))
async def change_user(
    *,
    user: str,
    body: UserChange,
    request: Request,
    caller: PartnerWriter,
    parts: Wired,
    if_match: IfMatch = None,
) -> Response:
    """Change what is named and leave the rest."""
    columns = await _columns(parts, caller, body.model_dump(exclude_none=True))

    async def act(connection: Connection) -> Response:
        row = await _found(connection, user, lock=True)
        check_unchanged(row, if_match)
        if not columns:
            return _shown(row)
        try:
            return _shown(await queries.change(connection, row["id"], columns))
        except sql.UniqueViolation as error:
            raise UserExists("change that user instead") from error

    response, _done = await once(request, caller, act)
    return response


@router.delete("/{user}", status_code=204, responses=refusals(404, 422))
async def delete_user(user: str, request: Request, caller: PartnerWriter) -> Response:
    """Take the person away; name, phone and e-mail are erased. Deleting it twice is a 404."""

    async def act(connection: Connection) -> Response:
        row = await _found(connection, user, lock=True)
        await queries.delete(connection, row["id"])
        return Response(status_code=204)

    response, _done = await once(request, caller, act)
    return response


def user_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A user as the partner sees it."""
    return {
        "id": ids.shown(ids.USER, row["id"]),
        "object": "authorised_user",
        "name": row["name"],
        "phone": row["phone_masked"],
        "email": row["email_masked"],
        "active": row["active"],
        "livemode": row["livemode"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


async def _columns(parts: Parts, caller: Caller, sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as columns: addresses sealed, masked, and found again by an HMAC."""
    columns: dict[str, Any] = {name: sent[name] for name in ("name", "active") if name in sent}
    if "phone" in sent:
        phone = phone_of(
            sent["phone"], countries=_COUNTRIES, pointer="/phone", whose="One-time codes by SMS"
        )
        columns["phone_sealed"] = await _sealed(parts, caller, PHONE, phone)
        columns["phone_lookup"] = lookup(parts.settings.lookup_secret, caller.org, phone)
        columns["phone_masked"] = masked(phone)
    if "email" in sent:
        columns["email_sealed"] = await _sealed(parts, caller, EMAIL, sent["email"])
        columns["email_masked"] = masked_email(sent["email"])
    return columns


async def _sealed(parts: Parts, caller: Caller, field: str, text: str) -> bytes:
    return await parts.vault.seal(
        caller.org, livemode=caller.livemode, field=field, plain=text.encode()
    )


async def _found(connection: Connection, user: str, *, lock: bool = False) -> queries.Row:
    row = await queries.one(connection, named(ids.USER, user, _WHAT), lock=lock)
    if row is None:
        raise NotFound(f"there is no such {_WHAT}")
    return row


def _shown(row: queries.Row, status: int = 200) -> Response:
    return answer(user_object(row), status, ETag=tag(row))
