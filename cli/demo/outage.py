"""A provider goes down in the demo: noticed, another offered, a queue, and its end."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from cli.demo.client import DemoClient
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
_AMOUNT, _PHONE, _OTHER = 2_500, "+237670000000", "+237690000000"
#: Payments that meet the outage before it is noticed, and payers who agree to wait.
_MET, _QUEUED = 8, 6
#: Looks before more payments meet it.
_LOOKS = 75
_DEADLINE = 180.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What became of it. `doubled`: payments the provider debited more than once."""

    noticed_seconds: float
    alternatives: list[str]
    by_the_other: str
    queued: int
    drained: int
    met: Counter[str]
    doubled: int
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        holds = self.drained == self.queued == _QUEUED and self.doubled == 0
        return Finding(
            name="outage: another method offered, the queue drained, nothing doubled",
            holds=holds and self.by_the_other == "succeeded" and bool(self.alternatives),
            detail=(
                f"noticed after {self.noticed_seconds:.1f} s, {self.alternatives} offered, "
                f"{self.drained} of {self.queued} queued paid, {self.doubled} doubled, "
                f"{self.seconds:.0f} s"
            ),
        )


async def play(client: DemoClient, say: Say) -> Outage:
    """MTN goes down and comes back. Raises TimeoutError when the story does not end."""
    say("MTN goes down: payments meet it, others are offered another method, some wait")
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        await client.control("momo/down", {"down": True, "how": "503"})
        try:
            met = await _met(client)
            noticed = time.monotonic() - began
            session, alternatives = await _refused(client)
            say(f"  noticed after {noticed:.1f} s; offered instead: {', '.join(alternatives)}")
            by_the_other = await _by_another(client, session, alternatives)
            queued = [await _queued(client) for _ in range(_QUEUED)]
            say(f"  paid by another method: {by_the_other}; {len(queued)} payers wait")
        finally:
            await client.control("momo/down", {"down": False})
        say("  MTN is back")
        ends = [await _ended(client, one) for one in (*queued, *met)]
    return Outage(
        noticed_seconds=noticed,
        alternatives=alternatives,
        by_the_other=by_the_other,
        queued=len(queued),
        drained=ends[: len(queued)].count("succeeded"),
        met=Counter(ends[len(queued) :]),
        doubled=await _doubled(client),
        seconds=time.monotonic() - began,
    )


def _body(**more: Any) -> dict[str, Any]:
    session = {"amount": _AMOUNT, "currency": "XAF", "reference": f"outage-{uuid7().hex[-12:]}"}
    return {**session, "description": "MTN is down", **more}


def _confirm(method: str = "momo", phone: str = _PHONE, **more: Any) -> dict[str, Any]:
    return {"method": method, "payer": {"phone": phone}, **more}


async def _pay_in(client: DemoClient, **more: Any) -> str:
    made = await client.post("/v1/checkouts", _body(confirm=_confirm(**more)))
    return str(made["payment"]["id"])


async def _met(client: DemoClient) -> list[str]:
    """Payments that meet the outage, until it is noticed: each is sent again and again."""
    met: list[str] = []
    while True:
        with contextlib.suppress(httpx.HTTPStatusError):  # noticed a moment ago
            met += [await _pay_in(client) for _ in range(_MET)]
        for _ in range(_LOOKS):
            if await _noticed(client):
                return met
            await asyncio.sleep(_PAUSE)


async def _noticed(client: DemoClient) -> bool:
    methods = (await client.get("/v1/providers"))["data"]
    rails = next(one["health"] for one in methods if one["id"] == "momo")
    down = ("open", "half_open")
    return any(one["operation"] == "collect" and one["state"] in down for one in rails)


async def _refused(client: DemoClient) -> tuple[str, list[str]]:
    """A session MTN is refused for, and what is offered instead. One that tries is let be."""
    while True:
        session = await client.post("/v1/checkouts", _body())
        try:
            await client.post(f"/v1/checkouts/{session['id']}/confirm", _confirm())
        except httpx.HTTPStatusError as error:
            problem = error.response.json()
            return str(session["id"]), list(problem["alternatives"])


async def _by_another(client: DemoClient, session: str, alternatives: list[str]) -> str:
    """The same payer pays by what was offered."""
    body = _confirm(alternatives[0], _OTHER)
    made = await client.post(f"/v1/checkouts/{session}/confirm", body)
    return await _ended(client, made["payment"]["id"])


async def _queued(client: DemoClient) -> str:
    """A payer who agrees to wait; one that is let through as a trial is let be."""
    while True:
        made = await client.post("/v1/checkouts", _body(confirm=_confirm(when_down="queue")))
        if made["payment"]["latest_attempt"]["state"] == "queued":
            return str(made["payment"]["id"])


async def _ended(client: DemoClient, payment: str) -> str:
    """How it ended; an attempt that was never sent leaves the payer to choose again."""
    while True:
        status = str((await client.get(f"/v1/payments/{payment}"))["status"])
        if status in {"succeeded", "canceled", "requires_payment_method"}:
            return status
        await asyncio.sleep(_PAUSE)


async def _doubled(client: DemoClient) -> int:
    debits = (await client.control("momo/book"))["debits"]
    times = Counter(one["our_reference"] for one in debits)
    return sum(1 for times_debited in times.values() if times_debited > 1)
