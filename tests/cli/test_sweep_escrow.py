"""The audit of escrows: what went well breaks nothing, and each invariant sees its own."""

import dataclasses
from typing import Any

import pytest

from cli.sweep.cells import ESCROW, VICTIMS, Cell
from cli.sweep.escrow import cells as escrows
from cli.sweep.escrow.endings import allowed
from cli.sweep.escrow.facts import Facts
from cli.sweep.escrow.invariants import audit
from cli.sweep.escrow.kept import AMOUNT, PART, Kept
from models import ids

SAGA, PAYMENT, ATTEMPT = ids.uuid7(), ids.uuid7(), ids.uuid7()
NAME, PAID = ids.shown(ids.ESCROW, SAGA), ids.shown(ids.PAYMENT, PAYMENT)
PHONE = "237659000001"
ONE = Kept(
    cell=Cell(provider=escrows.DIVIDED, fault="paid", of=ESCROW),
    reference="escrow-1",
    phone=PHONE,
    subject=NAME,
    payment=PAID,
)
BACK = AMOUNT - PART
SENT = {"amount_minor": BACK, "payee": PHONE, "outcome": "paid", "gives_back": ""}


def part(number: int, kind: str, amount: int) -> dict[str, Any]:
    return {"saga_id": SAGA, "number": number, "kind": kind, "amount": amount, "returned": False}


def told(**times: int) -> list[dict[str, Any]]:
    return [
        {"object_id": SAGA, "type": f"escrow.{name}", "times": count}
        for name, count in times.items()
    ]


WELL = Facts(
    kept_ones=[ONE],
    sagas=[{"id": SAGA, "state": "closed", "needs_review": False}],
    parts=[part(1, "release", PART), part(2, "refund", BACK)],
    payments=[{"id": PAYMENT, "attempt": ATTEMPT}],
    kept=[{"name": f"escrow:org_1:{NAME}", "balance": 0, "lowest": 0}],
    released=[{"id": f"{NAME}/1/released", "about": NAME, "part": PART, "owed": PART - 75}],
    events=told(created=1, funded=1, released=1, closed=1),
    runs={NAME: "COMPLETED"},
    book={"payouts": [SENT], "given_back": {}},
)


def broken(**changes: Any) -> set[str]:
    return {one.invariant for one in audit(dataclasses.replace(WELL, **changes))}


def test_what_went_well_breaks_nothing() -> None:
    assert audit(WELL) == []


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"released": []}, {"I3", "I4 paid"}),
        ({"kept": [{**WELL.kept[0], "lowest": -1}]}, {"I4"}),
        ({"kept": [{**WELL.kept[0], "balance": 5}]}, {"I4"}),
        ({"parts": [*WELL.parts, part(3, "refund", 1)]}, {"I4 paid", "I5"}),
        ({"released": [{**WELL.released[0], "owed": PART}]}, {"I4 paid"}),
        ({"book": {"payouts": [SENT, SENT], "given_back": {}}}, {"I5"}),
        ({"sagas": [{**WELL.sagas[0], "state": "disputed"}]}, {"I6"}),
        ({"sagas": [{**WELL.sagas[0], "needs_review": True}]}, {"I6"}),
        ({"events": told(created=1, funded=2, released=1, closed=1)}, {"I10"}),
        ({"runs": {NAME: "RUNNING"}}, {"I11"}),
        ({"waiting": [{"says": "a word for an escrow waits"}]}, {"I11"}),
    ],
)
def test_each_invariant_sees_its_own(changes: dict[str, Any], seen: set[str]) -> None:
    assert broken(**changes) == seen


def test_a_payment_given_back_whole_is_found_by_its_attempt() -> None:
    key = ids.momo_reference(ids.shown(ids.ATTEMPT, ATTEMPT))
    book = {"payouts": [], "given_back": {key: BACK}}
    assert broken(book=book) == set()


def test_every_point_meets_every_victim_and_every_way_ends_its_own() -> None:
    points = sum(len(one) for one in escrows.POINTS.values())
    assert len(escrows.kills()) == points * len(VICTIMS)
    ends = {cell.provider: set(allowed(cell)) for cell in escrows.faults()}
    assert ends == {
        escrows.TIMER: {"released"},
        escrows.PROOF: {"released"},
        escrows.BACK: {"refunded"},
        escrows.DIVIDED: {"closed"},
    }
