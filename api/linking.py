"""Payment links: drafted with the rules of the sessions they make."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from starlette.responses import Response

from api import drafts
from api.answers import answer
from api.errors import NotFound
from api.keys import Caller
from api.methods import wrong
from api.parts import Parts
from api.queries import payment_links as queries
from api.schemas.checkouts import CreateCheckout
from api.schemas.payment_links import CreateLink
from api.times import to_come
from models import ids
from models.moments import moment
from runtime.database import Connection

#: The longest a link may be open.
_LONGEST = timedelta(days=3650)


class Linking:
    """One new link; called with the open transaction."""

    def __init__(self, parts: Parts, caller: Caller, body: CreateLink) -> None:
        self._parts, self._caller, self._body = parts, caller, body

    async def __call__(self, connection: Connection) -> Response:
        """Write it. Raises Invalid for what no session of it could be."""
        body = self._body
        _check(body, self._caller)
        fields = body.model_dump(exclude={"uses"})
        row = await queries.add(
            connection, {**fields, "id": ids.uuid7(), "single": body.uses == "single"}
        )
        return answer(link_object(row, self._parts), 201)


async def found(connection: Connection, link: UUID) -> Mapping[str, Any]:
    """The caller's link. Raises NotFound."""
    row = await queries.one(connection, link)
    if row is None:
        raise NotFound("there is no such payment link")
    return row


def link_object(row: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """A link as its merchant sees it."""
    return {
        "id": ids.shown(ids.LINK, row["id"]),
        "object": "payment_link",
        "url": parts.settings.page_url("l", row["id"]),
        "active": row["active"],
        "amount": row["amount"],
        "currency": row["currency"],
        "smallest": row["smallest"],
        "largest": row["largest"],
        "reference": row["reference"],
        "description": row["description"],
        "uses": "single" if row["single"] else "many",
        "used": row["uses"],
        "expires_at": moment(row["expires_at"]),
        "success_url": row["success_url"],
        "cancel_url": row["cancel_url"],
        "livemode": row["livemode"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


def _check(body: CreateLink, caller: Caller) -> None:
    if body.amount is not None and (body.smallest or body.largest):
        raise wrong("/smallest", "bounds are for links without an amount")
    if body.smallest and body.largest and body.smallest > body.largest:
        raise wrong("/largest", "not below smallest")
    to_come(body.expires_at, "/expires_at", within=_LONGEST)
    drafts.session(_session(body), caller)


def _session(body: CreateLink) -> CreateCheckout:
    return CreateCheckout(
        amount=body.amount or body.smallest or 1,
        currency=body.currency,
        reference=body.reference,
        description=body.description,
        success_url=body.success_url,
        cancel_url=body.cancel_url,
        metadata={},
    )
