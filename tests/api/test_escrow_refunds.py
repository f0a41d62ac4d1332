"""Refunds out of an escrow: of what is left, by a refund that names it, and by nobody else."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from activities.refund_accepting import RefundDesk
from api.keys import PAYOUTS_APPROVE
from models import ids
from tests.activities.refunds_world import rail
from tests.api.conftest import MPESA_CONFIRM
from tests.api.escrow_world import PROOF, Keeper

REASON = "it never came"


@pytest.fixture
async def keeper(world: Any) -> Keeper:
    """A merchant whose rail gives payments back, whole and in part."""
    desk = RefundDesk(world.parts.vault, {"mpesa": rail()})
    world.app.state.parts = replace(world.parts, refunds=desk)
    return Keeper(world)


async def paid(keeper: Keeper) -> dict[str, Any]:
    """An escrow paid by M-Pesa."""
    escrow = await keeper.funded(confirm=MPESA_CONFIRM)
    keeper.world.sql(
        "update attempts set state = 'succeeded' where payment_id = %s",
        ids.parsed(ids.PAYMENT, escrow["payment"]),
    )
    return escrow


async def test_a_refund_takes_its_part_and_names_the_escrow(world: Any, keeper: Keeper) -> None:
    escrow = await paid(keeper)
    answer = await keeper.act(escrow["id"], "refund", amount=30_000, reason=REASON)
    assert answer.status_code == 200, answer.text
    await world.dispatcher.drain()
    (plan,) = [start.order for start in world.dispatcher.started if start.kind == "refund"]
    assert (plan.escrow, plan.waiter, plan.amount.minor) == (escrow["id"], escrow["id"], 30_000)
    assert plan.fee is None
    assert keeper.parts(escrow["id"]) == [("refund", 30_000, "merchant")]
    shown = (await keeper.http.get(f"/v1/escrows/{escrow['id']}/parts")).json()["data"]
    assert shown[0]["refund"] == plan.saga.id


async def test_release_and_refund_at_once_never_take_more_than_was_paid(keeper: Keeper) -> None:
    escrow = await paid(keeper)
    acts = [keeper.act(escrow["id"], "release", amount=30_000, proof=PROOF) for _ in range(6)]
    acts += [keeper.act(escrow["id"], "refund", amount=30_000, reason=REASON) for _ in range(6)]
    answers = await asyncio.gather(*acts)
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 9
    assert keeper.taken(escrow["id"]) == 90_000


async def test_an_escrows_payment_is_given_back_by_its_escrow_alone(keeper: Keeper) -> None:
    escrow = await paid(keeper)
    headers = {"idempotency-key": ids.mint("idem")}
    asked = {"payment": escrow["payment"], "reason": REASON}
    answer = await keeper.http.post("/v1/refunds", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_in_escrow")


async def test_what_was_released_is_refunded_as_any_payment(world: Any, keeper: Keeper) -> None:
    escrow = await paid(keeper)
    world.sql("update sagas set state = 'released' where id = %s", keeper.id(escrow["id"]))
    headers = {"idempotency-key": ids.mint("idem")}
    asked = {"payment": escrow["payment"], "reason": REASON}
    answer = await keeper.http.post("/v1/refunds", json=asked, headers=headers)
    assert answer.status_code == 201, answer.text


async def test_a_refund_two_people_decided_asks_nobody_again(world: Any, keeper: Keeper) -> None:
    desk = RefundDesk(world.parts.vault, {"mpesa": rail(native=False)})
    world.app.state.parts = replace(world.parts, refunds=desk)
    escrow = await paid(keeper)
    await keeper.act(escrow["id"], "dispute", reason=REASON)
    approver = world.make_key(scopes=(PAYOUTS_APPROVE,), principal="auditor")
    headers = {"idempotency-key": ids.mint("idem"), "kauri-approver": f"Bearer {approver}"}
    body = {"release": 25_000, "refund": 75_000, "reason": "both were heard"}
    path = f"/v1/escrows/{escrow['id']}/decide"
    answer = await keeper.http.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert keeper.parts(escrow["id"]) == [
        ("release", 25_000, "dispute"),
        ("refund", 75_000, "dispute"),
    ]
    await world.dispatcher.drain()
    (plan,) = [start.order for start in world.dispatcher.started if start.kind == "refund"]
    assert plan.approval is None


async def given_back(world: Any, keeper: Keeper) -> tuple[str, str]:
    """An escrow two people gave to its payer, and the refund that carries it."""
    escrow = await paid(keeper)
    await keeper.act(escrow["id"], "dispute", reason=REASON)
    approver = world.make_key(scopes=(PAYOUTS_APPROVE,), principal="auditor")
    headers = {"idempotency-key": ids.mint("idem"), "kauri-approver": f"Bearer {approver}"}
    body = {"release": 0, "refund": 100_000, "reason": "both were heard"}
    path = f"/v1/escrows/{escrow['id']}/decide"
    answer = await keeper.http.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    await world.dispatcher.drain()
    (plan,) = [start.order for start in world.dispatcher.started if start.kind == "refund"]
    return escrow["id"], plan.saga.id


async def test_one_person_alone_does_not_take_back_what_two_gave_the_payer(
    world: Any, keeper: Keeper
) -> None:
    _escrow, refund = await given_back(world, keeper)
    answer = await keeper.http.post(f"/v1/refunds/{refund}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cancelable")


async def test_nor_does_a_proof_release_it_once_its_refund_has_failed(
    world: Any, keeper: Keeper
) -> None:
    escrow, refund = await given_back(world, keeper)
    world.sql("update sagas set state = 'failed' where id = %s", ids.parsed(ids.REFUND, refund))
    world.sql("update escrow_parts set returned = true where saga_id = %s", keeper.id(escrow))
    world.sql("update escrows set taken = 0 where saga_id = %s", keeper.id(escrow))
    world.sql("update sagas set state = 'funded' where id = %s", keeper.id(escrow))
    answer = await keeper.act(escrow, "release", proof=PROOF)
    assert (answer.status_code, answer.json()["code"]) == (409, "escrow_owed_back")
    again = await keeper.act(escrow, "refund", reason=REASON)
    assert again.status_code == 200, again.text


async def test_a_rail_that_gives_nothing_back_takes_no_part(world: Any, keeper: Keeper) -> None:
    desk = RefundDesk(world.parts.vault, {"mpesa": rail(native=False, pays_out=False)})
    world.app.state.parts = replace(world.parts, refunds=desk)
    escrow = await paid(keeper)
    answer = await keeper.act(escrow["id"], "refund", reason=REASON)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_not_possible")
    assert keeper.taken(escrow["id"]) == 0
