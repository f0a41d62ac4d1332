"""`kauri codec-server`: lets the Temporal UI show what is sealed, to those who hold the token.

Decode only. The browser sends the payloads it got from the UI; the answer never leaves the
operator's machine unless the operator exposes the port. Every decode is logged with its count.
"""

import base64
import hmac
import json
import secrets
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from loguru import logger
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payloads

from runtime.codec import CodecKeyMissing, SealingCodec

_LARGEST_BODY = 4 * 1024 * 1024


def codec_app(codec: SealingCodec, *, token: str, origin: str) -> Starlette:
    """The codec endpoint for one UI origin, behind a secret path and a bearer token alike.

    The development server can be given an endpoint but no token, so `/{token}/decode` is
    served too; in production put it behind OIDC and pass the bearer.
    """
    door = _Door(codec, token, origin)
    routes = [
        Route("/decode", door.decode, methods=["POST", "OPTIONS"]),
        Route("/{token}/decode", door.decode, methods=["POST", "OPTIONS"]),
    ]
    return Starlette(routes=routes)


class _Door:
    def __init__(self, codec: SealingCodec, token: str, origin: str) -> None:
        self._codec = codec
        self._token = token
        self._origin = origin

    async def decode(self, request: Request) -> Response:
        """Open sealed payloads; 401 without the token, 400 for anything unreadable."""
        if request.method == "OPTIONS":
            return self._with_cors(Response(status_code=204))
        if not self._known(request):
            return self._with_cors(JSONResponse({"error": "token required"}, status_code=401))
        body = await request.body()
        if len(body) > _LARGEST_BODY:
            return self._with_cors(JSONResponse({"error": "too large"}, status_code=413))
        return self._with_cors(await self._opened(body))

    async def _opened(self, body: bytes) -> Response:
        try:
            payloads = ParseDict(json.loads(body), Payloads()).payloads
            opened = await self._codec.decode(payloads)
        except (ValueError, CodecKeyMissing) as error:
            return JSONResponse({"error": str(error)[:200]}, status_code=400)
        except Exception as error:  # noqa: BLE001 - protobuf raises its own tree of parse errors
            return JSONResponse({"error": type(error).__name__}, status_code=400)
        logger.info("decoded {} payloads for the UI", len(opened))
        answer: dict[str, Any] = MessageToDict(Payloads(payloads=opened))
        return JSONResponse(answer)

    def _known(self, request: Request) -> bool:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        offered = request.path_params.get("token") or bearer
        return hmac.compare_digest(offered.encode(), self._token.encode())

    def _with_cors(self, response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = self._origin
        response.headers["Access-Control-Allow-Headers"] = "content-type,x-namespace,authorization"
        response.headers["Access-Control-Allow-Methods"] = "POST,OPTIONS"
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return response


def new_token() -> str:
    """A token nobody guesses, safe in a path."""

    return base64.b32encode(secrets.token_bytes(20)).decode().lower()
