"""The whole application over ASGI with a real database; Temporal and providers are fakes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from temporalio.service import RPCError, RPCStatusCode

from activities.refund_accepting import RefundDesk
from api.app import create_app
from api.keys import MERCHANT_SCOPES, KeyRing, digest, new_key
from api.limits import Limiter
from api.metrics import Metrics
from api.parts import Parts
from models import ids
from models.charge import Limits
from models.payout_rail import PayoutRail
from providers.contract import Provider
from providers.momo.provider import PROVIDER as MOMO
from providers.momo.settings import MomoSettings
from providers.mpesa.provider import PROVIDER as MPESA
from providers.mpesa.settings import MpesaSettings
from providers.ncba.settings import NcbaSettings
from providers.refund_rails import refund_rails
from providers.registry import Ready
from runtime.database import Database
from runtime.dispatch import Start
from runtime.rail_board import RailBoard
from runtime.rail_health import RailHealth
from runtime.settings import Settings, keyring
from runtime.vault import Vault
from tests.api.partner_world import FakePartners
from tests.times import hold_answer
from tests.workflows.payout_harness import a_rail, to_bank

SESSION = {"amount": 125_000, "currency": "KES"}
MPESA_CONFIRM = {"method": "mpesa", "payer": {"phone": "+254700000001"}}
MOMO_CONFIRM = {"method": "momo", "payer": {"phone": "+237670000001"}}


class FakeDispatcher:
    """Remembers what was to be started; runs background work at once when asked to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], Awaitable[None]]] = []
        self.started: list[Start] = []

    def soon(self, work: Callable[[], Awaitable[None]]) -> None:
        self.waiting.append(work)

    async def start(self, start: Start) -> None:
        self.started.append(start)

    async def flush(self) -> None:
        """Nothing is written down."""

    async def drain(self) -> None:
        while self.waiting:
            await self.waiting.pop(0)()


class FakeInbox:
    """Remembers which stored messages were to be delivered."""

    def __init__(self) -> None:
        self.delivered: list[UUID] = []

    async def deliver(self, row_ids: list[UUID]) -> None:
        self.delivered += row_ids


@dataclass
class FakeTemporal:
    """Healthy or away; remembers what was begun, as order and workflow id."""

    serving: bool = True
    begun: list[tuple[Any, str]] = field(default_factory=list)
    service_client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.service_client = self

    async def check_health(self, *, timeout: timedelta) -> bool:  # noqa: ASYNC109 - Temporal's own signature
        if not self.serving:
            raise ConnectionRefusedError
        return True

    async def start_workflow(self, _kind: str, order: Any, *, id: str, **_options: Any) -> None:  # noqa: A002 - Temporal's own signature
        self.begun.append((order, id))

    def get_workflow_handle(self, _workflow_id: str) -> "FakeTemporal":
        return self

    async def execute_update(self, _update: str, _order: Any, **_options: Any) -> Any:
        raise RPCError("workflow not found", RPCStatusCode.NOT_FOUND, b"")


class World:
    """The application, its fakes, and a merchant with a key."""

    def __init__(
        self, app: FastAPI, urls: Any, parts: Parts, administrator: psycopg.Connection
    ) -> None:
        self.app, self.urls, self.parts = app, urls, parts
        self.dispatcher = cast(FakeDispatcher, parts.dispatcher)
        self.inbox = cast(FakeInbox, parts.inbox)
        self.temporal = cast(FakeTemporal, parts.temporal)
        self._administrator = administrator
        self.org = self.make_org()
        self.http = self.client(self.make_key())

    def client(self, key: str = "") -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        transport = httpx.ASGITransport(self.app)
        hooks = {"response": [hold_answer]}
        return httpx.AsyncClient(
            transport=transport, base_url="http://kauri", headers=headers, event_hooks=hooks
        )

    def make_org(self, **columns: Any) -> UUID:
        row = {"id": ids.uuid7(), "kind": "merchant", "name": "Acme", **columns}
        names = ", ".join(row)
        places = ", ".join(["%s"] * len(row))
        self.sql(f"insert into orgs ({names}) values ({places})", *row.values())
        return cast(UUID, row["id"])

    def make_key(
        self,
        org: UUID | None = None,
        *,
        livemode: bool = False,
        scopes: tuple[str, ...] = MERCHANT_SCOPES,
        principal: str = "shop",
        expires_at: datetime | None = None,
        revoked_at: datetime | None = None,
    ) -> str:
        key = new_key(livemode=livemode)
        self.sql(
            "insert into api_keys (id, org_id, livemode, principal, prefix, digest, scopes,"
            " expires_at, revoked_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            *[ids.uuid7(), org or self.org, livemode, principal, key[:12], digest(key)],
            *[list(scopes), expires_at, revoked_at],
        )
        return key

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Run one statement as the administrator."""
        cursor = self._administrator.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def count(self, table: str) -> int:
        return int(self.sql(f"select count(*) from {table} where org_id = %s", self.org)[0][0])

    async def create(self, key: str = "", **body: Any) -> httpx.Response:
        headers = {"idempotency-key": key or ids.mint("idem")}
        document = {**SESSION, "reference": ids.mint("order"), **body}
        return await self.http.post("/v1/checkouts", json=document, headers=headers)

    async def created(self, **body: Any) -> dict[str, Any]:
        answer = await self.create(**body)
        assert answer.status_code == 201, answer.text
        return cast(dict[str, Any], answer.json())

    async def confirm(self, checkout: str, body: Any = None, key: str = "") -> httpx.Response:
        headers = {"idempotency-key": key or ids.mint("idem")}
        path = f"/v1/checkouts/{checkout}/confirm"
        return await self.http.post(path, json=body or MPESA_CONFIRM, headers=headers)

    def attempt_ends(self, checkout: dict[str, Any], state: str, status: str) -> None:
        """What the workflow writes when an attempt ends."""
        payment = ids.parsed(ids.PAYMENT, checkout["payment"]["id"])
        self.sql("update attempts set state = %s where payment_id = %s", state, payment)
        self.sql("update payments set status = %s where id = %s", status, payment)
        if status == "succeeded":
            checkout_id = ids.parsed(ids.CHECKOUT, checkout["id"])
            self.sql("update checkouts set state = 'complete' where id = %s", checkout_id)


def ready(provider: Provider, settings: Any) -> Ready:
    """A provider with its settings read."""
    return Ready(
        provider=provider,
        settings=settings,
        offer=provider.offer(settings),
        terms=provider.terms(settings),
        callbacks=provider.callbacks(settings) if provider.callbacks else None,
    )


def providers() -> dict[str, Ready]:
    """M-Pesa in Kenya and MTN in Cameroon."""
    mpesa = MpesaSettings(consumer_key="k", consumer_secret="s", short_code="600000", passkey="p")
    momo = MomoSettings(subscription_key="s", api_user="u", api_key="k")
    return {"mpesa": ready(MPESA, mpesa), "momo": ready(MOMO, momo)}


def payout_rails() -> dict[str, PayoutRail]:
    """Wallets at Wave in Kenya, and at MTN in Cameroon."""
    return {
        "wave": a_rail(),
        "pesalink": replace(to_bank()["rail"], livemode=False),
        "momo": a_rail(
            name="momo",
            title="MTN MoMo",
            countries=("CM",),
            limits=(Limits(currency="XAF", minimum=100, maximum=1_000_000),),
        ),
    }


class Staged:
    """One application for all tests, wired anew for each: FastAPI builds its routes once."""

    def __init__(self) -> None:
        self.wire: Callable[[], Awaitable[Parts]]
        self.app = create_app(Settings(env="test"), self._wired)

    async def _wired(self, _settings: Settings) -> Parts:
        return await self.wire()


@pytest.fixture(scope="session")
def staged() -> Staged:
    """Of this session."""
    return Staged()


@pytest.fixture
async def world(urls: Any, settings: Settings, staged: Staged) -> AsyncIterator[World]:
    """The application, started; its merchant's client is `world.http`."""

    async def wire() -> Parts:
        database = Database(urls.app, size=8)
        vault = Vault(database, keyring(settings.vault_keys))
        return Parts(
            settings=settings,
            database=database,
            vault=vault,
            dispatcher=cast(Any, FakeDispatcher()),
            inbox=FakeInbox(),
            vault_inbox=FakeInbox(),
            partners=cast(Any, FakePartners()),
            bank=NcbaSettings(base_url="http://127.0.0.1/test/apigateway", pool_account="77445"),
            providers=providers(),
            refunds=RefundDesk(vault, refund_rails(providers())),
            rails=RailHealth(database, believed=0.0),
            board=RailBoard(database, believed=0.0),
            payout_rails=payout_rails(),
            temporal=cast(Any, FakeTemporal()),
            keys=KeyRing(database, believed=0.0),
            limiter=Limiter(1000),
            metrics=Metrics(),
        )

    staged.wire, app = wire, staged.app
    with psycopg.connect(urls.admin, autocommit=True) as administrator:
        async with app.router.lifespan_context(app):
            yield World(app, urls, app.state.parts, administrator)
