"""Payers on the payer's page: one in a browser, one without JavaScript, by a link, in French."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from cli.demo import chromium
from cli.demo.client import DemoClient
from cli.demo.forms import Forms, Page
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
_PHONE = "0700 000 000"
_DEADLINE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payers:
    """What each of them saw, heading by heading, and with what."""

    browser: str
    seen: tuple[str, ...]
    by_link: tuple[str, ...]
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        paid = "Paid" in self.seen and self.seen[-1].startswith("Receipt")
        linked = "Payé" in self.by_link and self.by_link[-1].startswith("Reçu")
        detail = (
            f"{self.browser}: {' → '.join(self.seen)}; by a link, without JavaScript: "
            f"{' → '.join(self.by_link)}; {self.seconds:.0f} s"
        )
        return Finding(
            name="the payer's page: paid and receipted", holds=paid and linked, detail=detail
        )


async def play(client: DemoClient, say: Say) -> Payers:
    """Two payers, side by side. Raises TimeoutError when one of them is left waiting."""
    say("two payers pay on the payer's page: in a browser, and by a link without JavaScript")
    began = time.monotonic()
    name = "Duka la Amani"
    profile = {"name": name, "complaint_phone": "+254 711 000 111"}
    await client.put("/v1/profile", profile)
    async with asyncio.timeout(_DEADLINE):
        seen, by_link = await asyncio.gather(_in_a_browser(client), _by_link(client))
    browser = "Chromium" if chromium.there() else "plain forms (no Chromium here)"
    return Payers(browser=browser, seen=seen, by_link=by_link, seconds=time.monotonic() - began)


async def _in_a_browser(client: DemoClient) -> tuple[str, ...]:
    session = {"amount": 150_000, "currency": "KES", "reference": f"page-{uuid7().hex[-12:]}"}
    made = await client.post("/v1/checkouts", {**session, "description": "Two bags of maize"})
    if chromium.there():
        return await chromium.pay(made["url"], _PHONE)
    async with Forms("en") as forms:
        return await _paid(forms, await forms.open(made["url"]))


async def _by_link(client: DemoClient) -> tuple[str, ...]:
    link = {"amount": 20_000, "currency": "KES", "reference": f"link-{uuid7().hex[-12:]}"}
    made = await client.post("/v1/payment_links", {**link, "uses": "many"})
    async with Forms("fr") as forms:
        opened = await forms.open(made["url"])
        return (opened.heading, *await _paid(forms, await forms.send(opened)))


async def _paid(forms: Forms, page: Page) -> tuple[str, ...]:
    """The number is sent, and the payer looks again until there is a receipt to see."""
    seen = [page.heading]
    page = await forms.send(page, phone=_PHONE)
    while not (receipts := [link for link in page.links if "/receipt" in link]):
        page = await forms.look_again(page)
    seen.append(page.heading)
    return (*seen, (await forms.open(receipts[0])).heading)
