"""The audit of payouts: what went well breaks nothing, and each invariant sees its own."""

import dataclasses
from typing import Any

import pytest

from cli.sweep.payouts.facts import Facts
from cli.sweep.payouts.invariants import audit
from models import ids

PAYOUT = ids.uuid7()
NAME = ids.shown(ids.PAYOUT, PAYOUT)


def moved(old: str | None, new: str) -> dict[str, Any]:
    return {"object_id": PAYOUT, "from_state": old, "to_state": new}


def line(account: str, minor: int) -> dict[str, Any]:
    return {"about": NAME, "account": account, "minor": minor}


def told(kind: str, sequence: int) -> dict[str, Any]:
    return {"object_id": PAYOUT, "type": kind, "sequence": sequence}


SAGA: dict[str, Any] = {
    "id": PAYOUT, "state": "paid", "needs_review": False, "amount": 1_000,
    "data": {"method": "wave", "fee": 10, "tax": 2},
}  # fmt: skip
PAID = {"reference": "ins_1", "amount_minor": 1_000, "outcome": "paid", "back": False}
GOOD = Facts(
    sagas=[SAGA],
    instructions=[{"saga_id": PAYOUT, "our_reference": "ins_1"}],
    bookings=[
        line("merchant:org:payable", 1_012), line("merchant:org:held", -1_012),
        line("merchant:org:held", 1_012), line("provider:wave:collections:float", -1_000),
        line("house:fees:payout", -10), line("house:tax:vat", -2),
    ],
    transitions=[
        moved(None, "draft"), moved("draft", "queued"), moved("queued", "processing"),
        moved("processing", "paid"),
    ],
    events=[told("payout.created", 1), told("payout.queued", 2), told("payout.paid", 3)],
    starts=[{"id": NAME, "started_at": 1}],
    reserved=[{"saga_id": NAME, "state": "spent"}],
    runs={NAME: "COMPLETED"},
    books={"wave": {"payouts": [PAID]}},
)  # fmt: skip


def broken(**changes: Any) -> set[str]:
    return {one.invariant for one in audit(dataclasses.replace(GOOD, **changes))}


def saga(**changes: Any) -> list[dict[str, Any]]:
    return [{**SAGA, **changes}]


def test_a_payout_that_went_well_breaks_nothing() -> None:
    assert audit(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"books": {"wave": {"payouts": []}}}, "I4"),
        ({"bookings": [*GOOD.bookings, line("merchant:org:held", -5)]}, "I4 held"),
        ({"books": {"wave": {"payouts": [PAID, PAID]}}}, "I5"),
        ({"sagas": saga(state="processing")}, "I6"),
        ({"reserved": [{"saga_id": NAME, "state": "granted"}]}, "I6 float"),
        ({"transitions": [moved(None, "draft"), moved("draft", "paid")]}, "I7"),
        ({"transitions": GOOD.transitions[:-1]}, "I7"),
        ({"events": [*GOOD.events, told("payout.paid", 4)]}, "I10"),
        ({"starts": [{"id": NAME, "started_at": None}]}, "I11"),
        ({"runs": {NAME: "RUNNING"}}, "I11"),
    ],
)
def test_each_invariant_sees_its_own(changes: dict[str, Any], seen: str) -> None:
    assert seen in broken(**changes)


def test_nobody_knows_whether_money_left_while_people_look() -> None:
    unsure = saga(state="unknown", needs_review=True)
    lines = GOOD.bookings[:2]
    moves = [*GOOD.transitions[:-1], moved("processing", "unknown")]
    runs = {NAME: "RUNNING"}
    assert broken(sagas=unsure, bookings=lines, transitions=moves, runs=runs, reserved=[]) == set()
