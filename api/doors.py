"""Messages for the vault: results of instructions and arrivals at standing addresses."""

from functools import partial
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.answers import answer
from api.errors import NotFound, RateLimited
from api.parts import Parts
from api.queries import doors as queries
from api.stored import sealed_message
from models import faultpoints, ids
from providers.doors import Door, Kind

#: Different bodies kept per instruction; more is somebody playing.
MOST_RESULTS = 50


async def receive(parts: Parts, door: Door, owner: str, request: Request) -> Response:
    """Store the raw message under its digest and answer as the system expects.

    A GET only asks whether somebody is there. Raises NotFound and RateLimited.
    """
    if request.method not in door.methods:
        raise NotFound("no such path")
    found = await queries.owner(parts.database, UUID(owner))
    if found is None:
        raise NotFound("there is nothing of this name")
    if request.method == "GET":
        return answer(dict(door.answer))
    await kept(
        parts,
        found,
        request,
        slug=door.slug,
        kind=door.kind,
        identity=ids.body_digest(f"{door.slug}/{owner}", await request.body()),
        point=owner,
        most=MOST_RESULTS if door.kind is Kind.RESULT else None,
    )
    return answer(dict(door.answer))


async def kept(
    parts: Parts,
    found: queries.Row,
    request: Request,
    *,
    slug: str,
    kind: str,
    identity: str,
    point: str,
    most: int | None = None,
) -> tuple[UUID | None, bool]:
    """Store a message once under its identity and have it delivered: its row, and whether new.

    `point` is what its fault points are known by. Raises RateLimited beyond `most` of one owner.
    """
    sealed = await sealed_message(parts, found, request, await request.body())
    await faultpoints.reach(f"{slug}.before", point)
    row_id, new = await queries.store(
        parts.database, found, kind=kind, slug=slug, digest=identity, sealed=sealed, most=most
    )
    await faultpoints.reach(f"{slug}.after", point)
    if row_id is None and most is not None:
        raise RateLimited("too many different messages for one instruction")
    if row_id is not None and new:
        parts.dispatcher.soon(partial(parts.vault_inbox.deliver, [row_id]))
    return row_id, new
