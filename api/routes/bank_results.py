"""What the bank says became of an order it took in. One address for all; Basic auth agreed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import doors
from api.answers import answer
from api.errors import NotFound, SignatureWrong
from api.parts import Parts, parts_of
from api.path_tags import check_platform
from api.queries import doors as queries
from models import ids
from providers.doors import DOORS, Kind
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
    found = reference and await queries.by_reference(parts.database, reference)
    if not found:
        raise NotFound("there is no order with this reference")
    await doors.kept(
        parts,
        found,
        request,
        slug=RESULT,
        kind=Kind.RESULT,
        identity=ids.body_digest(f"{RESULT}/{found['id'].hex}", raw),
        point=RESULT,
        most=doors.MOST_RESULTS,
    )
    return answer(dict(DOORS[RESULT].answer))


def _verified(parts: Parts, token: str, authorization: str) -> None:
    """Nobody who was not told the path and the pair; an empty pair is nobody's."""
    check_platform(parts, RESULT, token)
    user = parts.bank.callback_user
    password = parts.bank.callback_password.get_secret_value()
    if not (user and password and is_bank(authorization, user=user, password=password)):
        raise SignatureWrong("not the pair agreed with the bank")
