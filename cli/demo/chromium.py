"""The payer's page in real Chromium, where there is one; the demo needs none."""

import importlib.util
import os
from pathlib import Path

_CHROMIUM = os.environ.get("KAURI_CHROMIUM", "/usr/bin/chromium")
_PHONE = {"width": 360, "height": 640}
#: Milliseconds a page may take while the machine does everything else of the demo.
_PATIENCE = 60_000.0


def there() -> bool:
    """Whether Chromium and what drives it are installed."""
    return importlib.util.find_spec("playwright") is not None and Path(_CHROMIUM).exists()


async def pay(url: str, phone: str) -> tuple[str, ...]:
    """Type the number, press the button and watch; the headings the payer saw."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 - for developers only

    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=flags)
        page = await browser.new_page(viewport=_PHONE, locale="en")  # type: ignore[arg-type] # a plain dict is one
        page.set_default_timeout(_PATIENCE)
        await page.goto(url)
        seen = [await page.locator("h1").inner_text()]
        await page.get_by_label("Your phone number").fill(phone)
        await page.locator("[name=method]:checked").wait_for(state="attached")
        await page.get_by_role("button", name="Pay").click()
        await page.get_by_role("heading", name="Paid", exact=True).wait_for()
        seen.append(await page.locator("h1").inner_text())
        await page.get_by_role("link", name="See your receipt").click()
        await page.locator("dl").first.wait_for()
        seen.append(await page.locator("h1").inner_text())
        await browser.close()
    return tuple(seen)
