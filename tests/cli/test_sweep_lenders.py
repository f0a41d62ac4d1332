"""The audit of lenders' sagas: what went well breaks nothing, and each invariant sees its own."""

import dataclasses
from typing import Any
from uuid import UUID

from cli.sweep.vault.facts import Facts
from cli.sweep.vault.invariants import audit
from models import ids

LOAN, PAYOUT = ids.uuid7(), ids.uuid7()
NAME = ids.shown(ids.LOAN, LOAN)
PAID = {"kind": "payout", "reference": "KS1", "receipt": "TKL1", "amount_minor": 1_000}
GIVEN = {
    "tenant": "default",
    "loan_id": 7,
    "kind": "disbursement",
    "amount_minor": 1_000,
    "reversed": False,
}


def moved(old: str | None, new: str) -> dict[str, Any]:
    return {"object_id": LOAN, "from_state": old, "to_state": new}


def instruction(rail: str, reference: str) -> dict[str, Any]:
    return {"id": PAYOUT, "saga_id": LOAN, "rail": rail, "our_reference": reference}


def saga(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": LOAN,
        "kind": "loan_disbursement",
        "state": "disbursed",
        "needs_review": False,
        "reference": None,
        "next_check_at": None,
        "data": {"tenant": "default", "loan": 7, "principal": 1_000},
    }
    return {**row, **changes}


def mpesa(*orders: dict[str, Any]) -> dict[str, Any]:
    return {"times": {}, "debits": [], "organisations": {"600222": {"instructions": list(orders)}}}


PATH = ("found", "preflight", "held", "sending", "paid", "posting", "disbursed")
WELL = Facts(
    sagas=[saga()],
    instructions=[instruction("mpesa_b2c", "KS1")],
    bookings=[{"id": "e", "about": NAME, "account": "partner:org_1:b2c_float", "minor": -1_000}],
    transitions=[moved(old, new) for old, new in zip((None, *PATH), PATH, strict=False)],
    starts=[{"id": NAME, "started_at": "now"}],
    runs={NAME: "COMPLETED"},
    mpesa=mpesa(PAID),
    mifos={"transactions": [GIVEN]},
    bank={"lines": []},
)


def broken(**changes: Any) -> set[str]:
    return {one.invariant for one in audit(dataclasses.replace(WELL, **changes))}


def waiting(inbox_of: UUID) -> dict[str, Any]:
    return {"saga_id": inbox_of}


def test_a_loan_that_went_well_breaks_nothing() -> None:
    assert broken() == set()


def test_i4_sees_a_payment_nobody_booked_and_a_booking_nobody_paid() -> None:
    assert broken(bookings=[]) == {"I4"}
    assert broken(mpesa=mpesa()) == {"I4"}


def test_i4_lets_money_in_review_wait_for_its_booking() -> None:
    assert "I4" not in broken(bookings=[], sagas=[saga(needs_review=True)])


def test_i4_sees_a_lender_that_booked_otherwise() -> None:
    assert broken(mifos={"transactions": []}) == {"I4 lender"}
    assert broken(mifos={"transactions": [{**GIVEN, "amount_minor": 900}]}) == {"I4 lender"}


def test_i5_sees_a_second_payout_and_a_second_booking() -> None:
    assert "I5" in broken(mpesa=mpesa(PAID, PAID))
    assert "I5" in broken(mifos={"transactions": [GIVEN, GIVEN]})


def test_i6_sees_what_neither_ends_nor_is_reviewed_nor_parked() -> None:
    still = broken(sagas=[saga(state="posting")], transitions=WELL.transitions[:-1])
    assert still == {"I6", "I11"}


def test_i6_lets_a_parked_loan_be_tried_anew_while_it_is_asked_about() -> None:
    parked = {**WELL.sagas[0]["data"], "parks": 1}
    anew = saga(state="unknown", data=parked, next_check_at="soon")
    assert "I6" not in broken(sagas=[anew])
    assert "I6" in broken(sagas=[{**anew, "next_check_at": None}])


def test_i7_sees_a_jump_and_a_row_that_differs() -> None:
    assert broken(transitions=WELL.transitions[:-1]) == {"I7"}
    assert "I7" in broken(transitions=[moved(None, "found"), moved("found", "disbursed")])


def test_i7_lets_a_worker_die_before_it_sent() -> None:
    short = [move for move in WELL.transitions if move["to_state"] != "sending"]
    skipped = [
        {**move, "from_state": "held"} if move["to_state"] == "paid" else move for move in short
    ]
    assert broken(transitions=skipped) == set()


def test_i11_sees_what_was_left_waiting_and_a_run_that_goes_on() -> None:
    assert broken(starts=[{"id": NAME, "started_at": None}]) == {"I11"}
    assert broken(inbox=[waiting(LOAN)]) == {"I11"}
    assert broken(runs={NAME: "RUNNING"}) == {"I11"}
