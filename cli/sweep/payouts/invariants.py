"""The invariants of payouts as functions over facts; the ledger has its own.

Each gives what breaks it. A payout still under way breaks I6: the sweep asks again until nothing
is broken, or the time is up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from cli.sweep.facts import Row
from cli.sweep.invariants import Violation
from cli.sweep.payouts.facts import Facts, name
from models import saga_states
from models.saga import SagaKind

Found = Iterator[tuple[str, str]]
#: Where amount and fee are set aside.
_HELD = {"queued", "processing", "unknown"}
_TOLD = {"paid": "payout.paid", "failed": "payout.failed", "canceled": "payout.canceled"}


def audit(facts: Facts) -> list[Violation]:
    """Everything that is broken."""
    return [
        Violation(invariant=invariant, payment=payout, says=says)
        for invariant, rule in RULES.items()
        for payout, says in rule(facts)
    ]


def i4_books_agree(facts: Facts) -> Found:
    """What the rail paid is what left our wallet in the book, unless nobody can know yet."""
    for saga in facts.sagas:
        left = sum(one["amount_minor"] for one in facts.left(saga))
        booked = -facts.lies(saga, ":float")
        if left != booked and not (saga["needs_review"] and not booked):
            yield name(saga), f"{left} left at the rail, {booked} is booked"


def i4_held(facts: Facts) -> Found:
    """While it is under way amount and fee are held; before and after nothing is."""
    for saga in facts.sagas:
        due = saga["amount"] + saga["data"]["fee"] + saga["data"]["tax"]
        held, wanted = -facts.lies(saga, ":held"), due if saga["state"] in _HELD else 0
        if held != wanted:
            yield name(saga), f"is {saga['state']} and holds {held}, not {wanted}"


def i5_one_movement(facts: Facts) -> Found:
    """The payee is paid once, however many instructions there were."""
    for saga in facts.sagas:
        times = len(facts.left(saga))
        if times > 1:
            yield name(saga), f"was paid {times} times"


def i6_ends(facts: Facts) -> Found:
    """Final, in review, or in the queue for float."""
    for saga in facts.sagas:
        rests = saga["needs_review"] or saga["data"].get("queued_for") == "float"
        if not _final(saga) and not rests:
            yield name(saga), f"is {saga['state']}, and nobody reviews it"


def i6_float_is_let_go(facts: Facts) -> Found:
    """What has ended reserves no float."""
    ended = {name(saga) for saga in facts.sagas if _final(saga)}
    for row in facts.reserved:
        if row["saga_id"] in ended and row["state"] in {"waiting", "granted"}:
            yield row["saga_id"], f"has ended, and its float is {row['state']}"


def i7_moves(facts: Facts) -> Found:
    """Every move is in its table, starts where the last ended, and the row shows the last."""
    for saga in facts.sagas:
        standing = None
        for move in (one for one in facts.transitions if one["object_id"] == saga["id"]):
            old, new = move["from_state"], move["to_state"]
            if old != standing:
                yield name(saga), f"moves from {old}, was {standing}"
            if old and not _allowed(old, new):
                yield name(saga), f"moved from {old} to {new}"
            standing = new
        if standing != saga["state"]:
            yield name(saga), f"shows {saga['state']}, moved to {standing}"


def i10_told(facts: Facts) -> Found:
    """How it ended is told once, and its events are numbered without gaps."""
    for saga in facts.sagas:
        told = [event for event in facts.events if event["object_id"] == saga["id"]]
        closing = _TOLD.get(saga["state"])
        if closing and Counter(event["type"] for event in told)[closing] != 1:
            yield name(saga), f"{closing} is not told exactly once"
        if [event["sequence"] for event in told] != list(range(1, len(told) + 1)):
            yield name(saga), "its events are not numbered without gaps"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started; a workflow runs while its payout is open."""
    started = {row["id"]: row["started_at"] for row in facts.starts}
    for saga in facts.sagas:
        if started.get(name(saga)) is None:
            yield name(saga), "its start is still waiting"
        status, wanted = facts.runs[name(saga)], "COMPLETED" if _final(saga) else "RUNNING"
        if status != wanted:
            yield name(saga), f"its workflow is {status}, not {wanted}"


RULES: Mapping[str, Callable[[Facts], Found]] = {
    "I4": i4_books_agree,
    "I4 held": i4_held,
    "I5": i5_one_movement,
    "I6": i6_ends,
    "I6 float": i6_float_is_let_go,
    "I7": i7_moves,
    "I10": i10_told,
    "I11": i11_no_orphans,
}


def _final(saga: Row) -> bool:
    return saga_states.final(SagaKind.PAYOUT, saga["state"])


def _allowed(old: str, new: str) -> bool:
    """What is being sent may be skipped when the worker died first."""
    kind = SagaKind.PAYOUT
    skipped = saga_states.allowed(kind, old, "processing")
    return saga_states.allowed(kind, old, new) or (
        skipped and saga_states.allowed(kind, "processing", new)
    )
