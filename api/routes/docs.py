"""The documentation inside the process: Swagger UI from our own files, and every problem."""

from html import escape
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, HTMLResponse, Response

from api.errors import NotFound, every_problem

router = APIRouter(prefix="/docs", tags=["docs"], include_in_schema=False)

_STATIC = Path(__file__).parent.parent / "static"
ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "start.js": "text/javascript",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Kauri API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>
</body></html>
"""


@router.get("")
async def swagger() -> Response:
    """Swagger UI; it loads nothing from anywhere else."""
    return HTMLResponse(_PAGE, headers=_HEADERS)


@router.get("/problems")
async def problems() -> Response:
    """Every problem by its code: where `type` and `doc_url` point."""
    rows = "".join(
        f'<tr id="{one.code}"><td>{one.status}</td><td><code>{one.code}</code></td>'
        f"<td>{escape(one.__doc__ or '')}</td><td>{one.retryable}</td><td>{one.outcome}</td></tr>"
        for one in every_problem()
    )
    head = "<tr><th>status</th><th>code</th><th>meaning</th><th>retryable</th><th>outcome</th></tr>"
    title = "<title>Kauri problems</title>"
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{title}<table>{head}{rows}</table>'
    )
    return HTMLResponse(page, headers=_HEADERS)


@router.get("/{asset}")
async def asset(asset: str) -> Response:
    """One vendored file of Swagger UI (api/static, with its licence)."""
    if asset not in ASSETS:
        raise NotFound("no such path")
    return FileResponse(_STATIC / asset, media_type=ASSETS[asset], headers=_HEADERS)
