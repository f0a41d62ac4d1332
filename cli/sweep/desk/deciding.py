"""What two operators say, repeated until it is answered: decided already is an answer too."""

from typing import Any

import httpx

from cli.demo.client import DemoClient
from cli.sweep.vault.lender import again

_DECIDED = 409


async def decide(client: DemoClient, path: str, **body: Any) -> None:
    """Say it, whatever dies meanwhile. Raises httpx.HTTPStatusError when it is refused."""
    said = {"reason": "the sweep's witnesses agree", **body}
    try:
        await again(lambda: client.operate("POST", path, said))
    except httpx.HTTPStatusError as error:
        if error.response.status_code != _DECIDED:
            raise
