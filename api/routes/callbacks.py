"""What providers tell us: stored once, answered at once, delivered afterwards.

A callback path names its attempt and carries a tag only we can make. Where a provider takes one
address for everything, that is the platform's, and the message names the attempt. Never 5xx for
what was stored; 503 only when nothing could be stored.
"""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import doors
from api.answers import answer
from api.errors import NotFound, RateLimited, SignatureWrong
from api.parts import Parts, parts_of
from api.path_tags import verified
from api.queries import callbacks as queries
from api.stored import sealed_message
from models import faultpoints, ids
from providers.contract import Callbacks
from providers.doors import DOORS, SHARED

router = APIRouter(prefix="/in", tags=["callbacks"], include_in_schema=False)

#: Different bodies kept per attempt; more is somebody playing.
MOST_BODIES = 50


@router.api_route("/{slug}/{token}", methods=["POST", "PUT", "GET"])
async def receive_callback(slug: str, token: str, request: Request) -> Response:
    """Store the raw message under its digest and answer as the provider expects."""
    parts = parts_of(request)
    if slug in DOORS:
        return await doors.receive(parts, DOORS[slug], verified(parts, slug, token), request)
    provider, callbacks = _by_slug(parts, slug, request.method)
    owner = verified(parts, slug, token)
    raw = await _believed(callbacks, request)
    everybody = owner == ids.PLATFORM_ORG.hex
    if everybody:
        owner = _named(callbacks, raw)
    row = await queries.attempt_row(parts.database, UUID(owner), provider)
    if row is None:
        return await _about_an_instruction(
            parts,
            slug,
            owner,
            request,
            nobody=answer(dict(callbacks.answer)) if everybody else None,
        )
    sealed = await sealed_message(parts, row, request, raw)
    await faultpoints.reach("callback.before", ids.shown(ids.ATTEMPT, UUID(owner)))
    stored = await queries.store(
        parts.database, row, digest=ids.body_digest(owner, raw), sealed=sealed, most=MOST_BODIES
    )
    await faultpoints.reach("callback.after", ids.shown(ids.ATTEMPT, UUID(owner)))
    if stored is queries.FULL:
        raise RateLimited("too many different messages for one attempt")
    if isinstance(stored, UUID):
        parts.dispatcher.soon(partial(parts.inbox.deliver, [stored]))
    return answer(dict(callbacks.answer))


@router.api_route("/{slug}/{token}/", methods=["POST", "GET"])
async def receive_hook(slug: str, token: str, request: Request) -> Response:
    """The same, for servers that end every address with a slash, as Mifos X does."""
    return await receive_callback(slug, token, request)


async def _about_an_instruction(
    parts: Parts, slug: str, owner: str, request: Request, *, nobody: Response | None
) -> Response:
    """An owner that is no attempt is an instruction; `nobody`: the answer where it is none.

    Raises NotFound where there is no such answer.
    """
    try:
        if slug in SHARED:
            return await doors.receive(parts, SHARED[slug], owner, request)
    except NotFound:
        if nobody is None:
            raise
    if nobody is None:
        raise NotFound("there is no such attempt")
    return nobody


def _by_slug(parts: Parts, slug: str, method: str) -> tuple[str, Callbacks]:
    for name, ready in parts.providers.items():
        found = ready.callbacks
        if found is not None and found.slug == slug and method in found.methods:
            return name, found
    raise NotFound("no such path")


async def _believed(callbacks: Callbacks, request: Request) -> bytes:
    """The message as it may be kept. Raises SignatureWrong where the sender proves nothing."""
    raw, standing = await request.body(), callbacks.standing
    if standing is not None and not standing.proves(raw, request.headers):
        raise SignatureWrong("the sender does not prove itself")
    return callbacks.kept(raw)


def _named(callbacks: Callbacks, raw: bytes) -> str:
    """The attempt in hex a message to the provider's one address is about.

    What is about none of ours names nobody, and is answered like the rest: it is not to come
    again for days. Raises NotFound.
    """
    standing = callbacks.standing
    if standing is None:
        raise NotFound("no such path")
    return (standing.attempt(raw) or UUID(int=0)).hex
