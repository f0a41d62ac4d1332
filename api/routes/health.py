"""Whether the process lives, whether it can work, and what it counts."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import answer
from api.parts import parts_of
from api.readiness import checks

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Database, schema, Temporal and relay. Without Temporal requests are still accepted."""
    found = await checks(parts_of(request))
    ready = all(one["ok"] for one in found.values() if one["required"])
    return answer(
        {"status": "ok" if ready else "not ready", "checks": found}, 200 if ready else 503
    )


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counters for Prometheus; nothing in it names an organisation."""
    parts = parts_of(request)
    page = await parts.metrics.page(parts.database)
    return Response(page, media_type="text/plain; version=0.0.4; charset=utf-8")
