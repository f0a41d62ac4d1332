"""What the bank says became of an order it took in. One address for all; Basic auth agreed."""

import hmac
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import answer
from api.doors import MOST_RESULTS
from api.errors import NotFound, RateLimited, SignatureWrong
from api.parts import Parts, parts_of
from api.queries import doors as queries
from api.stored import sealed_message
from models import faultpoints, ids
from models.ids import PLATFORM_ORG
from providers.doors import DOORS
from providers.ncba.callbacks import is_bank, read_callback

router = APIRouter(prefix="/in", tags=["callbacks"], include_in_schema=False)

RESULT = "kb1"


@router.post(f"/{RESULT}/{{token}}")
async def receive_bank_result(token: str, request: Request) -> Response:
    """Evidence for the instruction whose reference it names. Raises SignatureWrong, NotFound."""
    parts = parts_of(request)
    _verified(parts, token, request.headers.get("authorization", ""))
    raw = await request.body()
    reference = read_callback(raw).our_reference
    found = reference and await queries.by_reference(parts.database, "ncba", reference)
    if not found:
        raise NotFound("there is no order with this reference")
    await faultpoints.reach(f"{RESULT}.before", RESULT)
    row_id, new = await queries.store(
        parts.database,
        found,
        kind="result",
        slug=RESULT,
        digest=ids.body_digest(f"{RESULT}/{found['id'].hex}", raw),
        sealed=await sealed_message(parts, found, request, raw),
        most=MOST_RESULTS,
    )
    await faultpoints.reach(f"{RESULT}.after", RESULT)
    if row_id is None:
        raise RateLimited("too many different messages for one instruction")
    if new:
        parts.dispatcher.soon(partial(parts.vault_inbox.deliver, [row_id]))
    return answer(dict(DOORS[RESULT].answer))


def _verified(parts: Parts, token: str, authorization: str) -> None:
    """Nobody who was not told the path and the pair; an empty pair is nobody's."""
    owner = PLATFORM_ORG.hex
    ours = f"{owner}.{ids.callback_tag(RESULT, owner, parts.settings.callback_secret)}"
    if not hmac.compare_digest(ours.encode(), token.encode()):
        raise SignatureWrong("the tag is not ours")
    user = parts.bank.callback_user
    password = parts.bank.callback_password.get_secret_value()
    if not (user and password and is_bank(authorization, user=user, password=password)):
        raise SignatureWrong("not the pair agreed with the bank")
