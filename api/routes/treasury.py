"""The house's floats, what covers what is owed, and when money is available to merchants."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from activities import lanes
from activities.coverage import Coverage
from api.answers import answer
from api.deps import Treasurer, Wired
from api.errors import Conflict, NotFound
from api.naming import named
from api.parts import Parts
from api.queries import treasury as queries
from api.schemas.floats import (
    CoolingOff,
    CoverageReport,
    Done,
    FloatList,
    FloatSettings,
    FloatView,
    Holiday,
    RollingReserve,
    SettlementRule,
)
from api.schemas.problems import refusals
from models import ids
from models.coverage import covered_object
from models.floats import FLOAT, float_object

router = APIRouter(prefix="/v1/treasury", tags=["treasury"])


@router.get("/floats", response_model=FloatList)
async def list_floats(caller: Treasurer, parts: Wired) -> Response:
    """Every float: booked, reserved, told by its holder, and how long it lasts."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await lanes.lanes(connection)
    shown = [float_object(row, lanes.view(row)) for row in rows]
    return answer({"object": "list", "data": shown})


@router.put("/floats/{lane}", response_model=FloatView, responses=refusals(404))
async def set_float(lane: str, body: FloatSettings, caller: Treasurer, parts: Wired) -> Response:
    """Open or close a float, say what difference is tolerated and below what it is low."""
    lane_id = named(FLOAT, lane, "float")
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        known = await lanes.change(
            connection,
            lane_id,
            is_open=body.open,
            tolerated=body.tolerated,
            low_below=body.low_below,
        )
        if not known:
            raise NotFound("there is no such float")
        row = (await lanes.lanes(connection, lane_id))[0]
    return answer(float_object(row, lanes.view(row)))


@router.get("/coverage", response_model=CoverageReport)
async def read_coverage(caller: Treasurer, parts: Wired) -> Response:
    """Whether what we hold for others is there, as of now."""
    found = await Coverage(parts.database).now(livemode=caller.livemode)
    return answer({"object": "coverage", "data": [covered_object(one) for one in found]})


@router.post("/settlement_rules", status_code=201, response_model=Done, responses=refusals(409))
async def add_settlement_rule(body: SettlementRule, caller: Treasurer, parts: Wired) -> Response:
    """Say how a rail settles from a moment on. What is summed up before stays as it was."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        if not await queries.add_rule(connection, body, by=caller.principal):
            raise Conflict(f"{body.rail} has a rule from that moment; take another")
    return _done(rail=body.rail, status=201)


@router.post("/holidays", status_code=201, response_model=Done)
async def add_holiday(body: Holiday, caller: Treasurer, parts: Wired) -> Response:
    """Add a day that counts as none."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        await queries.add_holiday(connection, body)
    return _done(calendar=body.calendar, status=201)


@router.put("/reserves/{organisation}", response_model=Done, responses=refusals(404))
async def set_rolling_reserve(
    organisation: str, body: RollingReserve, caller: Treasurer, parts: Wired
) -> Response:
    """Keep a share of what a merchant is credited for some days."""
    org = await _org(parts, organisation)
    async with parts.database.scoped(org, caller.livemode) as connection:
        await queries.set_reserve(connection, body, by=caller.principal)
    return _done(organisation=organisation)


@router.put("/cooling_off/{organisation}", response_model=Done, responses=refusals(404))
async def set_cooling_off(
    organisation: str, body: CoolingOff, caller: Treasurer, parts: Wired
) -> Response:
    """Say how long an organisation's new payees wait."""
    org = await _org(parts, organisation)
    async with parts.database.scoped(org, caller.livemode) as connection:
        await queries.set_cooling(connection, body, by=caller.principal)
    return _done(organisation=organisation)


async def _org(parts: Parts, text: str) -> UUID:
    org = named(ids.ORG, text, "organisation")
    async with parts.database.system() as connection:
        if not await queries.there_is(connection, org):
            raise NotFound("there is no such organisation")
    return org


def _done(*, status: int = 200, **about: Any) -> Response:
    members = dict.fromkeys(("organisation", "rail", "calendar"))
    return answer({"object": "treasury_setting", **members, **about}, status)
