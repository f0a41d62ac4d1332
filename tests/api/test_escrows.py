"""Escrows over HTTP: made with their checkout, decided about once, and by those who may."""

import asyncio
from typing import Any

import pytest

from activities import escrow_takebacks
from api.keys import MERCHANT_SCOPES, OPERATOR, PAYOUTS_APPROVE
from models import ids
from models.ids import PLATFORM_ORG
from models.money import Money
from tests.api.conftest import MPESA_CONFIRM
from tests.api.escrow_world import PROOF, Keeper

REASON = "it never came"


@pytest.fixture
def keeper(world: Any) -> Keeper:
    """A merchant with escrows."""
    return Keeper(world)


async def test_an_escrow_comes_with_a_checkout_that_may_be_confirmed_later(keeper: Keeper) -> None:
    made = await keeper.made()
    checkout = (await keeper.http.get(f"/v1/checkouts/{made['checkout']}")).json()
    assert (made["status"], checkout["status"], checkout["amount"]) == ("created", "open", 100_000)
    confirmed = await keeper.world.confirm(made["checkout"])
    assert confirmed.status_code == 200


@pytest.mark.parametrize("inline", [True, False])
async def test_what_is_paid_is_to_be_kept_in_the_escrow_and_costs_nothing_yet(
    world: Any, keeper: Keeper, inline: bool
) -> None:
    world.sql("update orgs set fee_basis_points = 250 where id = %s", world.org)
    made = await keeper.made(**({"confirm": MPESA_CONFIRM} if inline else {}))
    if not inline:
        await world.confirm(made["checkout"])
    await world.dispatcher.drain()
    orders = {start.kind: start.order for start in world.dispatcher.started}
    assert orders["checkout"].escrow == made["id"]
    assert orders["checkout"].fee.basis_points == 0
    assert orders["escrow"].fee.basis_points == 250


async def test_an_ordinary_checkout_knows_no_escrow(world: Any) -> None:
    await world.created(confirm=MPESA_CONFIRM)
    await world.dispatcher.drain()
    (start,) = world.dispatcher.started
    assert start.order.escrow is None


async def test_the_same_key_makes_one_escrow_and_one_checkout(world: Any, keeper: Keeper) -> None:
    headers, body = {"idempotency-key": "e-1"}, {"amount": 5_000, "currency": "KES"}
    document = {**body, "reference": "o-9", "release": {"after": 60}}
    answers = [
        await keeper.http.post("/v1/escrows", json=document, headers=headers) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert (world.count("escrows"), world.count("checkouts")) == (1, 1)


async def test_a_reference_in_use_makes_no_second_escrow(world: Any, keeper: Keeper) -> None:
    await keeper.made(reference="o-7")
    again = await keeper.make(reference="o-7")
    assert (again.status_code, again.json()["code"]) == (409, "escrow_reference_in_use")
    await world.created(reference="o-8")
    other = await keeper.make(reference="o-8")
    assert (other.status_code, other.json()["code"]) == (409, "reference_in_use")
    assert world.count("escrows") == 1


async def test_an_escrow_that_could_never_be_released_is_refused(keeper: Keeper) -> None:
    answer = await keeper.make(release={"on_proof": False})
    assert (answer.status_code, answer.json()["param"]) == (400, "/release")


async def test_the_link_is_in_answers_and_in_no_event(world: Any, keeper: Keeper) -> None:
    made = await keeper.made()
    assert made["confirm_url"].startswith("http")
    told = world.sql("select data::text from events where org_id = %s", world.org)
    assert all("confirm_url" not in row[0] for row in told)
    plain = await keeper.made(release={"after": 3_600})
    assert plain["confirm_url"] is None


async def test_a_part_is_released_by_proof_which_is_kept_sealed(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    answer = await keeper.act(escrow, "release", amount=40_000, proof=PROOF)
    assert answer.status_code == 200
    shown = (await keeper.http.get(f"/v1/escrows/{escrow}/parts")).json()["data"]
    assert [(one["amount"], one["by"], one["note"], one["status"]) for one in shown] == [
        (40_000, "proof", PROOF, "decided")
    ]
    kept = world.sql("select note_sealed from escrow_parts where org_id = %s", world.org)
    assert PROOF.encode() not in bytes(kept[0][0])


async def test_a_part_that_was_taken_back_is_shown_as_done(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    async with world.parts.database.scoped(world.org, False) as connection:
        await escrow_takebacks.take(
            connection, keeper.id(escrow), Money(40_000, "KES"), actor="op.amina"
        )
    (shown,) = (await keeper.http.get(f"/v1/escrows/{escrow}/parts")).json()["data"]
    told = [shown[member] for member in ("kind", "amount", "by", "actor", "status")]
    assert told == ["takeback", 40_000, "operators", "op.amina", "done"]


async def test_what_was_decided_is_told_to_the_escrow(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "release", proof=PROOF)
    rows = world.sql("select id, workflow_id from inbox where org_id = %s", world.org)
    await world.dispatcher.drain()
    assert [row[1] for row in rows] == [escrow]
    assert world.parts.vault_inbox.delivered == [rows[0][0]]


async def test_more_than_is_left_is_not_released(keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "release", amount=60_000, proof=PROOF)
    answer = await keeper.act(escrow, "release", amount=40_001, proof=PROOF)
    assert (answer.status_code, answer.json()["code"]) == (409, "escrow_too_small")
    assert answer.json()["left"] == "40000"
    assert keeper.taken(escrow) == 60_000


async def test_nothing_is_decided_about_an_escrow_that_was_not_paid(keeper: Keeper) -> None:
    escrow = (await keeper.made())["id"]
    answers = [
        await keeper.act(escrow, "release", proof=PROOF),
        await keeper.act(escrow, "refund", reason=REASON),
        await keeper.act(escrow, "dispute", reason=REASON),
    ]
    assert [answer.json()["code"] for answer in answers] == ["escrow_holds_nothing"] * 3


async def test_of_many_at_once_no_more_is_taken_than_was_paid(keeper: Keeper) -> None:
    """Proof, confirmation and proof again: each sees what the one before took."""
    escrow = await keeper.funded()
    link = escrow["confirm_url"].removeprefix("http://127.0.0.1:8000")
    releases = [keeper.act(escrow["id"], "release", amount=7_000, proof=PROOF) for _ in range(24)]
    confirms = [keeper.http.post(f"/e/{link.rpartition('/e/')[2]}/confirm") for _ in range(4)]
    answers = await asyncio.gather(*releases, *confirms)
    assert {answer.status_code for answer in answers} <= {200, 409}
    parts = keeper.parts(escrow["id"])
    assert sum(amount for _kind, amount, _by in parts) == keeper.taken(escrow["id"]) == 100_000
    assert [by for _kind, _amount, by in parts].count("customer") == 1


async def test_a_rule_without_proof_is_not_released_by_proof(keeper: Keeper) -> None:
    escrow = (await keeper.funded(release={"on_proof": False, "after": 60}))["id"]
    answer = await keeper.act(escrow, "release", proof=PROOF)
    assert (answer.status_code, answer.json()["code"]) == (409, "escrow_rule_refuses")


def link_of(escrow: dict[str, Any]) -> str:
    return f"/e/{escrow['confirm_url'].rpartition('/e/')[2]}"


async def test_the_customer_confirms_without_a_key_and_once(world: Any, keeper: Keeper) -> None:
    escrow = await keeper.funded()
    stranger = world.client()
    before = (await stranger.get(link_of(escrow))).json()
    answers = [await stranger.post(f"{link_of(escrow)}/confirm") for _ in range(2)]
    assert (before["may_confirm"], before["left"], before["merchant"]) == (True, 100_000, "Acme")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert keeper.parts(escrow["id"]) == [("release", 100_000, "customer")]
    assert answers[1].json()["may_confirm"] is False


async def test_a_link_that_is_not_ours_opens_nothing(world: Any, keeper: Keeper) -> None:
    escrow = await keeper.funded()
    forged = link_of(escrow)[:-4] + "0000"
    answers = [
        (await world.client().post(f"{path}/confirm")).status_code
        for path in (forged, "/e/nonsense")
    ]
    assert answers == [401, 404]
    assert keeper.parts(escrow["id"]) == []


async def test_a_customer_may_not_confirm_where_the_rule_does_not_say_so(
    world: Any, keeper: Keeper
) -> None:
    escrow = await keeper.funded()
    world.sql(
        "update sagas set data = data || '{\"on_confirmation\": false}' where id = %s",
        keeper.id(escrow["id"]),
    )
    answer = await world.client().post(f"{link_of(escrow)}/confirm")
    assert (answer.status_code, answer.json()["code"]) == (409, "escrow_rule_refuses")


async def test_a_dispute_freezes_at_once(world: Any, keeper: Keeper) -> None:
    escrow = await keeper.funded()
    answer = await world.client().post(f"{link_of(escrow)}/dispute", json={"reason": REASON})
    assert answer.status_code == 200
    refused = [
        await keeper.act(escrow["id"], "release", proof=PROOF),
        await keeper.act(escrow["id"], "refund", reason=REASON),
        await keeper.act(escrow["id"], "dispute", reason=REASON),
        await world.client().post(f"{link_of(escrow)}/confirm"),
    ]
    assert [one.json()["code"] for one in refused] == ["escrow_disputed"] * 4


async def decide(
    keeper: Keeper, escrow: str, approver: str, *, release: int = 0, refund: int = 0
) -> Any:
    headers = {"idempotency-key": ids.mint("idem"), "kauri-approver": f"Bearer {approver}"}
    body = {"release": release, "refund": refund, "reason": "both were heard"}
    return await keeper.http.post(f"/v1/escrows/{escrow}/decide", json=body, headers=headers)


async def test_two_people_of_the_organisation_decide(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "dispute", reason=REASON)
    approver = world.make_key(scopes=(PAYOUTS_APPROVE,), principal="auditor")
    answer = await decide(keeper, escrow, approver, release=100_000)
    assert answer.status_code == 200, answer.text
    assert keeper.parts(escrow) == [("release", 100_000, "dispute")]
    people = world.sql(
        "select maker, checker from escrow_disputes where saga_id = %s", keeper.id(escrow)
    )
    assert people == [("shop", "auditor")]


async def test_a_dispute_withdrawn_takes_nothing_and_ends_the_freeze(
    world: Any, keeper: Keeper
) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "dispute", reason=REASON)
    approver = world.make_key(scopes=(PAYOUTS_APPROVE,), principal="auditor")
    assert (await decide(keeper, escrow, approver)).status_code == 200
    assert (await keeper.act(escrow, "release", proof=PROOF)).status_code == 200


async def test_nobody_decides_alone_or_about_a_part(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "dispute", reason=REASON)
    same = world.make_key(scopes=(PAYOUTS_APPROVE,), principal="shop")
    lesser = world.make_key(scopes=MERCHANT_SCOPES, principal="clerk")
    stranger = world.make_key(world.make_org(), scopes=(PAYOUTS_APPROVE,), principal="them")
    other = world.make_key(scopes=(PAYOUTS_APPROVE,), principal="auditor")
    answers = [
        await decide(keeper, escrow, approver, release=100_000)
        for approver in (same, lesser, stranger)
    ]
    in_part = await decide(keeper, escrow, other, release=50_000)
    assert [answer.status_code for answer in answers] == [403] * 3
    assert (in_part.status_code, in_part.json()["param"]) == (400, "/release")
    assert keeper.taken(escrow) == 0


async def test_the_database_itself_wants_two_people(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "dispute", reason=REASON)
    with pytest.raises(Exception, match="escrow_disputes_by_two"):
        world.sql(
            "update escrow_disputes set maker = 'a', checker = 'a', decided_at = now()"
            " where saga_id = %s",
            keeper.id(escrow),
        )


async def test_two_operators_decide_for_any_organisation_once(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    await keeper.act(escrow, "dispute", reason=REASON)
    ada = world.make_key(PLATFORM_ORG, scopes=(OPERATOR,), principal="op.ada")
    brian = world.make_key(PLATFORM_ORG, scopes=(OPERATOR,), principal="op.brian")
    headers = {"kauri-approver": f"Bearer {brian}"}
    body = {"release": 100_000, "refund": 0, "reason": "the courier was called"}
    path = f"/v1/operator/escrows/{escrow}/decide"
    answers = [await world.client(ada).post(path, json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert keeper.parts(escrow) == [("release", 100_000, "dispute")]


async def test_no_more_can_be_taken_than_was_paid_even_by_hand(world: Any, keeper: Keeper) -> None:
    escrow = (await keeper.funded())["id"]
    with pytest.raises(Exception, match="escrows_never_below_zero"):
        world.sql("update escrows set taken = 100001 where saga_id = %s", keeper.id(escrow))


async def test_escrows_are_read_by_their_owner_only(world: Any, keeper: Keeper) -> None:
    escrow = await keeper.made()
    stranger = world.client(world.make_key(world.make_org()))
    path = f"/v1/escrows/{escrow['id']}"
    assert (await keeper.http.get(path)).json() == escrow
    assert (await stranger.get(path)).status_code == 404
    listed = (await keeper.http.get("/v1/escrows?status=created")).json()
    assert [one["id"] for one in listed["data"]] == [escrow["id"]]
