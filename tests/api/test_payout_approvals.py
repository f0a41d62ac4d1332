"""A second person over HTTP: asked above a limit, first word, and a one-time code on top."""

import re
from typing import Any

import httpx
import pytest

from api.keys import PARTNER_WRITE, PAYOUTS_APPROVE, PAYOUTS_READ
from models import ids
from tests.api.batch_rows import BATCHES, a_batch
from tests.api.partner_world import USER
from tests.api.payout_rows import LATER, PAYOUTS, SCOPES, WAVED, limit, pay
from tests.api.refund_rows import REFUNDS, a_refund


@pytest.fixture
def http(world: Any) -> httpx.AsyncClient:
    """A client of the organisation that may send money."""
    client: httpx.AsyncClient = world.client(world.make_key(scopes=SCOPES, principal="clerk"))
    return client


@pytest.fixture
def boss(world: Any) -> httpx.AsyncClient:
    """Another person there, who may approve."""
    key = world.make_key(scopes=(PAYOUTS_APPROVE, PAYOUTS_READ), principal="boss")
    client: httpx.AsyncClient = world.client(key)
    return client


async def test_above_the_limit_it_waits_for_another_person(
    world: Any, http: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    await limit(boss, approval_above=39_999)
    made = (await pay(http, WAVED)).json()
    shown = (await boss.get(f"{PAYOUTS}/{made['id']}")).json()
    assert (made["status"], shown["approval"]["maker"]) == ("requires_approval", "clerk")
    answer = await boss.post(f"{PAYOUTS}/{made['id']}/approve", json={"reason": "seen"})
    assert answer.status_code == 200
    told = world.sql("select kind from inbox where workflow_id = %s", made["id"])
    events = world.sql(
        "select type from events where object_id = %s order by sequence",
        ids.parsed(ids.PAYOUT, made["id"]),
    )
    assert told == [("request",)]
    assert [row[0] for row in events] == [
        "payout.created", "approval.requested", "approval.decided",
    ]  # fmt: skip


async def test_whoever_asked_may_not_approve(world: Any, boss: httpx.AsyncClient) -> None:
    await limit(boss, approval_above=0)
    both = world.client(world.make_key(scopes=(*SCOPES, PAYOUTS_APPROVE), principal="clerk"))
    made = (await pay(both, WAVED)).json()
    answer = await both.post(f"{PAYOUTS}/{made['id']}/approve", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "approval_by_maker")
    word = world.sql("select word from approvals where org_id = %s", world.org)
    assert word == [(None,)]


async def test_only_the_first_word_counts(http: httpx.AsyncClient, boss: httpx.AsyncClient) -> None:
    await limit(boss, approval_above=0)
    path = f"{PAYOUTS}/{(await pay(http, WAVED)).json()['id']}"
    first = await boss.post(f"{path}/reject", json={"reason": "who is this?"})
    second = await boss.post(f"{path}/approve", json={})
    assert (first.status_code, second.status_code) == (200, 409)
    assert (await boss.get(path)).json()["approval"]["decision"] == "reject"


async def test_where_nobody_may_approve_it_is_refused_at_once(
    world: Any, http: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    await limit(boss, approval_above=0)
    world.sql("update api_keys set revoked_at = now() where principal = 'boss'")
    answer = await pay(http, WAVED)
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_may_approve")


async def guarded(world: Any) -> httpx.AsyncClient:
    """Somebody who may approve with a code only."""
    scopes = (PAYOUTS_APPROVE, PAYOUTS_READ, PARTNER_WRITE)
    boss: httpx.AsyncClient = world.client(world.make_key(scopes=scopes, principal="boss"))
    user = (await boss.post("/v1/authorised_users", json=USER)).json()["id"]
    limits = [{"currency": "KES", "approval_above": 0}]
    put = await boss.put("/v1/payout_policy", json={"code_to": user, "limits": limits})
    assert put.json()["code_to"] == user
    return boss


async def coded(world: Any, http: httpx.AsyncClient) -> tuple[httpx.AsyncClient, str]:
    """Somebody who may approve with a code only, and the path of a payout that waits."""
    boss = await guarded(world)
    return boss, f"{PAYOUTS}/{(await pay(http, LATER)).json()['id']}"


async def texted(world: Any) -> str:
    """The code in the newest text message."""
    rows = world.sql(
        "select body_sealed from messages where org_id = %s and channel = 'sms'"
        " order by created_at desc limit 1",
        world.org,
    )
    plain = await world.parts.vault.unseal(
        world.org, livemode=False, field="message_body", sealed=rows[0][0]
    )
    return str(re.search(r"\d{6}", plain.decode())[0])  # type: ignore[index]  # it is there


async def test_where_a_code_is_wanted_nothing_goes_without_it(
    world: Any, http: httpx.AsyncClient
) -> None:
    boss, path = await coded(world, http)
    bare = await boss.post(f"{path}/approve", json={})
    assert (bare.status_code, bare.json()["code"]) == (409, "approval_code_required")
    sent = await boss.post(f"{path}/approval_code")
    assert (sent.status_code, sent.json()["number"]) == (200, 1)
    code = await texted(world)
    other = f"{(int(code) + 1) % 1_000_000:06d}"
    wrong = await boss.post(f"{path}/approve", json={"code": other})
    assert (wrong.status_code, wrong.json()["tries_left"]) == (422, "4")
    right = await boss.post(f"{path}/approve", json={"code": code})
    assert right.status_code == 200
    assert (await boss.get(path)).json()["approval"]["decision"] == "approve"


def waiting(world: Any, path: str, saga: str) -> str:
    """The path of what waits for a second person; the clerk asked for it."""
    row = ids.parsed(ids.prefix_of(saga), saga)
    world.sql(
        "insert into approvals (saga_id, org_id, livemode, maker, asked_at, expires_at)"
        " values (%s, %s, false, 'clerk', now(), now() + interval '1 hour')",
        *[row, world.org],
    )
    told = '{"amount": 5000000, "rows": 2}'
    world.sql("update sagas set data = data || %s::jsonb where id = %s", told, row)
    return f"{path}/{saga}"


@pytest.mark.parametrize("kind", ["batch", "refund"])
async def test_a_file_or_a_refund_is_no_way_around_the_code(world: Any, kind: str) -> None:
    boss = await guarded(world)
    made = a_batch if kind == "batch" else a_refund
    path = waiting(world, BATCHES if kind == "batch" else REFUNDS, made(world, "requires_approval"))
    bare = await boss.post(f"{path}/approve", json={})
    assert (bare.status_code, bare.json()["code"]) == (409, "approval_code_required")
    assert world.sql("select word from approvals where org_id = %s", world.org) == [(None,)]
    assert (await boss.post(f"{path}/approval_code")).status_code == 200
    right = await boss.post(f"{path}/approve", json={"code": await texted(world)})
    assert right.status_code == 200, right.text


async def test_a_code_for_a_batch_is_worth_nothing_once_its_sum_has_changed(world: Any) -> None:
    boss = await guarded(world)
    path = waiting(world, BATCHES, a_batch(world, "requires_approval"))
    await boss.post(f"{path}/approval_code")
    world.sql(
        "update sagas set data = data || '{\"amount\": 5000001}' where org_id = %s", world.org
    )
    answer = await boss.post(f"{path}/approve", json={"code": await texted(world)})
    assert (answer.status_code, answer.json()["code"]) == (422, "otp_wrong")


async def test_a_code_is_guessed_five_times_and_no_more(
    world: Any, http: httpx.AsyncClient
) -> None:
    boss, path = await coded(world, http)
    await boss.post(f"{path}/approval_code")
    code = await texted(world)
    wrong = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 6)]
    guesses = [(await boss.post(f"{path}/approve", json={"code": one})) for one in wrong]
    last = await boss.post(f"{path}/approve", json={"code": code})
    assert [one.status_code for one in guesses] == [422] * 5
    assert (last.status_code, last.json()["code"]) == (409, "otp_locked")


async def test_another_code_is_not_sent_at_once(world: Any, http: httpx.AsyncClient) -> None:
    boss, path = await coded(world, http)
    first, second = [await boss.post(f"{path}/approval_code") for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 429)


async def test_nobody_is_sent_a_code_that_nobody_wants(
    http: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    await limit(boss, approval_above=0)
    path = f"{PAYOUTS}/{(await pay(http, LATER)).json()['id']}"
    answer = await boss.post(f"{path}/approval_code")
    assert answer.json()["code"] == "approval_code_not_wanted"
