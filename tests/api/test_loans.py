"""What partners see of their loans, and what two operators may decide about them."""

from typing import Any

import pytest

from api.keys import LOANS_READ, LOANS_WRITE, OPERATOR
from models import ids
from models.ids import PLATFORM_ORG
from models.loan_decisions import ReversalOrder
from tests.api.conftest import World
from tests.api.loan_rows import LOANS, POSTING, REVERSAL, a_loan


def partner(world: World) -> Any:
    return world.client(world.make_key(scopes=(LOANS_READ, LOANS_WRITE)))


async def decides(world: World, path: str, body: Any, *, approver: str = "op.brian") -> int:
    keys = [
        world.make_key(PLATFORM_ORG, principal=name, scopes=(OPERATOR,))
        for name in ("op.amina", approver)
    ]
    headers = {"authorization": f"Bearer {keys[0]}", "kauri-approver": f"Bearer {keys[1]}"}
    answer = await world.http.post(path, json=body, headers=headers)
    return int(answer.status_code)


async def test_a_loan_shows_what_was_paid_and_what_is_booked(world: World) -> None:
    loan = a_loan(world, "paid", principal=1_000_000, receipt="TKL3XYZ9AB")
    shown = (await partner(world).get(f"{LOANS}/{loan}")).json()
    assert (shown["status"], shown["amount"], shown["principal"]) == ("paid", 950_000, 1_000_000)
    assert (shown["object"], shown["receipt"]) == ("loan_disbursement", "TKL3XYZ9AB")


async def test_loans_are_found_by_state_and_by_the_lenders_number(world: World) -> None:
    first = a_loan(world, "parked", parked_for="phone")
    second = a_loan(world, "disbursed", loan=18)
    http = partner(world)
    waiting = (await http.get(f"{LOANS}?status=parked")).json()["data"]
    numbered = (await http.get(f"{LOANS}?loan=18")).json()["data"]
    assert [one["id"] for one in waiting] == [first]
    assert [one["id"] for one in numbered] == [second]


async def test_a_poll_is_set_going_once(world: World) -> None:
    answer = await partner(world).post(f"{LOANS}/poll")
    order, name = world.temporal.begun[0]
    assert answer.status_code == 200
    assert (order.org_id, order.livemode) == (ids.shown(ids.ORG, world.org), False)
    assert name == f"loan-polling/{order.org_id}/test/asked"


@pytest.mark.parametrize(("state", "status"), [("failed", 200), ("paid", 409), ("unknown", 409)])
async def test_only_what_ended_unpaid_is_tried_again(world: World, state: str, status: int) -> None:
    loan = a_loan(world, state)
    answer = await partner(world).post(f"{LOANS}/{loan}/retry")
    assert answer.status_code == status
    assert [order.loan_id for order, _name in world.temporal.begun] == [17] * (status == 200)


async def test_a_reversal_is_undone_by_the_word_of_two_people(world: World) -> None:
    loan = a_loan(world, "disbursed", receipt="TKL3XYZ9AB", booked=True)
    path = f"/v1/operator/loans/{loan}/reversal"
    assert await decides(world, path, REVERSAL, approver="op.amina") == 403
    assert await decides(world, path, REVERSAL) == 200
    order, name = world.temporal.begun[0]
    assert isinstance(order, ReversalOrder)
    assert (order.posted, order.actor, order.approver) == (True, "op.amina", "op.brian")
    assert name == f"{loan}/reversal/1"


async def test_a_decision_about_a_posting_needs_two_people_and_a_running_saga(
    world: World,
) -> None:
    path = f"/v1/operator/loans/{a_loan(world, 'posting_review')}/posting"
    assert await decides(world, path, POSTING, approver="op.amina") == 403
    assert await decides(world, path, POSTING) == 409
