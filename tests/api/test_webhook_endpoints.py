"""The routes of webhook endpoints, over HTTP, against a real database."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any, cast
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook
from temporalio.testing import ActivityEnvironment

from activities.deliveries import Deliveries
from api.answers import HANDLERS
from api.keys import MERCHANT_SCOPES, KeyRing, digest, new_key
from api.limits import Limiter
from api.parts import Parts
from api.routes import webhook_endpoints
from models import ids
from models.delivery import Answer, DeliveryOrder
from runtime.database import Database
from runtime.settings import Settings
from runtime.vault import Vault

PATH = "/v1/webhook_endpoints"
URL = "https://shop.example/hook"

MakeKey = Callable[..., str]


@pytest.fixture
def make_key(urls: Any) -> MakeKey:
    """Mints a key for a new organisation, or for the one given."""

    def mint(org: UUID | None = None, scopes: tuple[str, ...] = MERCHANT_SCOPES) -> str:
        key, owner = new_key(livemode=False), org or ids.uuid7()
        with psycopg.connect(urls.admin, autocommit=True) as connection:
            connection.execute(
                "insert into orgs (id, kind, name) values (%s, 'merchant', 'A')"
                " on conflict do nothing",
                [owner],
            )
            connection.execute(
                "insert into api_keys (id, org_id, livemode, principal, prefix, digest, scopes)"
                " values (%s, %s, false, 'test', %s, %s, %s)",
                [ids.uuid7(), owner, key[:12], digest(key), list(scopes)],
            )
        return key

    return mint


@pytest.fixture
def app(database: Database, vault: Vault, settings: Settings) -> FastAPI:
    """These routes alone; what they do not use is not there."""
    absent = cast(Any, None)
    made = FastAPI()
    made.state.parts = Parts(
        settings=settings,
        database=database,
        vault=vault,
        dispatcher=absent,
        inbox=absent,
        vault_inbox=absent,
        partners=absent,
        rails=absent,
        board=absent,
        payout_rails={},
        bank=absent,
        providers={},
        refunds=absent,
        temporal=absent,
        keys=KeyRing(database),
        limiter=Limiter(1000),
        metrics=absent,
    )
    made.include_router(webhook_endpoints.router)
    for error, handler in HANDLERS.items():
        made.add_exception_handler(error, handler)
    return made


@pytest.fixture
async def http(app: FastAPI, make_key: MakeKey) -> AsyncIterator[httpx.AsyncClient]:
    """A merchant's client."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://kauri.test",
        headers={"authorization": f"Bearer {make_key()}"},
    ) as client:
        yield client


async def made(http: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await http.post(PATH, json={"url": URL, **more})
    assert answer.status_code == 201, answer.text
    return cast(dict[str, Any], answer.json())


async def test_the_secret_is_shown_when_it_is_made_and_never_again(
    http: httpx.AsyncClient,
) -> None:
    endpoint = await made(http)
    again = (await http.get(f"{PATH}/{endpoint['id']}")).json()
    secret = endpoint.pop("secret")
    assert secret.startswith("whsec_")
    assert again == endpoint
    assert "secret" not in (await http.get(PATH)).text


async def test_the_same_key_makes_one_endpoint_and_answers_the_same_bytes(
    http: httpx.AsyncClient,
) -> None:
    headers = {"idempotency-key": "endpoint-1"}
    first = await http.post(PATH, json={"url": URL}, headers=headers)
    second = await http.post(PATH, json={"url": URL}, headers=headers)
    assert first.content == second.content
    assert second.headers["idempotent-replayed"] == "true"
    assert len((await http.get(PATH)).json()["data"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://user:word@shop.example/",
        "https://shop.example:22/",
        "https://2130706433/",
    ],
)
async def test_a_url_we_would_never_call_is_refused_at_once(
    http: httpx.AsyncClient, url: str
) -> None:
    answer = await http.post(PATH, json={"url": url})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["param"]) == (
        400,
        "validation_failed",
        "/url",
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": URL, "secret": "whsec_mine"},
        {"url": URL, "event_types": []},
        {"url": URL, "event_types": ["Payment Succeeded"]},
        {"url": URL, "event_types": ["payment.succeded"]},
        {"url": URL, "description": "x" * 501},
        {"url": URL, "description": "a\x00b"},
    ],
)
async def test_a_body_of_another_shape_is_refused(
    http: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    assert (await http.post(PATH, json=body)).status_code == 400


async def test_a_change_leaves_what_it_does_not_name(http: httpx.AsyncClient) -> None:
    endpoint = await made(http, description="shop", event_types=["payment.succeeded"])
    path = f"{PATH}/{endpoint['id']}"
    changed = (await http.patch(path, json={"enabled": False})).json()
    assert (changed["state"], changed["disabled_reason"]) == (
        "disabled",
        "disabled by the merchant",
    )
    assert (changed["description"], changed["event_types"]) == ("shop", ["payment.succeeded"])


async def test_a_change_on_an_old_version_is_refused(http: httpx.AsyncClient) -> None:
    path = f"{PATH}/{(await made(http))['id']}"
    tag = (await http.get(path)).headers["etag"]
    first = await http.patch(path, json={"description": "a"}, headers={"if-match": tag})
    second = await http.patch(path, json={"description": "b"}, headers={"if-match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert (await http.get(path)).json()["description"] == "a"


async def test_a_deleted_endpoint_is_not_there(http: httpx.AsyncClient) -> None:
    path = f"{PATH}/{(await made(http))['id']}"
    statuses = [(await http.delete(path)).status_code for _ in range(2)]
    assert statuses == [204, 404]
    assert (await http.get(PATH)).json()["data"] == []


async def test_a_test_event_is_delivered_signed_with_the_shown_secret_and_logged(
    http: httpx.AsyncClient, database: Database, vault: Vault
) -> None:
    endpoint = await made(http, event_types=["payment.succeeded"])
    sent: list[tuple[bytes, dict[str, str]]] = []

    class Courier:
        async def post(self, url: str, *, headers: Any, body: bytes) -> Answer:
            sent.append((body, dict(headers)))
            return Answer(status=200, excerpt="thanks", duration_ms=12)

    event = (await http.post(f"{PATH}/{endpoint['id']}/test")).json()["event"]
    deliveries = Deliveries(database, vault, Courier())
    await ActivityEnvironment().run(deliveries.deliver, DeliveryOrder(endpoint_id=endpoint["id"]))
    message = Webhook(endpoint["secret"]).verify(*sent[0])
    [shown] = (await http.get(f"{PATH}/{endpoint['id']}/deliveries")).json()["data"]
    assert message["type"] == "webhook_endpoint.test"
    assert (shown["event"], shown["state"], shown["tries"]) == (event, "delivered", 1)
    assert shown["attempts"][0]["response_excerpt"] == "thanks"


async def test_a_rotation_shows_a_new_secret(http: httpx.AsyncClient) -> None:
    endpoint = await made(http)
    answer = await http.post(f"{PATH}/{endpoint['id']}/rotate")
    assert answer.status_code == 200
    assert answer.json()["secret"] not in (endpoint["secret"], "")


async def test_a_replay_names_an_event_or_a_range(http: httpx.AsyncClient) -> None:
    path = f"{PATH}/{(await made(http))['id']}"
    event = (await http.post(f"{path}/test")).json()["event"]
    one = await http.post(f"{path}/replay", json={"event": event})
    none = await http.post(f"{path}/replay", json={"event": ids.mint(ids.EVENT)})
    some = await http.post(f"{path}/replay", json={"from": "2026-01-01T00:00:00Z"})
    assert (one.json()["count"], none.status_code, some.json()["count"]) == (1, 404, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "evt_1", "from": "2026-01-01T00:00:00Z"},
        {"event": "evt_1", "to": "2026-01-01T00:00:00Z"},
        {"from": "2026-01-01T00:00:00"},
        {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
        {"from": "2026-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"},
    ],
)
async def test_a_replay_of_another_shape_is_refused(
    http: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    path = f"{PATH}/{(await made(http))['id']}"
    assert (await http.post(f"{path}/replay", json=body)).status_code == 400


async def test_a_disabled_endpoint_takes_neither_test_nor_replay(http: httpx.AsyncClient) -> None:
    path = f"{PATH}/{(await made(http))['id']}"
    await http.patch(path, json={"enabled": False})
    tested = await http.post(f"{path}/test")
    replayed = await http.post(f"{path}/replay", json={"from": "2026-01-01T00:00:00Z"})
    codes = [tested.json()["code"], replayed.json()["code"]]
    assert codes == ["endpoint_disabled", "endpoint_disabled"]


async def test_pages_follow_each_other_without_gap_or_repeat(http: httpx.AsyncClient) -> None:
    names = [(await made(http))["id"] for _ in range(3)]
    first = (await http.get(PATH, params={"limit": 2})).json()
    rest = (await http.get(PATH, params={"starting_after": first["next_cursor"]})).json()
    seen = [endpoint["id"] for endpoint in first["data"] + rest["data"]]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert seen == names[::-1]


async def test_another_organisation_and_a_key_without_the_scope_are_kept_out(
    http: httpx.AsyncClient, make_key: MakeKey
) -> None:
    path = f"{PATH}/{(await made(http))['id']}"
    stranger = {"authorization": f"Bearer {make_key()}"}
    weak = {"authorization": f"Bearer {make_key(scopes=('payments:read',))}"}
    calls = [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/test")]
    calls += [("GET", "/deliveries")]
    for method, tail in calls:
        seen = await http.request(method, path + tail, headers=stranger, json={})
        kept = await http.request(method, path + tail, headers=weak, json={})
        assert (seen.status_code, kept.status_code) == (404, 403), (method, tail)


async def test_the_secret_is_not_readable_in_the_database(
    http: httpx.AsyncClient, urls: Any
) -> None:
    endpoint = await made(http)
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        rows = connection.execute("select w::text from webhook_endpoints w").fetchall()
    assert rows
    assert endpoint["secret"].encode().hex() not in json.dumps(rows)  # bytea is shown in hex
