"""What every operator's act needs: a second person, and a name under which it happens once."""

import hashlib
from typing import Annotated

from fastapi import Header, Request

from api.errors import Forbidden
from api.keys import OPERATOR, Caller
from api.parts import Parts

Approver = Annotated[
    str, Header(alias="Kauri-Approver", description="`Bearer` and the second operator's key.")
]


async def second(parts: Parts, header: str, actor: Caller) -> str:
    """The second person, known by a key of their own in the same mode. Raises Forbidden."""
    caller = await parts.keys.caller(header.removeprefix("Bearer ").strip())
    if OPERATOR not in caller.scopes:
        raise Forbidden("the approver's key lacks the scope operator")
    if caller.livemode != actor.livemode:
        raise Forbidden("the approver's key is of the other mode")
    if caller.principal == actor.principal:
        raise Forbidden("the approver may not be the one who acts")
    return caller.principal


def update_id(request: Request) -> str | None:
    """The same Idempotency-Key is the same update: a digest, because ids stay in clear."""
    key = request.headers.get("idempotency-key")
    return key and hashlib.sha256(f"{request.url.path}\0{key}".encode()).hexdigest()
