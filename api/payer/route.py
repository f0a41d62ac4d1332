"""Routes of pages: what goes wrong is told as a page, and what was done is seen by a redirect."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.payer.failures import failure
from models.messages import Language


class PageRoute(APIRoute):
    """Tells problems as a page, to somebody who pays."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override] # FastAPI says Coroutine, and awaits it
        """The route, with its problems as HTML."""
        handler = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handler(request)
            except Problem as problem:
                return failure(problem, request)

        return told


def see(path: str, request: Request, *, fresh: bool = False) -> Response:
    """Go and look, in the language of before. `fresh`: from there on to the provider's page."""
    language = request.query_params.get("lang", "")
    told = ["go=1"] if fresh else []
    told += [f"lang={language}"] if language in set(Language) else []
    return RedirectResponse("?".join(filter(None, (path, "&".join(told)))), 303)
