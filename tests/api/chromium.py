"""Real Chromium at the width of a small phone or of a desk, and the application served to it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = os.environ.get("KAURI_CHROMIUM", "/usr/bin/chromium")
#: A folder: every page is photographed into it.
SHOTS = os.environ.get("KAURI_SCREENSHOTS")
MISSING = "no Chromium here: apt-get install chromium, or KAURI_CHROMIUM=/path"
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
_FLAGS = ("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
#: Milliseconds a page may take on a busy machine.
_PATIENCE = 60_000


def there() -> bool:
    """Whether Chromium can be had."""
    return Path(CHROMIUM).exists()


@asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """The browser; root needs --no-sandbox."""
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(_FLAGS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        await browser.close()


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The application on a port of its own, in this event loop; its address."""
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="error", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


class Phone:
    """One page in a browser; it remembers what went over the wire and what was refused."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.bytes = 0
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(_PATIENCE)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def open(self, url: str) -> None:
        """Open the address at the server under test."""
        path = url.split("://", 1)[-1].partition("/")[2] if "://" in url else url.lstrip("/")
        await self.page.goto(f"{self.base}/{path}", wait_until="load")

    async def heading(self, text: str) -> None:
        """Wait until the page says so."""
        await self.page.get_by_role("heading", name=text, exact=True).wait_for()

    async def shot(self, name: str) -> None:
        """Photograph the page at the widths of a phone and of a desk."""
        if not SHOTS:
            return
        for width, size in (("360", PHONE), ("desk", DESK)):
            await self.page.set_viewport_size(size)  # type: ignore[arg-type] # a plain dict is one
            await self.page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        await self.page.set_viewport_size(PHONE)  # type: ignore[arg-type] # a plain dict is one


@asynccontextmanager
async def phone(browser: Browser, base: str, **options: Any) -> AsyncIterator[Phone]:
    """A page of its own, without cache and cookies of any other."""
    context = await browser.new_context(viewport=PHONE, **options)  # type: ignore[arg-type] # a plain dict is one
    yield Phone(await context.new_page(), base)
    await context.close()
