"""The whole stack once for all journeys: real PostgreSQL, real Temporal, our own processes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cli.demo.client import DemoClient, Keys
from cli.seed import mint_key, seed
from cli.stack.stack import Stack
from models.ids import PLATFORM_ORG

#: Waits of sagas in journeys: a prompt's minute becomes three seconds.
WAIT_SCALE = 0.05
#: Journeys break calls on purpose: few of them are no outage.
FEW_FAULTS = {"KAURI_RAIL_OPENS_AFTER": "16"}


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything `kauri up` starts, on free ports, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="kauri-journeys-", ignore_cleanup_errors=True) as path:
        Path(path).chmod(0o711)
        state = Path(path) / "state"
        running = Stack(state, wait_scale=WAIT_SCALE, env=FEW_FAULTS, usual_ports=False)
        running.start()
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def keys(stack: Stack) -> Keys:
    """A merchant and two operators."""
    url = stack.urls.database
    first, second = (
        mint_key(url, PLATFORM_ORG, principal=name, scopes=("operator",))
        for name in ("op.amina", "op.brian")
    )
    return Keys(merchant=seed(url, "Duka"), operator=first, approver=second)


@pytest.fixture
async def shop(stack: Stack, keys: Keys) -> AsyncIterator[DemoClient]:
    """A merchant with a client."""
    async with DemoClient(stack.urls.api, stack.urls.simulators, keys) as client:
        yield client


async def settled(shop: DemoClient, payment_id: str, *statuses: str, seconds: float = 120.0) -> str:
    """Wait until the payment has one of the statuses; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            status = (await shop.get(f"/v1/payments/{payment_id}"))["status"]
            if status in statuses:
                return str(status)
            await asyncio.sleep(0.2)
