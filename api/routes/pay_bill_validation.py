"""The question before the money moves: answered within M-Pesa's time, and kept.

In doubt the payment is welcome: what nobody can be credited with waits in suspense, and a
customer turned away because our lender was slow does not come back.
"""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request
from loguru import logger
from starlette.responses import Response

from activities.account_matching import AccountMatching
from activities.registering import VALIDATION
from api import doors
from api.answers import answer
from api.errors import NotFound
from api.parts import Parts, parts_of
from api.path_tags import verified
from api.queries import collections as queries
from api.queries import doors as messages
from models import ids
from models.collection_order import MatchOrder
from models.credentials import CredentialKind, NoCredentials
from models.mobile_money import PaybillPayment
from providers.contract import ProviderError, QuestionRefused
from providers.doors import Kind
from providers.mpesa.c2b import Rejection, accepted, read_paybill, rejected

router = APIRouter(prefix="/in", tags=["callbacks"], include_in_schema=False)

#: Seconds the lender's books have; M-Pesa gives us about eight for everything.
PATIENCE = 2.0


@router.post(f"/{VALIDATION}/{{token}}")
async def receive_validation(token: str, request: Request) -> Response:
    """Store the question under its digest, then say yes or no. The id comes back with the money."""
    parts = parts_of(request)
    owner = verified(parts, VALIDATION, token)
    found = await messages.owner(parts.database, UUID(owner))
    if found is None or found["kind"] != CredentialKind.MPESA_C2B:
        raise NotFound("there is no such pay bill")
    raw = await request.body()
    row_id, _new = await doors.kept(
        parts,
        {**found, "workflow": f"pay_bill/{owner}"},
        request,
        slug=VALIDATION,
        kind=Kind.ARRIVAL,
        identity=ids.body_digest(f"{VALIDATION}/{owner}", raw),
        point=owner,
    )
    told = read_paybill(raw)
    no = await _against(parts, found, told) if told else None
    if no is not None:
        return answer(dict(rejected(no)))
    return answer(dict(accepted(ids.shown(ids.EVIDENCE, row_id) if row_id else None)))


async def _against(parts: Parts, owner: messages.Row, told: PaybillPayment) -> Rejection | None:
    """Why the partner does not want it; None when it does, or nobody can say in time."""
    async with parts.database.scoped(owner["org_id"], owner["livemode"]) as connection:
        rules = await queries.rules(connection)
    if rules is None:
        return None
    low, high, amount = rules["minimum"], rules["maximum"], told.amount.minor
    if (low and amount < low) or (high and amount > high):
        return Rejection.AMOUNT
    if rules["reject_unmatched"] and not await _has_account(parts, owner, told):
        return Rejection.ACCOUNT
    return None


async def _has_account(parts: Parts, owner: messages.Row, told: PaybillPayment) -> bool:
    """Whether the payment would be matched; True where the books do not say so in time."""
    order = MatchOrder(
        org_id=ids.shown(ids.ORG, owner["org_id"]),
        livemode=owner["livemode"],
        account=told.bill_reference or "",
        payer=told.phone,
        currency=told.amount.currency,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            match = await AccountMatching(parts.partners).found(order)
    except (TimeoutError, NoCredentials, QuestionRefused, ProviderError) as doubt:
        logger.warning("a payment is welcome in doubt: {}", type(doubt).__name__)
        return True
    return match.target is not None
