"""Who may call the addresses M-Pesa calls: its own machines only, where a list is set.

Its messages carry no signature. The secret path is the proof, and this is a second one: a path
that leaked is of no use elsewhere.
"""

import ipaddress
from collections.abc import Sequence
from typing import TypeAlias

from loguru import logger
from starlette.types import ASGIApp, Receive, Scope, Send

from activities.registering import VALIDATION
from api.answers import problem_answer
from api.errors import SourceRefused
from providers.doors import DOORS, SHARED
from providers.mpesa.sources import PUBLISHED
from runtime.settings import Network, Settings, networks

#: The slugs of M-Pesa's addresses, checkouts' prompts among them.
SLUGS = frozenset(
    {VALIDATION, *(slug for slug, door in {**DOORS, **SHARED}.items() if door.system == "mpesa")}
)

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class Sources:
    """Lets the listed sources pass; without a list everybody. Plain ASGI, inside the edge."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._allowed = networks(settings.mpesa_callback_sources, published=PUBLISHED)
        self._proxies = networks(settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it before anything is read or stored."""
        slug = _slug(scope) if self._allowed else None
        if slug is None:
            await self._app(scope, receive, send)
            return
        source = source_of(scope, self._proxies)
        if source is not None and _within(source, self._allowed):
            await self._app(scope, receive, send)
            return
        logger.warning("a message at {} is refused: {} is not listed", slug, source or "its source")
        scope["app"].state.parts.metrics.refused(slug)
        problem = SourceRefused("this address is called by M-Pesa alone")
        await problem_answer(problem, scope)(scope, receive, send)


def _slug(scope: Scope) -> str | None:
    """The slug of one of M-Pesa's addresses; None for every other request."""
    if scope["type"] != "http":
        return None
    parts = scope["path"].split("/", 3)
    found = parts[1] == "in" and len(parts) > 2 and parts[2] in SLUGS
    return str(parts[2]) if found else None


def source_of(scope: Scope, proxies: Sequence[Network]) -> _Address | None:
    """Who called: the nearest address that is no proxy of ours; None when nobody can tell."""
    client = scope.get("client")
    source = _address(client[0]) if client else None
    hops = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    heard = [hop for hop in hops.decode("latin-1").split(",") if hop.strip()]
    while source is not None and heard and _within(source, proxies):
        source = _address(heard.pop())
    return source


def _address(text: str) -> _Address | None:
    """An address as headers write it; None for what is none."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _within(source: _Address, blocks: Sequence[Network]) -> bool:
    return any(source in block for block in blocks)
