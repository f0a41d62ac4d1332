"""The payer's page: how soon its first byte comes, and what a phone without cache loads."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks.stand import Stand
from cli.demo.client import DemoClient, Keys
from cli.seed import seed
from models.ids import uuid7

#: Pages opened one after the other, and how many payers look at once.
_LOOKS, _AT_ONCE = 200, 16
_WARMING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstBytes:
    """Milliseconds from the request to the first byte of the answer."""

    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """`alone`: one payer at a time; `together`: sixteen. Bytes with headers, nothing compressed."""

    alone: FirstBytes
    together: FirstBytes
    html_bytes: int
    whole_bytes: int

    def kept(self) -> dict[str, Any]:
        """As the results keep it."""
        times = {
            name: {"p50_ms": one.p50_ms, "p95_ms": one.p95_ms, "p99_ms": one.p99_ms}
            for name, one in (("alone", self.alone), ("together", self.together))
        }
        return {**times, "html_bytes": self.html_bytes, "whole_bytes": self.whole_bytes}


async def measure(stand: Stand) -> Pages:
    """Open pages of sessions nobody has paid yet, each its own: no limit is met."""
    urls = stand.stack.urls
    key = seed(urls.database, "Benchmark")
    async with DemoClient(
        urls.api, urls.simulators, Keys(merchant=key, operator="", approver="")
    ) as shop:
        opened = [await _session(shop) for _ in range(_WARMING + 2 * _LOOKS)]
    async with httpx.AsyncClient(timeout=30.0) as browser:
        for url in opened[:_WARMING]:
            await _first_byte(browser, url)
        alone = [await _first_byte(browser, url) for url in opened[_WARMING : _WARMING + _LOOKS]]
        together = await _side_by_side(browser, opened[_WARMING + _LOOKS :])
        html, whole = await _weighed(browser, opened[0])
    return Pages(
        alone=_summed(alone), together=_summed(together), html_bytes=html, whole_bytes=whole
    )


async def _session(shop: DemoClient) -> str:
    body = {"amount": 125_000, "currency": "KES", "reference": f"bench-{uuid7().hex}"}
    return str((await shop.post("/v1/checkouts", body))["url"])


async def _first_byte(browser: httpx.AsyncClient, url: str) -> float:
    began = time.perf_counter()
    async with browser.stream("GET", url) as answer:
        async for _part in answer.aiter_raw():
            return (time.perf_counter() - began) * 1000
    raise RuntimeError(f"{answer.status_code} without a byte")


async def _side_by_side(browser: httpx.AsyncClient, urls: Sequence[str]) -> list[float]:
    room = asyncio.Semaphore(_AT_ONCE)

    async def look(url: str) -> float:
        async with room:
            return await _first_byte(browser, url)

    return list(await asyncio.gather(*map(look, urls)))


async def _weighed(browser: httpx.AsyncClient, url: str) -> tuple[int, int]:
    """The page alone, and with what it loads."""
    page = await browser.get(url)
    assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text)
    loaded = [await browser.get(str(page.url.join(one))) for one in assets]
    return _bytes(page), sum(map(_bytes, (page, *loaded)))


def _bytes(answer: httpx.Response) -> int:
    headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
    return headers + len(answer.content)


def _summed(times: Sequence[float]) -> FirstBytes:
    ordered = sorted(times)

    def at(share: float) -> float:
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1)

    return FirstBytes(p50_ms=at(0.5), p95_ms=at(0.95), p99_ms=at(0.99))
