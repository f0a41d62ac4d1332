"""The invariants I4 to I11 as functions over facts; I1 to I3, I8 and I12 to I14 are the ledger's.

Each returns what breaks it. A payment still under way breaks I6: the sweep asks again until
nothing is broken, or the time is up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cli.sweep.facts import Facts, Row
from models import ids
from models.lifecycle import (
    ATTEMPT_MOVES,
    CHECKOUT_MOVES,
    PAYMENT_MOVES,
    AttemptState,
    CheckoutState,
    PaymentStatus,
)

_CLOSING = {"succeeded": "payment.succeeded", "canceled": "payment.canceled"}
_TABLES: dict[str, tuple[Callable[[str], Any], Mapping[Any, frozenset[Any]]]] = {
    "attempt": (AttemptState, ATTEMPT_MOVES),
    "payment": (PaymentStatus, PAYMENT_MOVES),
    "checkout": (CheckoutState, CHECKOUT_MOVES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One invariant broken by one payment (its public id), in words."""

    invariant: str
    payment: str
    says: str


def audit(facts: Facts) -> list[Violation]:
    """Everything that is broken."""
    return [
        Violation(invariant=name, payment=payment, says=says)
        for name, rule in RULES.items()
        for payment, says in rule(facts)
    ]


Found = Iterator[tuple[str, str]]


def i4_books_agree(facts: Facts) -> Found:
    """Money moved per reference at the provider equals what is booked, both ways.

    An attempt nobody knows the outcome of yet may have moved money that is not booked.
    """
    for attempt in facts.attempts:
        taken, booked = _taken(facts, attempt), _booked(facts, attempt)
        state = AttemptState(attempt["state"])
        if taken != booked and not (state.in_flight and not booked):
            yield _payment(attempt), f"{attempt['provider']} took {taken}, booked is {booked}"
    for payment in facts.payments:
        settled = sum(row["minor"] for row in _entries(facts, payment) if row["kind"] == "settled")
        if settled and settled != payment["amount_received"]:
            says = f"shows {payment['amount_received']} received, {settled} is settled"
            yield _name(payment), says


def i5_one_movement(facts: Facts) -> Found:
    """A payer is debited at most once per attempt, and the phone rings once."""
    for attempt in facts.attempts:
        times = facts.books[attempt["provider"]]["times"].get(attempt["our_reference"], 0)
        if times > 1:
            yield _payment(attempt), f"{attempt['our_reference']} was debited {times} times"
    for (provider, phone), allowed in facts.rings.items():
        rung = facts.books[provider]["prompts"].get(phone, 0)
        if rung > allowed:
            yield "", f"{phone} rang {rung} times for {allowed} attempts"


def i6_ends(facts: Facts) -> Found:
    """Terminal, or in the review queue."""
    for payment in facts.payments:
        final = PaymentStatus(payment["status"]).final
        if not final and not payment["needs_review"]:
            yield _name(payment), f"is {payment['status']}, and nobody reviews it"
        if final and not CheckoutState(payment["checkout_state"]).final:
            yield _name(payment), f"is {payment['status']} in a session {payment['checkout_state']}"


def i7_moves(facts: Facts) -> Found:
    """Every move is in its table, starts where the last ended, and the row shows the last."""
    standing: dict[Any, str] = {}
    for move in facts.transitions:
        name, before = f"{move['object']} {move['object_id']}", standing.get(move["object_id"])
        if before is not None and move["from_state"] != before:
            yield _of_session(facts, move), f"{name} moves from {move['from_state']}, was {before}"
        if move["from_state"] and not _allowed(move):
            says = f"{name} moved from {move['from_state']} to {move['to_state']}"
            yield _of_session(facts, move), says
        standing[move["object_id"]] = move["to_state"]
    for payment in facts.payments:
        if standing.get(payment["id"]) != payment["status"]:
            yield _name(payment), f"shows {payment['status']}, moved {standing.get(payment['id'])}"


def i9_once(facts: Facts) -> Found:
    """One payment per reference, however often the request was sent."""
    for payment in facts.payments:
        if payment["with_reference"] != 1:
            yield _name(payment), f"{payment['with_reference']} payments have its reference"


def i10_told(facts: Facts) -> Found:
    """A final payment is told once; everything told is delivered in order, or parked."""
    arrived = {row["id"] for row in facts.received if row["verified"]}
    parked = {row["event_id"] for row in facts.deliveries if row["state"] == "exhausted"}
    parked |= {row["event_id"] for row in facts.deliveries if row["tries"] and _waits(row)}
    for payment in facts.payments:
        told = [event for event in facts.events if event["object_id"] == payment["id"]]
        closing = _CLOSING.get(payment["status"])
        if closing and Counter(event["type"] for event in told)[closing] != 1:
            yield _name(payment), f"{closing} is not told exactly once"
        if [event["sequence"] for event in told] != list(range(1, len(told) + 1)):
            yield _name(payment), "its events are not numbered without gaps"
        for event in told:
            if ids.shown(ids.EVENT, event["id"]) not in arrived and event["id"] not in parked:
                yield _name(payment), f"{event['type']} has not reached the merchant"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started or delivered; a workflow runs while its payment is open."""
    sessions = {ids.shown(ids.CHECKOUT, row["checkout_id"]): row for row in facts.payments}
    for start in facts.starts:
        if start["started_at"] is None:
            yield _name(sessions[start["id"]]), "its start is still waiting"
        final = PaymentStatus(sessions[start["id"]]["status"]).final
        status, wanted = facts.runs[start["id"]], "COMPLETED" if final else "RUNNING"
        if status != wanted:
            yield _name(sessions[start["id"]]), f"its workflow is {status}, not {wanted}"
    for message in facts.inbox:
        payment = _name(sessions[message["workflow_id"]])
        if message["delivered_at"] is None:
            yield payment, f"a stored {message['kind']} is still waiting"
        status = facts.runs.get(f"stray/{message['digest']}", "COMPLETED")
        if status != "COMPLETED":
            yield payment, f"the weighing of a stray report is {status}"


def strangers(facts: Facts) -> list[Violation]:
    """Debits that belong to no attempt, when the facts hold every attempt there is."""
    ours = {attempt["our_reference"] for attempt in facts.attempts}
    return [
        Violation(invariant="I4", payment="", says=f"{debit['our_reference']} is nobody's debit")
        for book in facts.books.values()
        for debit in book["debits"]
        if debit["our_reference"] not in ours
    ]


RULES: dict[str, Callable[[Facts], Found]] = {
    "I4": i4_books_agree,
    "I5": i5_one_movement,
    "I6": i6_ends,
    "I7": i7_moves,
    "I9": i9_once,
    "I10": i10_told,
    "I11": i11_no_orphans,
}


def _taken(facts: Facts, attempt: Row) -> dict[str, int]:
    """What the provider took for the attempt, by currency."""
    taken: Counter[str] = Counter()
    for debit in facts.books[attempt["provider"]]["debits"]:
        if debit["our_reference"] == attempt["our_reference"]:
            taken[debit["currency"]] += debit["amount_minor"]
    return dict(taken)


def _booked(facts: Facts, attempt: Row) -> dict[str, int]:
    """What the ledger says came into our wallet for the attempt, by currency."""
    name = ids.shown(ids.ATTEMPT, attempt["id"])
    booked: Counter[str] = Counter()
    for entry in facts.bookings:
        if entry["id"].partition("/")[0] == name:
            booked[entry["currency"]] += entry["minor"]
    return dict(booked)


def _entries(facts: Facts, payment: Row) -> list[Row]:
    return [entry for entry in facts.bookings if entry["about"] == _name(payment)]


def _allowed(move: Row) -> bool:
    """As activities.rows has it: an attempt may skip `sending` when the worker died before it."""
    state, table = _TABLES[move["object"]]
    old, new = state(move["from_state"]), state(move["to_state"])
    unsent = {AttemptState.CREATED, AttemptState.QUEUED}
    skipped = old in unsent and new in table[AttemptState.SENDING]
    return new in table[old] or skipped


def _waits(delivery: Row) -> bool:
    return bool(delivery["state"] == "pending")


def _of_session(facts: Facts, move: Row) -> str:
    return next(_name(row) for row in facts.payments if row["checkout_id"] == move["checkout_id"])


def _name(payment: Row) -> str:
    return ids.shown(ids.PAYMENT, payment["id"])


def _payment(attempt: Row) -> str:
    return ids.shown(ids.PAYMENT, attempt["payment_id"])
