"""Where a partner's Mifos X tells us of loans at once: an address of its own, nobody's to guess."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.deps import PartnerWriter, Wired
from api.errors import NotFound
from api.queries import credentials as queries
from api.schemas.credentials import LenderHook
from api.schemas.problems import refusals
from models import ids
from models.credentials import CredentialKind

router = APIRouter(prefix="/v1/credentials/mifos", tags=["credentials"])

#: The door of hints (providers/doors.py), and the events worth one.
_DOOR = "mf1"
_EVENTS = [
    {"entity": "LOAN", "action": "APPROVE"},
    {"entity": "LOAN", "action": "REPAYMENT"},
]


@router.get("/hook", response_model=LenderHook, responses=refusals(404))
async def read_lender_hook(caller: PartnerWriter, parts: Wired) -> Response:
    """The address to enter in Mifos X, which wants a slash at its end.

    What it tells is a hint: the loan is read back.
    """
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await queries.one(connection, CredentialKind.MIFOS)
    if row is None:
        raise NotFound("there is no such credential")
    url = f"{parts.settings.callback_url(ids.shown(ids.CREDENTIAL, row['id']), _DOOR)}/"
    return answer({"object": "lender_hook", "url": url, "events": _EVENTS})
