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
    raw = await request.body()
    await faultpoints.reach(f"{door.slug}.before", owner)
    row_id, new = await queries.store(
        parts.database,
        found,
        kind=door.kind,
        slug=door.slug,
        digest=ids.body_digest(f"{door.slug}/{owner}", raw),
        sealed=await sealed_message(parts, found, request, raw),
        most=MOST_RESULTS if door.kind is Kind.RESULT else None,
    )
    await faultpoints.reach(f"{door.slug}.after", owner)
    if row_id is None:
        raise RateLimited("too many different messages for one instruction")
    if new:
        parts.dispatcher.soon(partial(parts.vault_inbox.deliver, [row_id]))
    return answer(dict(door.answer))
