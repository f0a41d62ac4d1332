"""Rails as merchants, operators and the public see them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.keys import OPERATOR
from models.ids import PLATFORM_ORG

_STAND = """
insert into rail_health (provider, country, operation, state, reason) values (%s, %s, %s, %s, %s)
on conflict (provider, country, operation) do update set state = excluded.state"""
_CHANGE = """
insert into rail_changes (id, provider, country, operation, from_state, to_state)
values (gen_random_uuid(), 'mpesa', 'KE', 'collect', 'up', 'open')"""


@pytest.fixture(autouse=True)
def _rails(world: Any) -> None:
    for table in ("rail_health", "rail_windows", "rail_changes", "rail_queue"):
        world.sql(f"delete from {table}")
    world.sql(_STAND, "mpesa", "KE", "collect", "open", "calls without an answer")
    world.sql(_STAND, "mpesa", "KE", "payout", "up", None)
    world.sql(_STAND, "momo", "CM", "collect", "half_open", None)


def operator(world: Any) -> Any:
    return world.client(world.make_key(PLATFORM_ORG, scopes=(OPERATOR,), principal="op.amina"))


def window(hours: float = 1, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    ends = now + timedelta(hours=hours)
    body = {"from": now.isoformat(), "to": ends.isoformat(), "reason": "upgrade at Safaricom"}
    return {**body, **changes}


async def test_methods_tell_whether_they_are_taken_now_and_how_each_operation_does(
    world: Any,
) -> None:
    methods = {one["id"]: one for one in (await world.http.get("/v1/providers")).json()["data"]}
    assert {name: one["available"] for name, one in methods.items()} == {
        "mpesa": False,
        "momo": True,
    }
    stood = {one["operation"]: one["state"] for one in methods["mpesa"]["health"]}
    assert stood["collect"] == "open"


async def test_the_public_page_says_it_in_words_without_anything_from_elsewhere(
    world: Any,
) -> None:
    world.sql(_CHANGE)
    answer = await world.client().get("/status")
    page, policy = answer.text, answer.headers["content-security-policy"]
    assert (answer.status_code, "M-Pesa (KE)" in page, ">down<" in page) == (200, True, True)
    assert "does not answer" in page
    assert "default-src 'none'" in policy
    assert not re.search(r"<script|https?://|style=", page)
    assert len(answer.content) < 20_000
    assert "set-cookie" not in answer.headers


async def test_programs_read_the_same(world: Any) -> None:
    world.sql(_CHANGE)
    status = (await world.client().get("/status.json")).json()
    assert status["state"] == "open"
    assert {(one["provider"], one["operation"], one["state"]) for one in status["rails"]} == {
        ("mpesa", "collect", "open"),
        ("mpesa", "payout", "up"),
        ("momo", "collect", "half_open"),
    }
    assert status["changes"][0]["to_state"] == "open"


async def test_our_bank_is_on_the_page_and_its_maintenance_is_announced_too(world: Any) -> None:
    world.sql(_STAND, "ncba", "KE", "payout", "degraded", None)
    page = (await world.client().get("/status")).text
    made = await operator(world).post("/v1/operator/rails/ncba/maintenance", json=window())
    assert ("Bank transfers (KE)" in page, made.status_code) == (True, 201)


async def test_the_page_names_no_organisation_and_no_count_of_anybodys_payments(
    world: Any,
) -> None:
    told = (await world.client().get("/status.json")).text
    assert "org_" not in told
    assert "waiting" not in told


async def test_maintenance_is_announced_seen_and_called_off(world: Any) -> None:
    client = operator(world)
    made = await client.post("/v1/operator/rails/momo/maintenance", json=window())
    ahead = (await client.get("/v1/operator/rails")).json()["maintenance"]
    public = (await world.client().get("/status.json")).json()["maintenance"]
    assert (made.status_code, [one["id"] for one in ahead]) == (201, [made.json()["id"]])
    assert [(one["provider"], one["operation"]) for one in public] == [("momo", None)]
    assert "op.amina" not in str(public)
    path = f"/v1/operator/rails/maintenance/{made.json()['id']}/cancel"
    ended = [(await client.post(path)).status_code for _ in range(2)]
    assert ended == [200, 404]
    assert (await client.get("/v1/operator/rails")).json()["maintenance"] == []


@pytest.mark.parametrize(
    ("provider", "body", "status"),
    [
        ("none", window(), 404),
        ("mpesa", window(hours=-1), 400),
        ("mpesa", window(hours=24 * 8), 400),
        ("mpesa", window(operation="ring"), 400),
        ("mpesa", {**window(), "from": "tonight"}, 400),
    ],
)
async def test_a_window_that_cannot_be_is_refused(
    world: Any, provider: str, body: dict[str, Any], status: int
) -> None:
    path = f"/v1/operator/rails/{provider}/maintenance"
    answer = await operator(world).post(path, json=body)
    assert answer.status_code == status
    assert world.sql("select count(*) from rail_windows") == [(0,)]


async def test_operators_see_how_many_wait(world: Any) -> None:
    await world.created(
        confirm={"method": "mpesa", "payer": {"phone": "+254700000001"}, "when_down": "queue"}
    )
    rails = (await operator(world).get("/v1/operator/rails")).json()["data"]
    waiting = {(one["provider"], one["operation"]): one["waiting"] for one in rails}
    assert waiting["mpesa", "collect"] == 1


async def test_whoever_watches_counts_rails_by_state_and_what_waits(world: Any) -> None:
    page = (await world.client().get("/metrics")).text
    rail = 'country="KE",operation="collect",provider="mpesa"'
    assert f'kauri_rail{{{rail},state="open"}} 1.0' in page
    assert f"kauri_rail_waiting{{{rail}}} 0.0" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"from": "2020-01-01T00:00:00Z", "to": "2020-01-01T01:00:00Z"},
        {"to": "9999-12-31T23:59:59-14:00"},
        {"from": "2029-01-01T00:00:00Z", "to": "2029-01-01T01:00:00Z"},
    ],
)
async def test_maintenance_that_is_over_or_years_ahead_is_refused(
    world: Any, changes: dict[str, str]
) -> None:
    path = "/v1/operator/rails/mpesa/maintenance"
    answer = await operator(world).post(path, json={**window(), **changes})
    assert (answer.status_code, answer.json()["param"]) == (400, "/to")
