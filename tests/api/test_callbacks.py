"""What providers send: stored once, answered fast, never a 5xx."""

import asyncio
import base64
import json
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.routes.callbacks import MOST_BODIES
from models import ids
from runtime.database import Database

MPESA = {"method": "mpesa", "payer": {"phone": "+254700000001"}}
MOMO = {"method": "momo", "payer": {"phone": "+237670000001"}}
BODY = {"Body": {"stkCallback": {"ResultCode": 0}}}


async def path_of(world: Any, confirm: Any = MPESA, slug: str = "ke1", **body: Any) -> str:
    checkout = await world.created(confirm=confirm, **body)
    await world.dispatcher.drain()
    attempt = checkout["payment"]["latest_attempt"]["id"]
    path = ids.callback_path(attempt, slug, world.parts.settings.callback_secret)
    url = world.dispatcher.started[-1].order.first.charge.callback_url
    assert url == world.parts.settings.public_url + path
    return path


async def test_a_callback_is_stored_sealed_answered_and_delivered(world: Any) -> None:
    path = await path_of(world)
    answer = await world.client().post(path, json=BODY)
    assert (answer.status_code, answer.json()["ResultCode"]) == (200, 0)
    await world.dispatcher.drain()
    ((row_id, kind, workflow, sealed),) = world.sql(
        "select id, kind, workflow_id, payload_sealed from inbox where org_id = %s", world.org
    )
    assert world.inbox.delivered == [row_id]
    assert (kind, workflow) == ("callback", world.dispatcher.started[0].workflow_id)
    plain = await world.parts.vault.unseal(
        world.org, livemode=False, field="inbox", sealed=bytes(sealed)
    )
    message = json.loads(plain)
    assert (message["method"], message["content_type"]) == ("POST", "application/json")
    assert json.loads(base64.b64decode(message["raw"])) == BODY


async def test_the_same_body_is_stored_once_and_answered_every_time(world: Any) -> None:
    path = await path_of(world)
    answers = [await world.client().post(path, json=BODY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert world.count("inbox") == 1
    await world.dispatcher.drain()
    assert len(world.inbox.delivered) == 1


async def test_mtn_may_put_or_post_and_daraja_only_posts(world: Any) -> None:
    money = {"amount": 5_000, "currency": "XAF"}
    momo = await path_of(world, MOMO, "mm1", **money)
    mpesa = await path_of(world)
    http = world.client()
    assert (await http.put(momo, json=BODY)).status_code == 200
    assert (await http.post(momo, json=BODY)).status_code == 200
    assert (await http.post(mpesa, json=BODY)).status_code == 200
    assert (await http.put(mpesa, json=BODY)).status_code == 404


async def test_a_forged_tag_is_refused_and_nothing_is_stored(world: Any) -> None:
    path = await path_of(world)
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")
    answer = await world.client().post(forged, json=BODY)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert world.count("inbox") == 0


async def test_a_tag_of_one_provider_does_not_open_another(world: Any) -> None:
    path = await path_of(world)
    answer = await world.client().post(path.replace("/ke1/", "/mm1/"), json=BODY)
    assert answer.status_code == 401


async def test_an_unknown_slug_or_attempt_is_not_found(world: Any) -> None:
    path = await path_of(world)
    http = world.client()
    stranger = ids.callback_path(ids.mint(ids.ATTEMPT), "ke1", world.parts.settings.callback_secret)
    assert (await http.post(path.replace("/ke1/", "/zz9/"), json=BODY)).status_code == 404
    assert (await http.post(stranger, json=BODY)).status_code == 404
    assert (await http.post("/in/ke1/nothing", json=BODY)).status_code == 404


async def test_paths_hold_none_of_the_words_daraja_refuses(world: Any) -> None:
    refused = ("mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
    path = await path_of(world)
    assert path == path.lower()
    for ready in world.parts.providers.values():
        assert not any(word in f"/in/{ready.callbacks.slug}/" for word in refused)
    assert not any(word in path for word in refused)


async def test_a_body_over_the_limit_is_refused(world: Any) -> None:
    path = await path_of(world)
    answer = await world.client().post(path, content=b"x" * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_that_lies_about_its_length_is_refused(world: Any) -> None:
    path = await path_of(world)

    async def endless() -> Any:
        for _ in range(80):
            yield b"x" * 1024

    answer = await world.client().post(path, content=endless())
    assert answer.status_code == 413


async def test_different_bodies_are_kept_up_to_a_number(world: Any) -> None:
    path = await path_of(world)
    http = world.client()
    sent = [http.post(path, content=str(number)) for number in range(MOST_BODIES)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {200}
    assert (await http.post(path, content="one more")).status_code == 429
    assert (await http.post(path, content="1")).status_code == 200
    assert world.count("inbox") == MOST_BODIES


async def test_when_nothing_can_be_stored_the_provider_is_told_to_come_back(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await path_of(world)

    def away(_database: Database) -> Any:
        raise psycopg.OperationalError("the server closed the connection")

    monkeypatch.setattr(Database, "system", away)
    answer = await world.client().post(path, json=BODY)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_a_callback_may_come_after_the_session_has_ended(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    attempt = checkout["payment"]["latest_attempt"]["id"]
    world.attempt_ends(checkout, "succeeded", "succeeded")
    path = ids.callback_path(attempt, "ke1", world.parts.settings.callback_secret)
    assert (await world.client().post(path, json=BODY)).status_code == 200
    assert world.count("inbox") == 1


async def test_whatever_comes_is_answered_without_a_server_error(world: Any) -> None:
    path = await path_of(world)
    http: httpx.AsyncClient = world.client()
    loop = asyncio.get_running_loop()

    def post(where: str, method: str, raw: bytes, kind: str) -> int:
        sent = http.request(method, where, content=raw, headers={"content-type": kind})
        return asyncio.run_coroutine_threadsafe(sent, loop).result(30).status_code

    names = st.text("abcdefghijklmnopqrstuvwxyz0123456789.-_%", max_size=70)
    anywhere = st.builds("/in/{}/{}".format, names, names)
    kinds = st.sampled_from(
        [
            "application/json",
            "text/html",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        ]
    )

    @hypothesis_settings(
        max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(
        where=st.one_of(st.just(path), anywhere),
        method=st.sampled_from(["POST", "PUT"]),
        raw=st.one_of(st.binary(max_size=300), st.just(b"[" * 30_000), st.just(b'{"a":1e400}')),
        kind=kinds,
    )
    def fuzz(where: str, method: str, raw: bytes, kind: str) -> None:
        assert post(where, method, raw, kind) in {200, 401, 404, 405, 429}

    await asyncio.to_thread(fuzz)
