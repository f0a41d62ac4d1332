"""What every request meets: ids, versions, limits, problems, and what is counted."""

import asyncio
import logging
from typing import Any

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from api.errors import Problem, every_problem
from api.keys import KeyRing
from api.limits import Limiter
from models.delivery import API_VERSION


async def test_a_request_id_is_echoed_or_minted(world: Any) -> None:
    given = await world.http.get("/v1/payments", headers={"x-request-id": "abc-1"})
    minted = await world.http.get("/v1/nothing", headers={"x-request-id": "white space"})
    assert given.headers["x-request-id"] == "abc-1"
    assert minted.headers["x-request-id"].startswith("req_")
    assert minted.json()["request_id"] == minted.headers["x-request-id"]


async def test_the_version_is_answered_and_others_are_refused(world: Any) -> None:
    plain = await world.http.get("/v1/payments")
    same = await world.http.get("/v1/payments", headers={"api-version": API_VERSION})
    other = await world.http.get("/v1/payments", headers={"api-version": "2020-01-01"})
    assert plain.headers["api-version"] == same.headers["api-version"] == API_VERSION
    assert (other.status_code, other.json()["code"]) == (400, "api_version_unknown")


async def test_every_answer_tells_browsers_to_keep_their_hands_off(world: Any) -> None:
    answer = await world.http.get("/v1/nothing")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_problem_has_every_member_a_client_decides_by(world: Any) -> None:
    answer = await world.http.get("/v1/payments/pay_x")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert {name: problem[name] for name in ("status", "code", "instance")} == {
        "status": 404,
        "code": "not_found",
        "instance": "/v1/payments/pay_x",
    }
    assert (problem["retryable"], problem["outcome"]) == ("never", "none")
    assert problem["type"] == problem["doc_url"] == "/docs/problems#not_found"


@pytest.mark.parametrize(
    "body", [b"{", b" ", b"\xff", b"[" * 30_000, b"9" * 5_000], ids=lambda body: str(body[:2])
)
async def test_a_route_that_reads_no_body_refuses_one_that_is_no_json(
    world: Any, body: bytes
) -> None:
    opened = await world.created()
    answer = await world.http.post(f"/v1/checkouts/{opened['id']}/cancel", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_methods_and_bodies_that_do_not_fit_are_problems(world: Any) -> None:
    method = await world.http.delete("/v1/payments")
    broken = await world.http.post("/v1/checkouts", content=b"{", headers=JSON)
    text = await world.http.post("/v1/checkouts", content=b"hello")
    empty = await world.http.post("/v1/checkouts")
    assert (method.status_code, method.json()["code"]) == (405, "method_not_allowed")
    assert [one.status_code for one in (broken, text, empty)] == [400, 400, 400]
    assert {one.json()["code"] for one in (broken, text, empty)} == {"validation_failed"}


async def test_a_body_that_does_not_call_itself_json_is_told_to(world: Any) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": "form"}
    answer = await world.http.post("/v1/checkouts", content=b'{"amount": 100}', headers=form)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert answer.json()["detail"] == "/: send the body with Content-Type: application/json"


async def test_what_was_sent_is_not_repeated_in_a_problem(world: Any) -> None:
    answer = await world.create(amount="secret-254700000001")
    assert answer.status_code == 400
    assert "254700000001" not in answer.text


async def test_bytes_that_are_no_text_are_refused(world: Any) -> None:
    answer = await world.http.post("/v1/checkouts", content=b'{"a":"\xff"}', headers=JSON)
    surrogate = b'{"amount":100,"currency":"KES","reference":"\\ud800"}'
    lone = await world.http.post("/v1/checkouts", content=surrogate, headers=JSON)
    deep = await world.http.post("/v1/checkouts", content=b"[" * 60_000, headers=JSON)
    assert [one.status_code for one in (answer, lone, deep)] == [400, 400, 400]


async def test_a_body_is_bounded_on_every_route(world: Any) -> None:
    answer = await world.http.post("/v1/checkouts", content=b"x" * 70_000, headers=JSON)
    assert answer.status_code == 413


def test_a_bucket_lets_a_seconds_worth_pass_and_fills_again() -> None:
    now = [0.0]
    limiter = Limiter(2, clock=lambda: now[0])
    assert [limiter.take(b"a")[0] for _ in range(3)] == [True, True, False]
    assert limiter.take(b"b")[0] is True
    now[0] = 0.5
    passes, headers = limiter.take(b"a")
    assert passes is True
    assert dict(headers)[b"ratelimit-limit"] == b"2"
    assert dict(headers)[b"ratelimit-remaining"] == b"0"


async def test_a_key_that_asks_too_much_is_told_to_come_back(world: Any) -> None:
    object.__setattr__(world.parts, "limiter", Limiter(2))
    answers = [await world.http.get("/v1/payments") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    problem = answers[2].json()
    assert (problem["code"], problem["retryable"]) == ("rate_limited", "after")
    assert answers[2].headers["retry-after"] == "1"
    assert answers[2].headers["ratelimit-remaining"] == "0"


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (psycopg.OperationalError("gone"), 503, "unavailable"),
        (PoolTimeout("none free"), 503, "unavailable"),
        (RuntimeError("secret-detail"), 500, "internal_error"),
    ],
)
async def test_a_failure_of_ours_is_a_problem_without_its_inside(
    world: Any, failure: Exception, status: int, code: str
) -> None:
    class Broken:
        async def caller(self, _key: str) -> Any:
            raise failure

    object.__setattr__(world.parts, "keys", Broken())
    answer = await world.http.get("/v1/payments")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert (problem["retryable"], problem["outcome"]) == ("same_key", "unknown")
    assert "secret-detail" not in answer.text


def test_every_problem_has_a_code_of_its_own() -> None:
    codes = [one.code for one in every_problem()]
    assert len(codes) == len(set(codes))
    assert all(one.retryable in {"never", "same_key", "after"} for one in every_problem())
    assert issubclass(every_problem()[-1], Problem)


async def test_keys_are_looked_up_once_in_a_while(world: Any) -> None:
    now = [0.0]
    key = world.make_key()
    ring = KeyRing(world.parts.database, believed=5.0, clock=lambda: now[0])
    await ring.caller(key)
    world.sql("update api_keys set revoked_at = now() where org_id = %s", world.org)
    assert (await ring.caller(key)).org == world.org
    now[0] = 5.1
    with pytest.raises(Problem, match="mint another"):
        await ring.caller(key)


async def test_the_log_of_a_broken_request_names_no_key(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = await asyncio.gather(*(world.create(amount=-1) for _ in range(2)))
    assert {answer.status_code for answer in answers} == {400}
    assert "kk_test_" not in caplog.text


JSON = {"content-type": "application/json", "idempotency-key": "k-1"}


async def test_all_keys_of_an_organisation_share_its_rate(world: Any) -> None:
    object.__setattr__(world.parts, "limiter", Limiter(2, clock=lambda: 0.0))
    mine, other = world.client(world.make_key()), world.client(world.make_key(world.make_org()))
    answered = [
        (await client.get("/v1/payments")).status_code
        for client in (world.http, mine, world.http, mine, other)
    ]
    assert answered == [200, 200, 429, 429, 200]
