"""A payer's browser without JavaScript: it opens pages, reads forms and sends them."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from models import ids


@dataclass
class Page(HTMLParser):
    """One page: its fields by form, its links, and its text."""

    status: int
    html: str

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, str]] = []
        self.fields: list[dict[str, str]] = []
        self.links: dict[str, str] = {}
        self.text = ""
        self._link = ""
        self.feed(self.html)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"action": named["action"]})
            self.fields.append({})
        if tag == "input" and self.fields:
            kind = named.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in named:
                self.fields[-1][named["name"]] = named.get("value", "")
        self._link = named.get("href", "") if tag == "a" else ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._link and data.strip():
            self.links[data.strip()] = self._link

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.html)
        return "" if found is None else re.sub(r"\s+", " ", found[1])


class Browser:
    """Opens one address; keeps nothing but what its pages say."""

    def __init__(self, world: Any, *, language: str = "en") -> None:
        self.http: httpx.AsyncClient = world.client()
        self.http.headers["accept-language"] = language
        self.at = ""

    async def open(self, url: str) -> Page:
        answer = await self.http.get(path_of(url))
        self.at = path_of(url)
        return Page(answer.status_code, answer.text)

    async def send(self, page: Page, form: int = 0, **fields: str) -> Page:
        """Fill in and send a form; a redirect is followed as browsers do."""
        sent = {**page.fields[form], **fields}
        answer = await self.http.post(page.forms[form]["action"], data=sent)
        if answer.status_code != 303:
            return Page(answer.status_code, answer.text)
        return await self.open(answer.headers["location"])


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def session(world: Any, **body: Any) -> tuple[dict[str, Any], Browser, Page]:
    """A new session, and its page opened."""
    made = await world.created(**body)
    browser = Browser(world)
    return made, browser, await browser.open(made["url"])


def moved(world: Any, made: dict[str, Any], attempt: str, status: str, **columns: Any) -> None:
    """What the workflow writes as the latest attempt goes on."""
    payment = ids.parsed(ids.PAYMENT, made["payment"]["id"])
    world.sql("update payments set status = %s where id = %s", status, payment)
    sets = "".join(f", {name} = %s" for name in columns)
    world.sql(
        f"update attempts set state = %s{sets} where payment_id = %s and number = (select"
        " max(number) from attempts where payment_id = %s)",
        *[attempt, *columns.values(), payment, payment],
    )


def settle(world: Any, made: dict[str, Any]) -> UUID:
    """What the workflow writes when the money came; the payment."""
    moved(world, made, "succeeded", "succeeded", receipt="SBX1")
    payment = ids.parsed(ids.PAYMENT, made["payment"]["id"])
    checkout = ids.parsed(ids.CHECKOUT, made["id"])
    world.sql("update payments set amount_received = amount where id = %s", payment)
    world.sql("update checkouts set state = 'complete' where id = %s", checkout)
    world.sql(
        "insert into transitions (step, org_id, livemode, checkout_id, object_id, object, to_state,"
        " actor) values (%s, %s, false, %s, %s, 'payment', 'succeeded', 'kauri')",
        *[f"{made['id']}/settled", world.org, checkout, payment],
    )
    return payment


def give_back(world: Any, payment: UUID, amount: int, receipt: str) -> UUID:
    """What a refund's workflow writes from its start to its end; the refund."""
    refund, scope = ids.uuid7(), [world.org, False]
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state, claim, amount, currency)"
        " values (%s, %s, %s, 'refund', 'processing', %s, %s, 'KES')",
        *[refund, *scope, str(refund), amount],
    )
    world.sql(
        "insert into refund_reservations (refund_id, org_id, livemode, payment_id, amount)"
        " values (%s, %s, %s, %s, %s)",
        *[refund, *scope, payment, amount],
    )
    world.sql(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference, receipt) values (%s, %s, %s, %s, 1, 'mpesa_refund', 'succeeded', %s, %s)",
        *[ids.uuid7(), *scope, refund, receipt, receipt],
    )
    world.sql("update sagas set state = 'succeeded' where id = %s", refund)
    return refund
