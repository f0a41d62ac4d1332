"""The auditor sees what it is there to see: each invariant is broken once, by hand."""

import dataclasses
from typing import Any
from uuid import UUID

import pytest

from cli.sweep.facts import Facts
from cli.sweep.invariants import audit, strangers
from models import ids

PAYMENT, CHECKOUT, ATTEMPT, EVENT = (ids.uuid7() for _ in range(4))
NAME, SESSION = ids.shown(ids.PAYMENT, PAYMENT), ids.shown(ids.CHECKOUT, CHECKOUT)
TRIED, TOLD = ids.shown(ids.ATTEMPT, ATTEMPT), ids.shown(ids.EVENT, EVENT)


def move(object_: str, row_id: UUID, old: str | None, new: str) -> dict[str, Any]:
    return {
        "object": object_,
        "object_id": row_id,
        "checkout_id": CHECKOUT,
        "from_state": old,
        "to_state": new,
    }


PAID_PAYMENT: dict[str, Any] = {
    "id": PAYMENT,
    "checkout_id": CHECKOUT,
    "status": "succeeded",
    "checkout_state": "complete",
    "needs_review": False,
    "amount_received": 1500,
    "with_reference": 1,
}
PAID_ATTEMPT: dict[str, Any] = {
    "id": ATTEMPT,
    "payment_id": PAYMENT,
    "provider": "momo",
    "our_reference": "ref-1",
    "state": "succeeded",
}
BOOKING: dict[str, Any] = {
    "id": f"{TRIED}/settled",
    "kind": "settled",
    "about": NAME,
    "currency": "XAF",
    "minor": 1500,
}
DEBIT = {"our_reference": "ref-1", "currency": "XAF", "amount_minor": 1500}
BOOK: dict[str, Any] = {"debits": [DEBIT], "times": {"ref-1": 1}, "prompts": {"237650000001": 1}}
PAID = Facts(
    payments=[PAID_PAYMENT],
    attempts=[PAID_ATTEMPT],
    bookings=[BOOKING],
    transitions=[
        move("payment", PAYMENT, None, "processing"),
        move("payment", PAYMENT, "processing", "succeeded"),
    ],
    events=[{"id": EVENT, "object_id": PAYMENT, "type": "payment.succeeded", "sequence": 1}],
    starts=[{"id": SESSION, "started_at": "then"}],
    inbox=[{"workflow_id": SESSION, "kind": "callback", "digest": "d1", "delivered_at": "then"}],
    runs={SESSION: "COMPLETED", "stray/d1": "COMPLETED"},
    books={"momo": BOOK},
    received=[{"id": TOLD, "verified": True}],
    rings={("momo", "237650000001"): 1},
)


def broken(**changes: Any) -> list[str]:
    return [one.invariant for one in audit(dataclasses.replace(PAID, **changes))]


def test_a_payment_that_went_well_breaks_nothing() -> None:
    assert audit(PAID) == []


@pytest.mark.parametrize(
    "bookings",
    [
        [],
        [{**BOOKING, "minor": 1400}],
        [{**BOOKING, "currency": "XOF"}],
        [BOOKING, {**BOOKING, "id": f"{TRIED}/R1/late_money", "kind": "late_money"}],
    ],
    ids=["taken, not booked", "other amount", "other currency", "booked twice"],
)
def test_i4_sees_books_that_differ(bookings: list[dict[str, Any]]) -> None:
    assert "I4" in broken(bookings=bookings)


def test_i4_sees_money_booked_that_nobody_took() -> None:
    assert "I4" in broken(books={"momo": {**BOOK, "debits": [], "times": {}}})


def test_i4_sees_a_payment_that_shows_other_money_than_its_entry() -> None:
    assert broken(payments=[{**PAID_PAYMENT, "amount_received": 0}]) == ["I4"]


def test_i4_lets_money_of_unknown_outcome_wait_for_its_booking() -> None:
    assert broken(
        payments=[{**PAID_PAYMENT, "status": "unknown", "checkout_state": "processing",
                   "needs_review": True, "amount_received": 0}],
        attempts=[{**PAID_ATTEMPT, "state": "needs_review"}],
        bookings=[],
        transitions=[move("payment", PAYMENT, "processing", "unknown")],
        runs={SESSION: "RUNNING"},
    ) == []  # fmt: skip


def test_i5_sees_a_second_debit_and_a_second_ring() -> None:
    assert broken(books={"momo": {**BOOK, "times": {"ref-1": 2}}}) == ["I5"]
    assert broken(books={"momo": {**BOOK, "prompts": {"237650000001": 2}}}) == ["I5"]


def test_i6_sees_what_neither_ends_nor_is_reviewed() -> None:
    assert "I6" in broken(payments=[{**PAID_PAYMENT, "status": "unknown"}])
    assert "I6" in broken(payments=[{**PAID_PAYMENT, "checkout_state": "processing"}])


def test_i7_sees_a_move_outside_the_table_a_jump_and_a_row_that_differs() -> None:
    first = move("payment", PAYMENT, None, "processing")
    ended = move("payment", PAYMENT, "processing", "succeeded")
    reopened = move("payment", PAYMENT, "succeeded", "processing")
    jumped = move("payment", PAYMENT, "unknown", "succeeded")
    assert broken(transitions=[first, ended, reopened, ended]) == ["I7"]
    assert broken(transitions=[first, jumped]) == ["I7"]
    assert broken(transitions=[first]) == ["I7"]


def test_i9_sees_two_payments_of_one_reference() -> None:
    assert broken(payments=[{**PAID_PAYMENT, "with_reference": 2}]) == ["I9"]


def test_i10_sees_an_ending_not_told_or_told_to_nobody() -> None:
    assert broken(events=[]) == ["I10"]
    assert broken(received=[]) == ["I10"]
    assert broken(received=[{"id": TOLD, "verified": False}]) == ["I10"]


def test_i10_counts_a_parked_delivery_as_told() -> None:
    parked = {"event_id": EVENT, "state": "pending", "tries": 2}
    assert broken(received=[], deliveries=[parked]) == []


def test_i11_sees_what_is_left_waiting_and_a_run_that_does_not_match() -> None:
    waiting = {"id": SESSION, "started_at": None}
    assert broken(starts=[waiting]) == ["I11"]
    assert broken(inbox=[{**PAID.inbox[0], "delivered_at": None}]) == ["I11"]
    assert broken(runs={SESSION: "RUNNING"}) == ["I11"]
    assert broken(runs={SESSION: "COMPLETED", "stray/d1": "FAILED"}) == ["I11"]


def test_a_debit_that_belongs_to_no_attempt_is_a_stranger() -> None:
    foreign = {**BOOK, "debits": [DEBIT, {**DEBIT, "our_reference": "ref-2"}]}
    assert strangers(PAID) == []
    found = strangers(dataclasses.replace(PAID, books={"momo": foreign}))
    assert [one.says for one in found] == ["ref-2 is nobody's debit"]
