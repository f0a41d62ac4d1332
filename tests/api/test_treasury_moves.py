"""Moves between floats over HTTP: one asks, another allows, and neither does both."""

from typing import Any

import httpx
import pytest

from models import ids
from models.clearing_move import ClearingOrder
from tests.api.treasury_rows import MOVE, MOVES, SEEN, WORD, treasurer


@pytest.fixture
def house(world: Any) -> dict[str, httpx.AsyncClient]:
    """Two treasurers."""
    return {name: treasurer(world, name) for name in ("mara", "tess")}


async def asked(house: dict[str, httpx.AsyncClient], **changes: Any) -> httpx.Response:
    headers = {"idempotency-key": ids.mint("idem")}
    return await house["mara"].post(MOVES, json={**MOVE, **changes}, headers=headers)


async def test_a_move_waits_for_another_and_is_started_with_what_it_is(
    world: Any, house: dict[str, httpx.AsyncClient]
) -> None:
    answer = await asked(house)
    move = answer.json()
    assert answer.status_code == 201
    assert (move["status"], move["from"], move["to"], move["by"]) == (
        "draft", "ncba/7744510018", "wave/collections", "hand",
    )  # fmt: skip
    await world.dispatcher.drain()
    order = world.dispatcher.started[-1].order
    assert isinstance(order, ClearingOrder)
    assert (order.saga.id, order.maker, order.reference) == (move["id"], "mara", move["reference"])


async def test_whoever_asked_does_not_allow_it(house: dict[str, httpx.AsyncClient]) -> None:
    move = (await asked(house)).json()["id"]
    own = await house["mara"].post(f"{MOVES}/{move}/approve", json=WORD)
    assert (own.status_code, own.json()["code"]) == (403, "approval_by_maker")
    other = await house["tess"].post(f"{MOVES}/{move}/approve", json=WORD)
    again = await house["tess"].post(f"{MOVES}/{move}/reject", json=WORD)
    assert (other.status_code, again.status_code) == (200, 409)


async def test_the_second_persons_word_is_left_for_the_move(
    world: Any, house: dict[str, httpx.AsyncClient]
) -> None:
    move = (await asked(house)).json()["id"]
    await house["tess"].post(f"{MOVES}/{move}/approve", json=WORD)
    left = world.sql("select kind from inbox where workflow_id = %s", move)
    kept = world.sql(
        "select maker, checker, word from approvals where saga_id = %s",
        ids.parsed(ids.CLEARING, move),
    )
    assert (left, kept) == ([("request",)], [("mara", "tess", "approve")])


async def test_without_a_second_treasurer_nothing_is_asked(world: Any) -> None:
    world.sql("update api_keys set revoked_at = now() where scopes @> array['treasury']")
    alone = treasurer(world, "mara")
    answer = await alone.post(MOVES, json=MOVE, headers={"idempotency-key": "m-1"})
    assert answer.status_code == 409
    assert "kauri keys treasurer" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"destination": MOVE["origin"]}, "/destination"),
        ({"origin": {"kind": "wallet", "provider": "wave"},
          "destination": {"kind": "wallet", "provider": "airtel"}, "to_account": "7744510026"},
         "/to_account"),
        ({"currency": "ZZZ"}, "/currency"),
    ],
)  # fmt: skip
async def test_a_move_that_makes_no_sense_names_its_field(
    house: dict[str, httpx.AsyncClient], changes: dict[str, Any], pointer: str
) -> None:
    answer = await asked(house, **changes)
    assert (answer.status_code, answer.json()["param"]) == (400, pointer)


async def test_a_move_nobody_allowed_has_not_arrived(house: dict[str, httpx.AsyncClient]) -> None:
    move = (await asked(house)).json()["id"]
    answer = await house["tess"].post(f"{MOVES}/{move}/arrived", json=SEEN)
    assert answer.status_code == 409


async def test_a_merchant_with_the_scope_is_no_treasurer(world: Any) -> None:
    key = world.make_key(scopes=("treasury",))
    answer = await world.client(key).get(MOVES)
    assert answer.status_code == 403
