"""What operators know better than the plan of numbers: prefixes, and numbers that were ported."""

import re
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from activities import operators
from api.deps import Operator, Wired
from api.errors import NotFound
from api.methods import wrong
from api.phones import international
from api.schemas.numbers import Corrected, CorrectNumber, CorrectPrefix
from api.schemas.problems import refusals
from models.ids import PLATFORM_ORG

router = APIRouter(prefix="/v1/operator", tags=["operator"])
_PREFIX = re.compile(r"[1-9][0-9]{2,14}")


@router.get("/number_prefixes")
async def list_prefixes(operator: Operator, parts: Wired) -> dict[str, Any]:
    """Every corrected prefix, with who set it and why."""
    async with parts.database.scoped(PLATFORM_ORG, operator.livemode) as connection:
        found = await operators.corrected_prefixes(connection)
    data = [{"object": "number_prefix", **row} for row in found]
    return {"object": "list", "data": data}


@router.put("/number_prefixes/{prefix}", response_model=Corrected, responses=refusals(400))
async def correct_prefix(
    prefix: str, body: CorrectPrefix, operator: Operator, parts: Wired
) -> Corrected:
    """From now on numbers that begin so belong to the rail, or to none."""
    if not _PREFIX.fullmatch(prefix):
        raise wrong("/prefix", "3 to 15 digits with the calling code, without a plus")
    async with parts.database.scoped(PLATFORM_ORG, operator.livemode) as connection:
        await operators.correct_prefix(
            connection,
            prefix,
            body.rail,
            livemode=operator.livemode,
            by=operator.principal,
            why=body.reason,
        )
    return Corrected(object="number_prefix", prefix=prefix, rail=body.rail)


@router.delete("/number_prefixes/{prefix}", status_code=204, responses=refusals(404))
async def forget_prefix(prefix: str, operator: Operator, parts: Wired) -> Response:
    """The plan of numbers holds again."""
    async with parts.database.scoped(PLATFORM_ORG, operator.livemode) as connection:
        if not await operators.forget_prefix(connection, prefix):
            raise NotFound("this prefix was not corrected")
    return Response(status_code=204)


@router.put("/ported_numbers", response_model=Corrected, responses=refusals(400))
async def correct_number(body: CorrectNumber, operator: Operator, parts: Wired) -> Corrected:
    """From now on this one number belongs to the rail. The number itself is not kept."""
    msisdn, mode = international(body.phone, pointer="/phone"), operator.livemode
    lookup = await operators.number_lookup(parts.vault, msisdn, livemode=mode)
    async with parts.database.scoped(PLATFORM_ORG, mode) as connection:
        if body.rail is None:
            await operators.forget_number(connection, lookup)
        else:
            await operators.correct_number(
                connection,
                lookup,
                body.rail,
                livemode=mode,
                by=operator.principal,
                why=body.reason,
            )
    return Corrected(object="ported_number", rail=body.rail)
