"""Who calls is who is connected: the server believes no header before our own rule reads it."""

import asyncio
import json
import re
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.main import main as command_line

from cli.stack import ours

ROOT = Path(__file__).parent.parent.parent
STRANGER = "196.201.214.200"


def image() -> list[str]:
    """What the image runs, without the program's name."""
    said = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert said is not None
    arguments: list[str] = json.loads(said[1])
    assert arguments.pop(0) == "uvicorn"
    return arguments


def stack() -> list[str]:
    """What `kauri up` runs, without the interpreter and the module's name."""
    _python, _module, program, *arguments = ours.api(8080, {}).command
    assert program == "uvicorn"
    return arguments


async def peer(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers with the address the request is said to come from."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["client"][0].encode()})


async def seen(arguments: Sequence[str]) -> str:
    """Whom a server with these arguments takes for the caller, from here and with a header."""
    told = command_line.make_context("uvicorn", list(arguments)).params
    config = uvicorn.Config(
        peer, lifespan="off", log_level="error", proxy_headers=told["proxy_headers"]
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)
        port = listening.getsockname()[1]
        async with httpx.AsyncClient(trust_env=False) as http:
            headers = {"X-Forwarded-For": STRANGER}
            answer = await http.get(f"http://127.0.0.1:{port}/", headers=headers)
        server.should_exit = True
        await serving
    return answer.text


@pytest.mark.parametrize("arguments", [image, stack])
async def test_a_caller_on_this_machine_is_not_whom_its_header_names(
    arguments: Callable[[], list[str]],
) -> None:
    assert await seen(arguments()) == "127.0.0.1"
