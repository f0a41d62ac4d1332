"""One merchant for delivery tests: endpoints and events in real rows, and a fake courier."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from temporalio.testing import ActivityEnvironment

from activities.deliveries import Deliveries
from models import ids
from models.delivery import Answer, DeliveryOrder, Page, new_secret
from runtime.database import Database
from runtime.vault import Vault

ACCEPTED = Answer(status=204, duration_ms=3)


class Courier:
    """Keeps what was sent; answers by the object's name, or with 204."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, str], bytes]] = []
        self.answers: dict[str, Answer] = {}
        self.flying = self.most = 0

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        self.flying += 1
        self.most = max(self.most, self.flying)
        await asyncio.sleep(0)
        self.flying -= 1
        self.sent.append((url, headers, body))
        return self.answers.get(json.loads(body)["data"]["object"]["id"], ACCEPTED)

    def told(self) -> list[tuple[str, int]]:
        """What arrived, as (object, sequence), in order."""
        bodies = [json.loads(body)["data"] for _, _, body in self.sent]
        return [(data["object"]["id"], data["sequence"]) for data in bodies]


class Shop:
    """One merchant with endpoints and events, and a clock the test moves."""

    def __init__(self, database: Database, vault: Vault, admin: str) -> None:
        self.database, self.vault, self.admin = database, vault, admin
        self.org, self.courier, self.now = ids.uuid7(), Courier(), datetime.now(UTC)
        self.now += timedelta(minutes=1)  # ahead of the rows' own now()
        self.secret = new_secret()
        self.ask("insert into orgs (id, kind, name) values (%s, 'merchant', 'Acme')", self.org)

    def ask(self, statement: str, *values: object) -> list[Any]:
        """Do as the administrator; the rows, if there are any."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else []

    async def sealed(self, secret: str) -> bytes:
        return await self.vault.seal(
            self.org, livemode=False, field="webhook_secret", plain=secret.encode()
        )

    async def endpoint(self, *types: str) -> UUID:
        made = ids.uuid7()
        self.ask(
            "insert into webhook_endpoints (id, org_id, livemode, url, event_types, secret_sealed)"
            " values (%s, %s, false, 'https://shop.example/hook', %s, %s)",
            made,
            self.org,
            list(types or ("*",)),
            await self.sealed(self.secret),
        )
        return made

    def event(
        self, thing: UUID, sequence: int, kind: str = "payment.succeeded", **extra: str
    ) -> str:
        made = ids.uuid7()
        data = {"object": {"id": str(thing), "object": "payment", **extra}}
        self.ask(
            "insert into events (id, org_id, livemode, type, object_id, sequence, step, data)"
            " values (%s, %s, false, %s, %s, %s, %s, %s)",
            made,
            self.org,
            kind,
            thing,
            sequence,
            f"step/{made}",
            json.dumps(data),
        )
        return ids.shown(ids.EVENT, made)

    async def deliver(self, endpoint: UUID) -> Page:
        deliveries = Deliveries(
            self.database, self.vault, self.courier, clock=lambda: self.now, luck=lambda: 0.0
        )
        order = DeliveryOrder(endpoint_id=ids.shown(ids.ENDPOINT, endpoint))
        return await ActivityEnvironment().run(deliveries.deliver, order)

    def states(self, endpoint: UUID) -> list[str]:
        found = self.ask(
            "select state from deliveries where endpoint_id = %s order by created_at", endpoint
        )
        return [row[0] for row in found]
