"""The bank's side of the line for the client's tests: plays answers, remembers what it was sent."""

from dataclasses import dataclass, field
from datetime import date

import httpx

from models.banking import FloatPurchase
from models.money import Money
from providers.ncba.client import NcbaClient
from providers.ncba.keys import NcbaKeys

BASE = "/test/apigateway"
KEYS = NcbaKeys(
    base_url=f"https://bank.test{BASE}",
    user_id="canary-user",
    password="canary-password",
    subscription_key="canary-key",
)
PURCHASE = FloatPurchase(
    reference="fp_01JABC",
    amount=Money(100_000, "KES"),
    short_code="4120187",
    account="7744510018",
    organisation="Acmé & Sons Ltd",
    phone="254712000001",
    on=date(2026, 11, 21),
)
PAGE = b"<html><head><title>Security Notice</title></head></html>"
Play = httpx.Response | Exception


def json_(status: int = 200, /, **body: object) -> httpx.Response:
    return httpx.Response(status, json=body)


TOKEN = json_(accessToken="canary-token", tokenType="Bearer")


@dataclass
class Bank(httpx.AsyncBaseTransport):
    """The bank's side of the line: plays `plays` in turn and remembers what it was sent."""

    plays: list[Play]
    tokens: list[Play] = field(default_factory=list)
    sent: list[httpx.Request] = field(default_factory=list)
    token_calls: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("generate-token"):
            self.token_calls.append(request)
            play: Play = self.tokens.pop(0) if self.tokens else TOKEN
        else:
            self.sent.append(request)
            play = self.plays.pop(0)
        if isinstance(play, Exception):
            raise play
        return httpx.Response(play.status_code, content=play.content)


def a_client(*plays: Play, tokens: tuple[Play, ...] = ()) -> tuple[NcbaClient, Bank]:
    bank = Bank(list(plays), list(tokens))
    return NcbaClient(KEYS, transport=bank), bank
