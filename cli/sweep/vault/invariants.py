"""The invariants of lenders' sagas as functions over facts; the ledger has its own.

Each gives what breaks it. A saga still under way breaks I6: the sweep asks again until nothing
is broken, or the time is up.
"""

from collections.abc import Callable, Iterator, Mapping

from cli.sweep.facts import Row
from cli.sweep.invariants import Violation
from cli.sweep.vault import collection_invariants as collections
from cli.sweep.vault.facts import Facts, name
from models import ids, saga_states
from models.saga import SagaKind

Found = Iterator[tuple[str, str]]
#: Money that is ours or a lender's, as the ledger names the places it lies in.
_PLACES = (":float", ":trust", ":b2c_float", ":paybill")
#: At the end of these the loan stands in the lender's books; in those nothing was paid.
_GIVEN, _UNPAID = {"disbursed"}, {"failed", "rejected", "parked"}

_SENDING = ("sending", "posting", "transferring", "purchasing", "returning", "moving")


def audit(facts: Facts) -> list[Violation]:
    """Everything that is broken."""
    return [
        Violation(invariant=invariant, payment=saga, says=says)
        for invariant, rule in RULES.items()
        for saga, says in rule(facts)
    ]


def i4_books_agree(facts: Facts) -> Found:
    """Money moved outside equals what is booked, unless nobody can know yet whether it moved."""
    for saga in facts.sagas:
        moved, booked = _moved(facts, saga), _booked(facts, saga)
        doubtful = saga["needs_review"] and (not booked or collections.unconfirmed(saga))
        if moved != booked and not doubtful:
            yield name(saga), f"{moved} moved outside, {booked} is booked"


def i4_lender_agrees(facts: Facts) -> Found:
    """The lender's books have the loan exactly where we say so."""
    for saga in _of_kind(facts, SagaKind.LOAN):
        given = sum(line["amount_minor"] for line in _given(facts, saga))
        if saga["state"] in _GIVEN and given != saga["data"]["principal"]:
            yield name(saga), f"the lender booked {given}, not {saga['data']['principal']}"
        if saga["state"] in _UNPAID and given:
            yield name(saga), f"the lender booked {given}, and nothing was paid"


def i5_one_movement(facts: Facts) -> Found:
    """Nothing is moved twice: no phone debited, loan paid or booked, no float bought twice."""
    for saga in facts.sagas:
        for what, times in _times(facts, saga).items():
            if times > 1:
                yield name(saga), f"{what} {times} times"


def i6_ends(facts: Facts) -> Found:
    """Final, in review, or parked for a reason somebody was told, or tried anew after that."""
    for saga in facts.sagas:
        rests = saga["needs_review"] or saga["state"] == "parked" or _tried_anew(saga)
        if not _final(saga) and not rests:
            yield name(saga), f"is {saga['state']}, and nobody reviews it"


def i7_moves(facts: Facts) -> Found:
    """Every move is in its table, starts where the last ended, and the row shows the last."""
    for saga in facts.sagas:
        standing = None
        for move in (one for one in facts.transitions if one["object_id"] == saga["id"]):
            old, new = move["from_state"], move["to_state"]
            if old != standing:
                yield name(saga), f"moves from {old}, was {standing}"
            if old and not _allowed(SagaKind(saga["kind"]), old, new):
                yield name(saga), f"moved from {old} to {new}"
            standing = new
        if standing != saga["state"]:
            yield name(saga), f"shows {saga['state']}, moved to {standing}"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started or delivered; a workflow runs while its saga is open."""
    started = {row["id"]: row["started_at"] for row in facts.starts}
    waiting = {row["saga_id"] for row in facts.inbox}
    for saga in facts.sagas:
        if started.get(name(saga)) is None:
            yield name(saga), "its start is still waiting"
        if saga["id"] in waiting:
            yield name(saga), "a stored message is still waiting"
        status, wanted = facts.runs[name(saga)], "COMPLETED" if _final(saga) else "RUNNING"
        if status != wanted:
            yield name(saga), f"its workflow is {status}, not {wanted}"


RULES: Mapping[str, Callable[[Facts], Found]] = {
    "I4": i4_books_agree,
    "I4 lender": i4_lender_agrees,
    "I4 repaid": collections.i4_repayments_agree,
    "I5": i5_one_movement,
    "I6": i6_ends,
    "I6 suspense": collections.i6_suspense_is_decided,
    "I7": i7_moves,
    "I10": collections.i10_client_told,
    "I11": i11_no_orphans,
}


def _allowed(kind: SagaKind, old: str, new: str) -> bool:
    """As activities.sagas has it: what is being sent may be skipped when the worker died first."""
    sent = [state for state in _SENDING if saga_states.allowed(kind, old, state)]
    return saga_states.allowed(kind, old, new) or any(
        saga_states.allowed(kind, state, new) for state in sent
    )


def _moved(facts: Facts, saga: Row) -> int:
    """What left or came, in the eyes of whoever moved it: in is positive."""
    kind = SagaKind(saga["kind"])
    if kind is SagaKind.TOPUP:
        return _debited(facts, saga) + _total(_credits(facts, saga))
    if kind is SagaKind.LOAN:
        return -sum(int(payout["amount_minor"]) for payout in _payouts(facts, saga))
    if kind is SagaKind.COLLECTION:
        return collections.collected(facts, saga)
    return _total(_bought(facts, saga))


def _booked(facts: Facts, saga: Row) -> int:
    """What the ledger says came to, or left, the places money lies in.

    The short code's gain by float is booked beside the bank's loss: only the bank's counts here.
    """
    counted = _PLACES[:2] if saga["kind"] == SagaKind.FLOAT else _PLACES
    lines = [line for line in facts.bookings if line["about"] == name(saga)]
    return _total([line for line in lines if line["account"].endswith(counted)])


def _times(facts: Facts, saga: Row) -> dict[str, int]:
    return {
        "a phone was debited": sum(
            facts.mpesa["times"].get(reference, 0) for reference in _rung(facts, saga)
        ),
        "a loan was paid": len(_payouts(facts, saga)),
        "a loan was booked": len(_given(facts, saga)),
        "a repayment was booked": len(collections.repaid(facts, saga)),
        "float was bought": sum(line["minor"] < 0 for line in _bought(facts, saga))
        - sum(line["minor"] > 0 for line in _bought(facts, saga)),
        "float was moved": len(_done(facts, saga, "mpesa_b2b")),
    }


def _debited(facts: Facts, saga: Row) -> int:
    references = _rung(facts, saga)
    debits = facts.mpesa["debits"]
    return sum(int(one["amount_minor"]) for one in debits if one["our_reference"] in references)


def _rung(facts: Facts, saga: Row) -> set[str]:
    """What the payers of its prompts saw."""
    prompts = [ids.shown(ids.INSTRUCTION, row["id"]) for row in facts.of(saga, "mpesa_stk")]
    return {ids.account_reference(prompt) for prompt in prompts}


def _credits(facts: Facts, saga: Row) -> list[Row]:
    reference = saga["reference"]
    return [line for line in facts.bank["lines"] if reference in line["narrative"]]


def _total(lines: list[Row]) -> int:
    return sum(int(line["minor"]) for line in lines)


def _payouts(facts: Facts, saga: Row) -> list[Row]:
    return _done(facts, saga, "mpesa_b2c")


def _done(facts: Facts, saga: Row, rail: str) -> list[Row]:
    """What M-Pesa carried out of one rail's instructions."""
    references = {row["our_reference"] for row in facts.of(saga, rail)}
    ordered = [
        one for short in facts.mpesa["organisations"].values() for one in short["instructions"]
    ]
    return [one for one in ordered if one["reference"] in references and one["receipt"]]


def _given(facts: Facts, saga: Row) -> list[Row]:
    if saga["kind"] != SagaKind.LOAN:
        return []
    lines = facts.mifos["transactions"]
    lent = [line for line in lines if line["kind"] == "disbursement" and not line["reversed"]]
    place = (saga["data"]["tenant"], saga["data"]["loan"])
    return [line for line in lent if (line["tenant"], line["loan_id"]) == place]


def _bought(facts: Facts, saga: Row) -> list[Row]:
    references = {row["our_reference"] for row in facts.of(saga, "ncba_float")}
    return [line for line in facts.bank["lines"] if line["cause"] in references]


def _of_kind(facts: Facts, kind: SagaKind) -> list[Row]:
    return [saga for saga in facts.sagas if saga["kind"] == kind]


def _tried_anew(saga: Row) -> bool:
    """It was parked, somebody was told, and its next payout is out and asked about."""
    return bool(saga["data"].get("parks")) and saga["next_check_at"] is not None


def _final(saga: Row) -> bool:
    return saga_states.final(SagaKind(saga["kind"]), saga["state"])
