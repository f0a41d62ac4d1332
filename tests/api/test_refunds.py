"""Refunds over HTTP: reserved at once, refused in plain words, never above what was captured."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from activities.refund_accepting import RefundDesk
from api.keys import MERCHANT_SCOPES, PAYOUTS_APPROVE
from models import ids
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.refunds_world import Refunded, rail
from tests.conftest import Urls


class RefundsOver:
    """A merchant's client, its payment, and what was started."""

    def __init__(self, world: Any, shop: Refunded) -> None:
        self.world, self.shop = world, shop
        self.http: httpx.AsyncClient = world.client(world.make_key(shop.org))

    def offers(self, **changes: Any) -> None:
        """What M-Pesa can do."""
        desk = RefundDesk(self.world.parts.vault, {"mpesa": rail(**changes)})
        self.world.app.state.parts = replace(self.world.parts, refunds=desk)

    async def ask(self, key: str = "", **body: Any) -> httpx.Response:
        headers = {"idempotency-key": key or ids.mint("idem")}
        asked = {"payment": self.shop.paid.payment, **body}
        return await self.http.post("/v1/refunds", json=asked, headers=headers)

    async def made(self, **body: Any) -> dict[str, Any]:
        answer = await self.ask(**body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@pytest.fixture
async def over(world: Any, urls: Urls, database: Database, vault: Vault) -> RefundsOver:
    """KES 100.00 were paid by M-Pesa, which gives back parts."""
    opened = RefundsOver(world, await Refunded(urls, database, vault).settled())
    opened.offers()
    return opened


async def test_a_refund_is_accepted_reserved_and_started(over: RefundsOver) -> None:
    made = await over.made(amount=4_000, reason="one of two", reference="r-1")
    assert (made["status"], made["amount"], made["currency"]) == ("created", 4_000, "KES")
    assert (made["payment"], made["via"]) == (over.shop.paid.payment, "native")
    assert over.shop.sums() == (0, 4_000)
    await over.world.dispatcher.drain()
    assert [start.workflow_id for start in over.world.dispatcher.started] == [made["id"]]


async def test_the_same_key_makes_one_refund(over: RefundsOver) -> None:
    first, second = await over.ask("k-1", amount=4_000), await over.ask("k-1", amount=4_000)
    assert first.content == second.content
    assert over.shop.sums() == (0, 4_000)


async def test_of_fifty_at_once_none_goes_above_what_was_captured(over: RefundsOver) -> None:
    answers = await asyncio.gather(*(over.ask(amount=300) for _ in range(50)))
    codes = [one.status_code for one in answers]
    assert (codes.count(201), codes.count(409)) == (33, 17)
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {
        "refund_exceeds_captured"
    }
    assert over.shop.sums() == (0, 9_900)


async def test_too_much_is_told_what_is_left(over: RefundsOver) -> None:
    await over.made(amount=9_000)
    answer = await over.ask(amount=1_001)
    assert (answer.status_code, answer.json()["left"]) == (409, "1000")


async def test_a_payment_nobody_knows_about_is_not_refunded_and_not_retried(
    over: RefundsOver,
) -> None:
    named = ids.parsed(ids.PAYMENT, over.shop.paid.payment)
    over.shop.read("update payments set status = 'unknown' where id = %s", named)
    answer = await over.ask(amount=100)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "payment_outcome_unknown")
    assert (told["outcome"], "do_not_retry" in told["detail"]) == ("unknown", True)


async def test_another_merchants_payment_is_not_there(over: RefundsOver, world: Any) -> None:
    stranger = world.client(world.make_key(world.make_org()))
    asked = {"payment": over.shop.paid.payment, "amount": 100}
    answer = await stranger.post(
        "/v1/refunds", json=asked, headers={"idempotency-key": ids.mint("idem")}
    )
    assert answer.status_code == 404
    assert over.shop.sums() == (0, 0)


@pytest.mark.parametrize(
    ("body", "param"),
    [({"amount": 100, "currency": "UGX"}, "/currency"), ({"amount": 0}, "/amount")],
)
async def test_a_wrong_field_is_named(over: RefundsOver, body: Any, param: str) -> None:
    answer = await over.ask(**body)
    assert (answer.status_code, answer.json()["param"]) == (400, param)


async def test_a_reference_is_used_once(over: RefundsOver) -> None:
    await over.made(amount=100, reference="r-1")
    answer = await over.ask(amount=100, reference="r-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_reference_in_use")
    assert over.shop.sums() == (0, 100)


async def test_a_rail_that_can_do_neither_says_so(over: RefundsOver) -> None:
    over.offers(native=False, pays_out=False)
    answer = await over.ask(amount=100)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_not_possible")


async def test_a_payout_is_refused_where_nobody_may_allow_it(over: RefundsOver) -> None:
    over.offers(native=False)
    answer = await over.ask(amount=100)
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_may_approve")
    assert "payouts:approve" in answer.json()["detail"]


async def test_a_payout_waits_for_a_second_person(over: RefundsOver) -> None:
    over.offers(native=False)
    over.shop.a_second_person()
    made = await over.made(amount=100)
    assert (made["status"], made["via"]) == ("requires_approval", "payout")
    told = over.shop.read("select type from events where object_id = %s order by 1",
                          ids.parsed(ids.REFUND, made["id"]))  # fmt: skip
    assert [kind for (kind,) in told] == ["approval.requested", "refund.created"]


async def test_whoever_asked_may_not_allow_it_and_another_may(
    over: RefundsOver, world: Any
) -> None:
    over.offers(native=False)
    scopes = (*MERCHANT_SCOPES, PAYOUTS_APPROVE)
    keys = [world.make_key(over.shop.org, scopes=scopes, principal=who) for who in ("shop", "ann")]
    made = await over.made(amount=100)
    codes = []
    for key in keys:
        path = f"/v1/refunds/{made['id']}/approve"
        codes.append((await world.client(key).post(path, json={})).status_code)
    assert codes == [403, 200]


async def test_refunds_are_listed_by_their_payment(over: RefundsOver) -> None:
    made = [await over.made(amount=100), await over.made(amount=200)]
    path = f"/v1/refunds?payment={over.shop.paid.payment}"
    listed = (await over.http.get(path)).json()
    assert [one["id"] for one in listed["data"]] == [one["id"] for one in reversed(made)]
    other = await over.http.get(f"/v1/refunds?payment={ids.mint(ids.PAYMENT)}")
    assert other.json()["data"] == []


async def test_giving_up_is_left_for_the_refund_to_hear(over: RefundsOver) -> None:
    made = await over.made(amount=100)
    answer = await over.http.post(f"/v1/refunds/{made['id']}/cancel")
    assert answer.status_code == 200
    kept = over.shop.read("select kind, workflow_id from inbox where workflow_id = %s", made["id"])
    assert kept == [("request", made["id"])]


@pytest.mark.parametrize("state", ["processing", "unknown", "succeeded", "failed"])
async def test_what_may_have_left_is_not_given_up(over: RefundsOver, state: str) -> None:
    made = await over.made(amount=100)
    named = ids.parsed(ids.REFUND, made["id"])
    over.shop.read("update sagas set state = %s where id = %s", state, named)
    answer = await over.http.post(f"/v1/refunds/{made['id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cancelable")


async def test_a_refunds_story_begins_with_its_acceptance(over: RefundsOver) -> None:
    made = await over.made(amount=100)
    story = (await over.http.get(f"/v1/refunds/{made['id']}/timeline")).json()
    assert story["refund"] == made["id"]
    assert {one["kind"] for one in story["data"]} >= {"transition", "event"}


async def test_the_payment_shows_what_was_refunded(over: RefundsOver) -> None:
    made = await over.made(amount=4_000)
    named = ids.parsed(ids.REFUND, made["id"])
    over.shop.read("update sagas set state = 'succeeded' where id = %s", named)
    payment = (await over.http.get(f"/v1/payments/{over.shop.paid.payment}")).json()
    assert payment["amount_refunded"] == 4_000


async def test_a_merchant_cannot_give_up_what_operators_give_back_to_the_payer(
    over: RefundsOver,
) -> None:
    made = await over.made(amount=4_000)
    named = ids.parsed(ids.REFUND, made["id"])
    over.shop.read("update sagas set data = data || %s::jsonb where id = %s", '{"case":"c"}', named)
    answer = await over.http.post(f"/v1/refunds/{made['id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cancelable")
    assert "two operators" in answer.json()["detail"]
