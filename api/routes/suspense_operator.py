"""What operators decide about exceptions that no running saga decides: two people, once."""

from typing import Any

from fastapi import APIRouter

from activities.suspense import NotDecidable, Suspense
from api.deps import Operator, Wired
from api.errors import Conflict, NotFound
from api.methods import wrong
from api.naming import named
from api.operators import Approver, second
from api.queries import vault_operator as queries
from api.schemas.operator import DecideException
from api.schemas.problems import refusals
from ledger.book import Book
from ledger.errors import EntryDiffers
from ledger.vault_booking import VaultBooking
from models import ids
from models.suspense_decisions import SuspenseDecision, SuspenseWord

router = APIRouter(prefix="/v1/operator/exceptions", tags=["operator"])


@router.post("/{case}/decide", responses=refusals(400, 403, 404, 409))
async def decide_exception(
    case: str, body: DecideException, operator: Operator, approver: Approver, parts: Wired
) -> dict[str, Any]:
    """Give a suspended bank credit to a wallet, say it was sent back, or dismiss a case."""
    decision = SuspenseDecision(
        case_id=case,
        livemode=operator.livemode,
        word=body.decision,
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
        organisation=_whose(body),
    )
    row = await _case(parts, case, livemode=operator.livemode)
    suspense = Suspense(parts.database, parts.vault, VaultBooking(Book()))
    try:
        await suspense.decide(decision, case_org=row["org_id"])
    except NotDecidable as no:
        raise Conflict(str(no)) from no
    except EntryDiffers as no:
        raise Conflict("decided otherwise a moment ago") from no
    return queries.exception_object(await _case(parts, case, livemode=operator.livemode))


def _whose(body: DecideException) -> str | None:
    if body.organisation is None:
        return None
    if body.decision is not SuspenseWord.CREDIT:
        raise wrong("/organisation", "only with credit")
    try:
        ids.parsed(ids.ORG, body.organisation)
    except ids.BadId as no:
        raise wrong("/organisation", "org_…") from no
    return body.organisation


async def _case(parts: Wired, case: str, *, livemode: bool) -> dict[str, Any]:
    case_id = named(ids.CASE, case, "case")
    found = await queries.exception(parts.database, case_id, livemode=livemode)
    if found is None:
        raise NotFound("there is no such case")
    return found
