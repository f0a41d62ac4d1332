"""Pages as HTML, with the headers every page has."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
ASSETS: Mapping[str, str] = {
    "pay.css": "text/css",
    "pay.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def _address(name: str) -> str:
    """An asset under the digest of what it holds: it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/assets/{name}?v={digest}"


_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals["assets"] = {name: _address(name) for name in ASSETS}


def page(template: str, facts: Mapping[str, Any], status: int = 200) -> Response:
    """The template with its facts, everything escaped. Raises UndefinedError for a missing one."""
    return HTMLResponse(_PAGES.get_template(template).render(facts), status, headers=_HEADERS)
