"""Payouts over HTTP: predicted, checked, accepted once, approved by another, taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.keys import PAYOUTS_APPROVE, PAYOUTS_READ
from ledger.book import Book
from ledger.chart import payable, provider_float
from ledger.entry import Entry, Move
from models import ids
from models.moments import moment
from models.money import Money
from tests.api.payout_rows import LATER, PAYOUTS, SCOPES, WAVED, a_payout, limit, pay

NUMBER = "712000001"


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


async def owe(world: Any, minor: int) -> None:
    """What the organisation is owed."""
    entry = Entry(
        id=f"{ids.mint('seed')}/settled",
        org=world.org,
        livemode=False,
        moves=(
            Move(
                debit=provider_float("wave", "collections"),
                credit=payable(world.org),
                amount=Money(minor, "KES"),
            ),
        ),
    )
    async with world.parts.database.scoped(world.org, False) as connection:
        await Book().post(connection, entry)


async def test_a_payout_is_accepted_once_and_started(world: Any, http: httpx.AsyncClient) -> None:
    await owe(world, 50_000)
    first, second = await pay(http, WAVED, "k-1"), await pay(http, WAVED, "k-1")
    made = first.json()
    assert (first.status_code, first.content) == (201, second.content)
    assert (made["status"], made["method"], made["payee"]) == ("draft", "wave", "+2547…001")
    assert world.sql("select kind from starts where id = %s", made["id"]) == [("payout",)]
    await world.dispatcher.drain()
    assert [start.workflow_id for start in world.dispatcher.started] == [made["id"]]


async def test_whom_it_goes_to_is_nowhere_in_clear(world: Any, http: httpx.AsyncClient) -> None:
    answer = await pay(http, LATER)
    rows = world.sql("select data::text from sagas where org_id = %s", world.org)
    kept = world.sql("select payee_sealed, payee_lookup from payees where org_id = %s", world.org)
    assert NUMBER not in answer.text + rows[0][0]
    assert "Otieno" not in answer.text + rows[0][0]
    assert all(NUMBER.encode() not in part for part in kept[0])


async def test_more_than_is_owed_is_refused_and_nothing_is_kept(
    world: Any, http: httpx.AsyncClient
) -> None:
    await owe(world, 39_999)
    answer = await pay(http, WAVED)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["missing"]) == (
        409, "payable_insufficient", "1",
    )  # fmt: skip
    assert world.count("sagas") == 0


async def test_the_operator_is_told_from_the_number(world: Any, http: httpx.AsyncClient) -> None:
    body = {**LATER, "currency": "XAF", "payee": {"phone": "+237677000001"}}
    made = (
        await pay(http, {name: value for name, value in body.items() if name != "method"})
    ).json()
    assert made["method"] == "momo"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"method": "nobody"}, "/method"),
        ({"method": None, "payee": {"phone": "+33612345678"}}, "/method"),
        ({"payee": {"phone": "+237677000001"}}, "/payee/phone"),
        ({"payee": {"name": "Amina"}}, "/payee"),
        ({"currency": "XAF"}, "/currency"),
        ({"amount": 1}, "/amount"),
        ({"scheduled_at": "2029-01-31T06:00:00Z"}, "/scheduled_at"),
        ({"scheduled_at": "2026-01-01T00:00:00Z"}, "/scheduled_at"),
        ({"scheduled_at": "0001-01-01T00:00:00+23:59"}, "/scheduled_at"),
    ],
)
async def test_what_no_rail_carries_is_refused_by_its_field(
    http: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    answer = await pay(http, {**LATER, **changes})
    assert (answer.status_code, answer.json()["param"]) == (400, pointer)


async def test_a_day_that_is_over_is_refused_but_for_what_clocks_differ_by(
    http: httpx.AsyncClient,
) -> None:
    over, late = (datetime.now(UTC) - timedelta(minutes=minutes) for minutes in (6, 4))
    refused = await pay(http, {**LATER, "scheduled_at": over.isoformat()})
    assert (refused.status_code, refused.json()["param"]) == (400, "/scheduled_at")
    assert "is over" in refused.json()["detail"]
    taken = await pay(http, {**LATER, "scheduled_at": late.isoformat()})
    assert (taken.status_code, taken.json()["scheduled_at"]) == (201, moment(late))


async def test_the_banks_account_is_for_keys_of_its_own_mode(world: Any) -> None:
    live = world.client(world.make_key(livemode=True, scopes=SCOPES))
    bank = {"code": "01", "account": "1122334455", "name": "Amina"}
    answer = await pay(live, {**LATER, "method": "pesalink", "payee": {"bank": bank}})
    assert (answer.status_code, answer.json()["param"]) == (400, "/method")


async def test_a_reference_names_one_payout(http: httpx.AsyncClient) -> None:
    body = {**LATER, "reference": "salary-1"}
    first, second = await pay(http, body), await pay(http, body)
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["code"] == "payout_reference_in_use"
    found = (await http.get(f"{PAYOUTS}?reference=salary-1")).json()
    assert [one["id"] for one in found["data"]] == [first.json()["id"]]


@pytest.mark.parametrize(
    "limits", [{"per_payout": 39_999}, {"per_day": 79_999}, {"per_hour": 1}], ids=str
)
async def test_what_a_limit_does_not_allow_is_refused(
    http: httpx.AsyncClient, boss: httpx.AsyncClient, limits: dict[str, int]
) -> None:
    await limit(boss, **limits)
    answers = [await pay(http, LATER) for _ in range(2)]
    assert (answers[1].status_code, answers[1].json()["code"]) == (409, "payout_limit_exceeded")


async def test_a_limit_of_another_rail_does_not_count(
    http: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    await limit(boss, provider="momo", per_payout=1)
    assert (await pay(http, LATER)).status_code == 201


@pytest.mark.parametrize(
    ("state", "status"),
    [("queued", 200), ("scheduled", 200), ("processing", 409), ("unknown", 409), ("paid", 409)],
)
async def test_only_what_has_not_left_is_taken_back(
    world: Any, http: httpx.AsyncClient, state: str, status: int
) -> None:
    payout = a_payout(world, state)
    answer = await http.post(f"{PAYOUTS}/{payout}/cancel")
    assert answer.status_code == status
    told = world.sql("select 1 from inbox where workflow_id = %s", payout)
    assert len(told) == (status == 200)


async def test_whoever_sends_money_sets_no_limits(http: httpx.AsyncClient) -> None:
    answer = await http.put("/v1/payout_policy", json={})
    assert answer.status_code == 403


async def test_the_policy_reads_back_as_it_was_put(boss: httpx.AsyncClient) -> None:
    limits = [{"provider": "*", "currency": "KES", "approval_above": 5, "per_payout": None,
               "per_day": 9, "per_hour": None}]  # fmt: skip
    body = {"name_check": "ask", "approval_hours": 8, "limits": limits, "return_fee": True}
    put = await boss.put("/v1/payout_policy", json=body)
    read = (await boss.get("/v1/payout_policy")).json()
    assert put.json() == read
    assert {name: read[name] for name in body} == body


async def test_whom_charges_are_paid_out_to_is_kept_sealed(
    world: Any, boss: httpx.AsyncClient
) -> None:
    chosen = {"payee": {"phone": "0712000001"}, "method": "wave"}
    put = await boss.put("/v1/payout_policy", json={"automatic": chosen})
    kept = world.sql("select automatic_sealed from payout_policies where org_id = %s", world.org)
    assert put.json()["automatic"] == {"payee": "+2547…001", "method": "wave"}
    assert NUMBER.encode() not in kept[0][0]


async def test_a_limit_of_a_rail_there_is_not_is_refused(boss: httpx.AsyncClient) -> None:
    limits = [{"currency": "KES", "per_day": 1}, {"provider": "mpessa", "currency": "KES"}]
    answer = await boss.put("/v1/payout_policy", json={"limits": limits})
    assert (answer.status_code, answer.json()["param"]) == (400, "/limits/1/provider")
    assert "momo" in answer.json()["detail"]


async def test_two_limits_of_one_rail_are_refused(boss: httpx.AsyncClient) -> None:
    body = {"limits": [{"currency": "KES", "per_day": day} for day in (1, 2)]}
    answer = await boss.put("/v1/payout_policy", json=body)
    assert (answer.status_code, answer.json()["param"]) == (400, "/limits")
