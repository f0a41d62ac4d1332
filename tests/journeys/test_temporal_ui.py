"""What an operator sees in the Temporal UI, with the codec server and without it."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright

from cli.codec_server import codec_app
from cli.demo.client import DemoClient
from cli.stack.stack import Stack
from runtime.codec import SealingCodec
from runtime.settings import keyring
from tests.journeys.conftest import settled
from tests.journeys.test_outages import pay_in

CHROMIUM = os.environ.get("KAURI_CHROMIUM", "/usr/bin/chromium")
SHOTS = os.environ.get("KAURI_SCREENSHOTS")
#: Milliseconds a page may take on a busy machine.
_PATIENCE = 120_000
_FLAGS = ("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(),
    reason="no Chromium here: apt-get install chromium, or KAURI_CHROMIUM=/path",
)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium; root needs --no-sandbox."""
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(_FLAGS)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        await opened.close()


@contextmanager
def a_codec_server(stack: Stack) -> Iterator[None]:
    """What `kauri codec-server` runs, in a thread."""
    plan, settings = stack.plan, stack.settings()
    app = codec_app(
        SealingCodec(keyring(settings.codec_keys)),
        token=stack.state.secrets()["codec_token"],
        origin=plan.urls.temporal_ui,
    )
    config = uvicorn.Config(
        app, host="127.0.0.1", port=plan.ports["codec"], log_level="error", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


async def page_text(browser: Browser, stack: Stack, checkout: str, name: str) -> str:
    """Everything the run's pages show: summary, history with payloads, and the live details."""
    page = await browser.new_page(viewport={"width": 1400, "height": 1600})
    page.set_default_timeout(_PATIENCE)
    shown = ""
    base = f"{stack.urls.temporal_ui}/namespaces/kauri/workflows/{checkout}"
    run = await _run_id(stack, checkout)
    for view in ("history", "user-metadata"):
        await page.goto(f"{base}/{run}/{view}", wait_until="load")
        await page.get_by_text(checkout).first.wait_for()
        await asyncio.sleep(2.5)  # payloads and live details come after the page, one by one
        for frame in page.frames:  # the live details are shown in a frame of their own
            shown += str(await frame.evaluate("document.body ? document.body.innerText : ''"))
        if SHOTS:
            await page.screenshot(path=f"{SHOTS}/{name}-{view}.png", full_page=True)
    await page.close()
    return shown


async def _run_id(stack: Stack, checkout: str) -> str:
    from runtime.temporal import connect  # noqa: PLC0415 - only this look-up needs a client

    client = await connect(stack.settings())
    return str((await client.get_workflow_handle(checkout).describe()).run_id)


async def test_an_operator_understands_a_run_with_the_codec_server_and_nobody_without_it(
    stack: Stack, shop: DemoClient, browser: Browser
) -> None:
    paid = await shop.post("/v1/checkouts", pay_in())
    stuck = await shop.post("/v1/checkouts", pay_in("+254700000009", "mpesa"))
    await settled(shop, paid["payment"]["id"], "succeeded")
    await settled(shop, stuck["payment"]["id"], "unknown")
    told = {
        paid["id"]: ("succeeded", "momo", "XAF 2,500", "says settled"),
        stuck["id"]: ("unknown", "mpesa", "KES 1,500.00", "last evidence", "next check"),
    }
    for checkout, words in told.items():
        sealed = await page_text(browser, stack, checkout, f"sealed-{words[0]}")
        with a_codec_server(stack):
            clear = await page_text(browser, stack, checkout, f"clear-{words[0]}")
        missing = [word for word in words if word not in clear]
        leaked = [word for word in words[2:] if word in sealed]
        assert (missing, leaked) == ([], []), checkout
