"""What operators see of rails, and the maintenance they announce."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.deps import Operator, Wired
from api.errors import NotFound
from api.methods import wrong
from api.naming import named
from api.queries import rail_windows
from api.rail_view import rail_object, titles
from api.schemas.problems import refusals
from api.schemas.rails import AnnounceMaintenance, Maintenance
from api.times import to_come
from models import ids

router = APIRouter(prefix="/v1/operator/rails", tags=["operator"])
_LONGEST, _AHEAD = timedelta(days=7), timedelta(days=366)


@router.get("")
async def list_rails(_operator: Operator, parts: Wired) -> dict[str, Any]:
    """Every rail with how many wait for it, and the maintenance ahead."""
    waiting = await rail_windows.waiting(parts.database)
    rails = [
        {
            "provider": rail.provider,
            "object": "rail",
            **rail_object(rail, circuit),
            "trials": circuit.trials,
            "openings_in_a_row": circuit.streak,
            "waiting": waiting.get((rail.provider, str(rail.operation)), 0),
        }
        for rail, circuit in (await parts.rails.all()).items()
    ]
    ahead = [rail_windows.window_object(row) for row in await rail_windows.ahead(parts.database)]
    return {"object": "list", "data": rails, "maintenance": ahead}


@router.post(
    "/{provider}/maintenance",
    status_code=201,
    response_model=Maintenance,
    responses=refusals(400, 404),
)
async def announce_maintenance(
    provider: str, body: AnnounceMaintenance, operator: Operator, parts: Wired
) -> Response:
    """Nothing new is sent to the provider from then till then; what waits leaves afterwards."""
    if provider not in titles(parts):
        raise NotFound("there is no such provider")
    to_come(body.ends_at, "/to", within=_AHEAD)
    if body.ends_at <= body.starts_at:
        raise wrong("/to", "after `from`")
    if body.ends_at - body.starts_at > _LONGEST:
        raise wrong("/to", "seven days after `from` at most: switch the provider off instead")
    row = await rail_windows.add(
        parts.database,
        provider=provider,
        operation=body.operation,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        reason=body.reason,
        actor=operator.principal,
    )
    return answer(rail_windows.window_object(row), 201)


@router.post("/maintenance/{window}/cancel", response_model=Maintenance, responses=refusals(404))
async def cancel_maintenance(window: str, operator: Operator, parts: Wired) -> Response:
    """The window is over, or does not come."""
    window_id = named(ids.MAINTENANCE, window, "maintenance")
    row = await rail_windows.cancel(parts.database, window_id, operator.principal)
    if row is None:
        raise NotFound("there is no such maintenance ahead")
    return answer(rail_windows.window_object(row))
