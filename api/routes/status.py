"""The public status page: no key, no cookie, nothing from elsewhere."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api import status_page
from api.answers import answer
from api.deps import Wired

router = APIRouter(tags=["status"])
_CACHED = status_page.HEADERS["Cache-Control"]


@router.get("/status", include_in_schema=False)
async def status(parts: Wired) -> Response:
    """What works now, for people."""
    shown = status_page.page(await status_page.document(parts))
    return HTMLResponse(shown, headers=status_page.HEADERS)


@router.get("/status.json", response_model=None)
async def status_document(parts: Wired) -> Response | dict[str, Any]:
    """What works now, for programs: each rail with its state, maintenance, last changes."""
    return answer(await status_page.document(parts), Cache_Control=_CACHED)
