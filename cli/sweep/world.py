"""The world of one sweep: a stack of its own, one merchant, and the witnesses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from temporalio.client import Client

from api.keys import digest
from cli.seed import seed
from cli.stack.stack import Stack
from cli.sweep.arms import Arms
from cli.sweep.driven import Driven
from cli.sweep.shop import Shop
from models.ids import uuid7
from runtime import temporal
from runtime.database import Connection

#: The simulator behind each provider.
SIMULATORS = {"mpesa": "daraja", "momo": "momo"}
#: Whom lenders have to do with besides.
_BOOKS = ("fineract", "ncba")
_WAIT_SCALE = 0.05
#: On top of the scale: a prompt lives for 5 s. M-Pesa without a handle to ask with needs a person
#: after 10 s; MTN after 30 s, time enough to prove that nothing was received and send again.
_QUICKLY = {
    # Cell after cell breaks a rail on purpose: none of them is to be down for the next.
    "KAURI_RAIL_OPENS_AFTER": "1000000",
    "MPESA_ASK_EVERY": "[15, 30, 30, 60]",
    "MOMO_ASK_EVERY": "[15, 30, 30, 60]",
    "MPESA_PROMPT_LIFETIME": "100",
    "MPESA_HORIZON": "200",
    "MOMO_PROMPT_LIFETIME": "100",
    "MOMO_HORIZON": "600",
    # What a payout is asked about for before a person has to look: 30 s.
    "WAVE_HORIZON": "600",
    "AIRTEL_HORIZON": "600",
    "NCBA_FLOAT_HOURS": "0.05",
    # One lender buys float eighty times, which an honest one does not within the hour.
    "KAURI_OTPS_PER_HOUR": "1000",
}
#: Later than the end of most sessions, and soon enough to be waited for.
LATE_SECONDS = 4.0
#: A lost answer is known to be lost before the callback comes: that is when it tempts.
_BEHAVIOUR = {
    "approve_after_seconds": 0.6,
    "hang_seconds": 0.3,
    "callback_gap_seconds": 1.5,
    "late_after_seconds": LATE_SECONDS,
    "drip_seconds": 1.0,
}
_INBOX = "sweep"
_OWNER = "select org_id from api_keys where digest = %s"


class World:
    """What the sweep acts on and looks at."""

    def __init__(self, stack: Stack, arms: Arms, key: str) -> None:
        urls = stack.urls
        self.stack = stack
        self.arms = arms
        self.shop = Shop(urls.api, key)
        self.client: Client
        self.org: UUID
        #: Every checkout of this sweep: they share phones.
        self.driven: list[Driven] = []
        self._key = key
        self._simulators = httpx.AsyncClient(base_url=urls.simulators, timeout=15.0)

    async def open(self) -> None:
        """Connect, set the simulators' pace, and register the merchant's endpoint."""
        async with self.reading() as connection:
            row = await (await connection.execute(_OWNER, [digest(self._key)])).fetchone()
        if row is None:
            raise LookupError("the merchant that was just made is not there")
        self.org = row["org_id"]
        self.client = await temporal.connect(self.stack.settings())
        for name in (*SIMULATORS.values(), *_BOOKS):
            await self.control(f"{name}/settings", _BEHAVIOUR)
        await self._listen()

    async def aclose(self) -> None:
        """Close every connection."""
        await self.shop.aclose()
        await self._simulators.aclose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection of its own as kauri_system: a pool would wait for a server that is back."""
        connection = await AsyncConnection.connect(
            self.stack.urls.database, row_factory=dict_row, connect_timeout=3
        )
        async with connection, connection.transaction():
            await connection.execute("set local role kauri_system")
            yield connection

    async def kill(self, victim: str) -> None:
        """SIGKILL it with all its descendants."""
        await asyncio.to_thread(self.stack.kill, victim)

    async def restart(self, victim: str) -> None:
        """Start it again on the same data and port."""
        await asyncio.to_thread(self.stack.restart, victim)

    async def books(self) -> dict[str, dict[str, Any]]:
        """The simulators' money books, by provider."""
        return {name: await self.control(f"{sim}/book") for name, sim in SIMULATORS.items()}

    async def received(self) -> list[dict[str, Any]]:
        """What the merchant received, in order."""
        messages: list[dict[str, Any]] = await self.control("merchant/received")
        return messages

    async def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The simulators' controls: GET without a body, POST with one."""
        url = f"/control/{path}"
        ask = self._simulators.get(url) if body is None else self._simulators.post(url, json=body)
        answer = await ask
        answer.raise_for_status()
        return answer.json()

    async def _listen(self) -> None:
        url = f"{self.stack.urls.simulators}/merchant/hooks/{_INBOX}"
        answer = await self.shop.post("/v1/webhook_endpoints", {"url": url}, str(uuid7()))
        secret = httpx.Response(200, content=answer).json()["secret"]
        await self.control("merchant/secrets", {"inbox": _INBOX, "secrets": [secret]})


def build(state: Path, say: Callable[[str], None]) -> tuple[Stack, Arms]:
    """A fresh stack, started; the caller stops it."""
    folder = state.absolute() / "faultpoints"
    stack = Stack(
        state,
        wait_scale=_WAIT_SCALE,
        env={"KAURI_FAULTPOINTS": str(folder), **_QUICKLY},
        usual_ports=False,
        say=say,
    )
    stack.erase()
    try:
        stack.start()
    except BaseException:
        stack.stop()
        raise
    return stack, Arms(folder)


def enrol(stack: Stack) -> str:
    """A merchant of the sweep's own; its key."""
    return seed(stack.urls.database, "Sweep")
