"""What the webhook routes write, against a real database under row-level security."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.queries import webhook_endpoints as queries
from api.queries.webhook_endpoints import Change, Row
from models import ids
from runtime.database import Database


class Merchant:
    """One organisation in test mode, asking as the application role does."""

    def __init__(self, database: Database, admin: str) -> None:
        self.database, self.admin, self.org = database, admin, ids.uuid7()
        self.ask("insert into orgs (id, kind, name) values (%s, 'merchant', 'Acme')", self.org)

    def ask(self, statement: str, *values: object) -> list[Any]:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else []

    async def endpoint(self, *types: str) -> Row:
        made = await self.add(*types)
        assert made is not None
        return made

    async def add(self, *types: str) -> Row | None:
        async with self.database.scoped(self.org, livemode=False) as connection:
            return await queries.add(
                connection,
                org=self.org,
                livemode=False,
                url="https://shop.example/",
                description="",
                event_types=list(types or ("*",)),
                secret_sealed=b"sealed",
            )

    def event(self, kind: str = "payment.succeeded", at: datetime | None = None) -> UUID:
        made = ids.uuid7()
        self.ask(
            "insert into events (id, org_id, livemode, type, object_id, sequence, step, data,"
            " created_at) values (%s, %s, false, %s, %s, 1, %s, '{}', coalesce(%s, now()))",
            made,
            self.org,
            kind,
            ids.uuid7(),
            str(made),
            at,
        )
        return made

    def deliveries(self, endpoint: Row) -> list[tuple[UUID, str, int]]:
        return self.ask(
            "select event_id, state, tries from deliveries where endpoint_id = %s"
            " order by event_id",
            endpoint["id"],
        )


@pytest.fixture
def merchant(database: Database, urls: Any) -> Merchant:
    return Merchant(database, urls.admin)


async def test_another_organisation_does_not_see_an_endpoint(
    merchant: Merchant, database: Database, urls: Any
) -> None:
    endpoint, stranger = await merchant.endpoint(), Merchant(database, urls.admin)
    async with database.scoped(stranger.org, livemode=False) as connection:
        seen = await queries.one(connection, endpoint["id"])
    async with database.scoped(merchant.org, livemode=True) as connection:
        in_live = await queries.one(connection, endpoint["id"])
    assert (seen, in_live) == (None, None)


async def test_an_organisation_has_sixteen_endpoints_at_most(
    merchant: Merchant, database: Database
) -> None:
    for _ in range(queries.MOST):
        await merchant.endpoint()
    assert await merchant.add() is None


async def test_enabling_forgives_and_disabling_says_by_whom(
    merchant: Merchant, database: Database
) -> None:
    endpoint = await merchant.endpoint()
    merchant.ask("update webhook_endpoints set failing_since = now() where id = %s", endpoint["id"])
    async with database.scoped(merchant.org, livemode=False) as connection:
        off = await queries.change(connection, endpoint["id"], Change(enabled=False))
        on = await queries.change(connection, endpoint["id"], Change(enabled=True))
        moved = await queries.change(connection, endpoint["id"], Change(url="https://b.example/"))
    assert (off["state"], off["disabled_reason"]) == ("disabled", "disabled by the merchant")
    assert (on["state"], on["disabled_reason"], on["failing_since"]) == ("enabled", None, None)
    assert (moved["url"], moved["state"], moved["version"]) == ("https://b.example/", "enabled", 4)


async def test_a_deleted_endpoint_gives_up_what_waits_and_gets_nothing_new(
    merchant: Merchant, database: Database
) -> None:
    endpoint = await merchant.endpoint()
    waiting = merchant.event()
    async with database.scoped(merchant.org, livemode=False) as connection:
        await queries.delete(connection, endpoint["id"])
        gone = await queries.one(connection, endpoint["id"])
    merchant.event()
    assert gone is None
    assert merchant.deliveries(endpoint) == [(waiting, "exhausted", 0)]


async def test_a_rotation_keeps_the_old_secret_for_a_day(
    merchant: Merchant, database: Database
) -> None:
    endpoint = await merchant.endpoint()
    async with database.scoped(merchant.org, livemode=False) as connection:
        row = await queries.rotate(connection, endpoint["id"], b"newer")
    left = row["previous_secret_until"] - datetime.now(UTC)
    assert (row["secret_sealed"], row["previous_secret_sealed"]) == (b"newer", b"sealed")
    assert timedelta(hours=23) < left <= timedelta(hours=24)


async def test_a_test_event_goes_to_its_endpoint_alone(
    merchant: Merchant, database: Database
) -> None:
    picky, other = await merchant.endpoint("refund.created"), await merchant.endpoint()
    async with database.scoped(merchant.org, livemode=False) as connection:
        event = await queries.send_test(connection, picky)
    assert merchant.deliveries(picky) == [(event, "pending", 0)]
    assert merchant.deliveries(other) == []


async def test_replaying_one_event_sends_it_again_or_for_the_first_time(
    merchant: Merchant, database: Database
) -> None:
    before = merchant.event()
    endpoint = await merchant.endpoint()
    seen = merchant.event()
    merchant.ask("update deliveries set state = 'delivered', tries = 3")
    async with database.scoped(merchant.org, livemode=False) as connection:
        counts = [
            await queries.replay_one(connection, endpoint["id"], event)
            for event in (before, seen, ids.uuid7())
        ]
    assert counts == [1, 1, 0]
    assert merchant.deliveries(endpoint) == [(before, "pending", 0), (seen, "pending", 0)]


async def test_replaying_a_range_takes_what_the_endpoint_wants_of_it(
    merchant: Merchant, database: Database
) -> None:
    now = datetime.now(UTC)
    endpoint = await merchant.endpoint("payment.succeeded")
    merchant.event(at=now - timedelta(days=3))
    inside = merchant.event(at=now - timedelta(days=2))
    merchant.event("payment.created", at=now - timedelta(days=2))
    merchant.event(at=now - timedelta(days=1))
    merchant.ask("update deliveries set state = 'delivered'")
    since, until = now - timedelta(days=2, hours=1), now - timedelta(days=1)
    async with database.scoped(merchant.org, livemode=False) as connection:
        count = await queries.replay_range(connection, endpoint, since, until)
    pending = [row[0] for row in merchant.deliveries(endpoint) if row[1] == "pending"]
    assert (count, pending) == (1, [inside])


async def test_the_log_shows_every_try_under_its_event(
    merchant: Merchant, database: Database
) -> None:
    endpoint, first, second = await merchant.endpoint(), merchant.event(), merchant.event()
    for event, status in ((first, 500), (first, 204)):
        merchant.ask(
            "insert into delivery_attempts (endpoint_id, event_id, org_id, livemode, status,"
            " duration_ms) values (%s, %s, %s, false, %s, 7)",
            endpoint["id"],
            event,
            merchant.org,
            status,
        )
    async with database.scoped(merchant.org, livemode=False) as connection:
        shown = await queries.log(connection, endpoint["id"], state=None, after=None, limit=10)
        older = await queries.log(connection, endpoint["id"], state=None, after=second, limit=10)
    assert [row["event_id"] for row, _ in shown] == [second, first]
    assert [try_["status"] for try_ in shown[1][1]] == [500, 204]
    assert [row["event_id"] for row, _ in older] == [first]
