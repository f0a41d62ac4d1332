"""`kauri codec-server`: lets the Temporal UI show what is sealed, to those who hold the token.

Decode only. The browser sends the payloads it got from the UI; the answer never leaves the
operator's machine unless the operator exposes the port. Every decode is logged with its count.
"""

import hmac
import json
from typing import Annotated, Any

import typer
import uvicorn
from google.protobuf.json_format import MessageToDict, ParseDict
from loguru import logger
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payloads

from cli.stack.joining import state_folder
from cli.stack.plan import Plan, Wishes
from cli.stack.state import State
from runtime.codec import CodecKeyMissing, SealingCodec
from runtime.settings import Settings, keyring

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


def codec_server(
    token: Annotated[
        str,
        typer.Option("--token", envvar="KAURI_CODEC_TOKEN", help="Default: the stack's own."),
    ] = "",
    origin: Annotated[
        str, typer.Option("--origin", envvar="KAURI_UI_ORIGIN", help="Where the UI is served.")
    ] = "",
    port: Annotated[
        int, typer.Option("--port", envvar="KAURI_CODEC_PORT", help="Default: the stack's own.")
    ] = 0,
) -> None:
    """Let the Temporal UI show sealed payloads, until Ctrl-C. Loopback only."""
    state = State(state_folder())
    here = Plan(state, Wishes(), lambda _line: None) if "ports" in state.read() else None
    if here is None and not (token and origin and port):
        typer.echo("no stack in the state folder: give --token, --origin and --port", err=True)
        raise typer.Exit(2)
    token = token or state.secrets()["codec_token"]
    origin = origin or (here.urls.temporal_ui if here else "")
    port = port or (here.ports["codec"] if here else 0)
    typer.echo(f"codec server for {origin} on 127.0.0.1:{port}; Ctrl-C ends it")
    codec = SealingCodec(keyring(Settings().codec_keys))
    app = codec_app(codec, token=token, origin=origin)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
