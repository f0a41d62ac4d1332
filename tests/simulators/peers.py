"""Who talks to the simulators in these tests: a listener for callbacks and two bare clients."""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from simulators.server import running, serving
from simulators.settings import Settings

STAMP = "20261121093000"
SHORT_CODE = "600000"


def password(passkey: str = "sim-passkey", *, short_code: str = SHORT_CODE) -> str:
    return base64.b64encode(f"{short_code}{passkey}{STAMP}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Heard:
    method: str
    path: str
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.raw)
        return body

    @property
    def stk(self) -> dict[str, Any]:
        said: dict[str, Any] = self.body["Body"]["stkCallback"]
        return said


class Listener:
    """An ASGI application that remembers every callback in the order it came.

    `answers`: what is answered on a path, instead of an empty object.
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: dict[str, bytes] = {}
        self._news = asyncio.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        raw, more = b"", True
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        async with self._news:
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            self.heard.append(Heard(scope["method"], scope["path"], raw, headers))
            self._news.notify_all()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        answer = self.answers.get(scope["path"], b"{}")
        await send({"type": "http.response.body", "body": answer})

    def on(self, path: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.path == path]

    async def hear(self, path: str, times: int = 1) -> list[Heard]:
        """The callbacks on that path once there are as many; fails after half a minute."""
        async with asyncio.timeout(30), self._news:
            await self._news.wait_for(lambda: len(self.on(path)) >= times)
        return self.on(path)


class DarajaClient:
    def __init__(self, http: httpx.AsyncClient, listener: str) -> None:
        self._http = http
        self._listener = listener
        self.bearer = ""

    async def token(self, secret: str = "sim-consumer-secret") -> httpx.Response:
        answer = await self._http.get(
            "/daraja/oauth/v1/generate?grant_type=client_credentials",
            auth=("sim-consumer-key", secret),
        )
        if answer.status_code == 200:
            self.bearer = answer.json()["access_token"]
        return answer

    async def push(
        self, phone: str = "254700000000", *, path: str = "/in/a", **changes: Any
    ) -> httpx.Response:
        body = {
            "BusinessShortCode": SHORT_CODE,
            "Password": password(),
            "Timestamp": STAMP,
            "TransactionType": "CustomerPayBillOnline",
            "Amount": "10",
            "PartyA": phone,
            "PartyB": SHORT_CODE,
            "PhoneNumber": phone,
            "CallBackURL": f"{self._listener}{path}",
            "AccountReference": "ORDER42",
            "TransactionDesc": "Order 42",
        }
        return await self.post("/daraja/mpesa/stkpush/v1/processrequest", {**body, **changes})

    async def query(self, checkout_request_id: str) -> httpx.Response:
        body = {
            "BusinessShortCode": SHORT_CODE,
            "Password": password(),
            "Timestamp": STAMP,
            "CheckoutRequestID": checkout_request_id,
        }
        return await self.post("/daraja/mpesa/stkpushquery/v1/query", body)

    async def post(self, path: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.bearer}"}
        return await self._http.post(path, json=body, headers=headers)


class MomoClient:
    def __init__(self, http: httpx.AsyncClient, listener: str) -> None:
        self._http = http
        self._listener = listener
        self.user = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        self.headers = {
            "Ocp-Apim-Subscription-Key": "sim-subscription-key",
            "X-Target-Environment": "mtncameroon",
        }

    async def token(self, key: str = "sim-api-key", product: str = "collection") -> httpx.Response:
        answer = await self.send("POST", f"/{product}/token/", auth=(self.user, key))
        if answer.status_code == 200:
            self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    async def pay(
        self,
        phone: str = "237670000000",
        *,
        reference: str | None = None,
        path: str = "/in/a",
        headers: dict[str, str] | None = None,
        **changes: Any,
    ) -> httpx.Response:
        """The answer; its request names the reference."""
        named = {
            "X-Reference-Id": reference or str(uuid.uuid4()),
            "X-Callback-Url": f"{self._listener}{path}",
            **(headers or {}),
        }
        body = {
            "amount": "1000",
            "currency": "XAF",
            "externalId": "ORDER-42",
            "payer": {"partyIdType": "MSISDN", "partyId": phone},
            "payerMessage": "Order 42",
            "payeeNote": "Order 42",
        }
        sent = {name: value for name, value in named.items() if value != "absent"}
        return await self.send(
            "POST", "/collection/v1_0/requesttopay", headers=sent, json={**body, **changes}
        )

    async def status(self, reference: str) -> httpx.Response:
        return await self.send("GET", f"/collection/v1_0/requesttopay/{reference}")

    async def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        merged = {**self.headers, **(headers or {})}
        return await self._http.request(method, f"/momo{path}", headers=merged, **more)


@dataclass(frozen=True, slots=True)
class World:
    """Simulators and a listener, each on a port of its own."""

    base: str
    http: httpx.AsyncClient
    listener: Listener
    listener_url: str
    daraja: DarajaClient
    momo: MomoClient

    async def book(self, provider: str) -> dict[str, Any]:
        book: dict[str, Any] = (await self.http.get(f"/control/{provider}/book")).json()
        return book

    async def order(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/control/{path}", json=body)

    async def renewed(self) -> "World":
        """The same servers, with clients that hold fresh tokens."""
        daraja = DarajaClient(self.http, self.listener_url)
        momo = MomoClient(self.http, self.listener_url)
        await daraja.token()
        await momo.token()
        return replace(self, daraja=daraja, momo=momo)

    async def paid(self, provider: str, *, path: str) -> None:
        """Let another payment run to its callback: what was to come before has come."""
        if provider == "daraja":
            await self.daraja.push("254700000000", path=path)
        else:
            await self.momo.pay("237670000000", path=path)
        await self.listener.hear(path)


@asynccontextmanager
async def a_world(settings: Settings) -> AsyncIterator[World]:
    listener = Listener()
    async with (
        serving(listener) as heard_at,
        running(settings) as base,
        httpx.AsyncClient(base_url=base, timeout=30) as http,
    ):
        daraja, momo = DarajaClient(http, heard_at), MomoClient(http, heard_at)
        yield await World(base, http, listener, heard_at, daraja, momo).renewed()
