"""What holds for an organisation's payouts: checks, limits, who is asked, and what it costs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from psycopg import errors as sql
from starlette.responses import Response

from activities import payout_rows
from activities.payout_accepting import seal_payee
from api.answers import answer
from api.currencies import known_currency
from api.deps import Operator, PayoutApprover, PayoutReader, Wired
from api.errors import NotFound
from api.keys import Caller
from api.methods import wrong
from api.naming import named
from api.parts import Parts
from api.payout_desk import payee_of
from api.queries import payout_policies as queries
from api.schemas.payouts import (
    AutomaticGiven,
    PayoutPolicyView,
    PutPayoutFees,
    PutPayoutPolicy,
)
from api.schemas.problems import refusals
from models import ids
from models.fees import FeeRule
from models.payout_policy import ALL
from runtime.database import Connection

_ORG = "select id from orgs where id = %s"

router = APIRouter(prefix="/v1/payout_policy", tags=["payouts"])
operator_router = APIRouter(prefix="/v1/operator/payout_fees", tags=["operator"])


@router.get("", response_model=PayoutPolicyView)
async def read_payout_policy(caller: PayoutReader, parts: Wired) -> Response:
    """The policy in force; without one of your own, the default."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return answer(await _shown(connection))


@router.put("", response_model=PayoutPolicyView, responses=refusals(400))
async def put_payout_policy(
    body: PutPayoutPolicy, caller: PayoutApprover, parts: Wired
) -> Response:
    """Replace it. Only a key that may approve: whoever sends money sets no limits of their own."""
    for number, limit in enumerate(body.limits):
        known_currency(limit.currency, f"/limits/{number}/currency")
        _known_rail(parts, limit.provider, f"/limits/{number}/provider")
    limits = [limit.model_dump() for limit in body.limits]
    chosen = {
        **body.model_dump(exclude={"limits", "automatic", "code_to"}),
        "code_to": _user(body.code_to),
        **await _automatic(parts, caller, body.automatic),
    }
    try:
        async with parts.database.scoped(caller.org, caller.livemode) as connection:
            await queries.put(connection, chosen, limits, caller.principal)
            return answer(await _shown(connection))
    except sql.UniqueViolation as error:
        raise wrong("/limits", "one limit per provider and currency") from error
    except sql.ForeignKeyViolation as error:
        raise wrong("/code_to", "no authorised user has this id") from error


@operator_router.put("/{org}", response_model=PayoutPolicyView, responses=refusals(400, 404))
async def put_payout_fees(
    org: str, body: PutPayoutFees, operator: Operator, parts: Wired
) -> Response:
    """What the house charges this organisation from now on, in the operator's mode."""
    fees = {
        "payout_bps": body.payout.basis_points,
        "payout_fixed": body.payout.fixed_minor,
        "withdrawal_bps": body.withdrawal.basis_points,
        "withdrawal_fixed": body.withdrawal.fixed_minor,
        "tax": body.tax_basis_points,
    }
    owner = await _organisation(parts, org)
    async with parts.database.scoped(owner, operator.livemode) as connection:
        await queries.put_fees(connection, fees, operator.principal)
        return answer(await _shown(connection))


def _known_rail(parts: Parts, provider: str, pointer: str) -> None:
    """Raises Invalid: a limit under a misspelt name would limit nothing."""
    if provider != ALL and provider not in parts.payout_rails:
        raise wrong(pointer, f"use one of {', '.join((ALL, *parts.payout_rails))}")


def _user(text: str | None) -> UUID | None:
    """Who is sent codes. Raises Invalid."""
    try:
        return ids.parsed(ids.USER, text) if text is not None else None
    except ids.BadId as error:
        raise wrong("/code_to", "not a usr_… id") from error


async def _automatic(parts: Parts, caller: Caller, given: AutomaticGiven | None) -> dict[str, Any]:
    """Whom it goes to, sealed; nobody where nothing was chosen. Raises Invalid."""
    if given is None:
        return {"method": None, "sealed": None, "masked": None}
    payee = payee_of(parts, given.payee, given.method)
    sealed = await seal_payee(parts.vault, caller.org, payee, livemode=caller.livemode)
    return {"method": given.method, "sealed": sealed, "masked": payee.shown}


async def _organisation(parts: Parts, org: str) -> UUID:
    """The organisation, which is there. Raises NotFound."""
    owner = named(ids.ORG, org, "organisation")
    async with parts.database.system() as connection:
        row = await (await connection.execute(_ORG, [owner])).fetchone()
    if row is None:
        raise NotFound("there is no such organisation")
    return owner


async def _shown(connection: Connection) -> dict[str, Any]:
    policy = await payout_rows.policy(connection)
    return {
        "object": "payout_policy",
        "name_check": str(policy.name_check),
        "approval_hours": policy.approval_hours,
        "code_to": policy.code_to and ids.shown(ids.USER, policy.code_to),
        "automatic": policy.automatic
        and {"payee": policy.automatic.masked, "method": policy.automatic.method},
        "return_fee": policy.return_fee,
        "tells_payee": policy.tells_payee,
        "fees": {
            "payout": _fee(policy.fee),
            "withdrawal": _fee(policy.withdrawal_fee),
            "tax_basis_points": policy.fee.tax_basis_points,
        },
        "limits": await queries.limits(connection),
    }


def _fee(rule: FeeRule) -> dict[str, int]:
    return {"basis_points": rule.basis_points, "fixed_minor": rule.fixed_minor}
