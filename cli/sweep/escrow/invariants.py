"""The invariants of escrows, as functions over facts. Each gives what breaks it."""

from collections.abc import Callable, Iterator, Mapping

from cli.sweep.escrow.endings import allowed
from cli.sweep.escrow.facts import Facts
from cli.sweep.escrow.kept import AMOUNT
from cli.sweep.invariants import Violation
from models.fees import FeeRule, fee_for
from models.money import Money

Found = Iterator[tuple[str, str]]
#: What the sweep's merchant is charged (cli/seed.py).
_RULE = FeeRule(basis_points=225)


def audit(facts: Facts) -> list[Violation]:
    """Everything that is broken."""
    return [
        Violation(invariant=invariant, payment=subject, says=says)
        for invariant, rule in RULES.items()
        for subject, says in rule(facts)
    ]


def i3_once(facts: Facts) -> Found:
    """Each part that was decided to be released is booked once, as it was decided."""
    for one in facts.kept_ones:
        decided = {
            f"{one.subject}/{row['number']}/released": row["amount"]
            for row in facts.parts_of(one, "release")
        }
        booked = {row["id"]: row["part"] for row in facts.entries_of(one)}
        if decided != booked:
            yield one.subject, f"{decided} was decided, {booked} is booked"


def i4_never_below_zero(facts: Facts) -> Found:
    """No escrow's account was ever below zero, and at the end it holds nothing."""
    for row in facts.kept:
        if row["lowest"] < 0:
            yield row["name"].rpartition(":")[2], f"its account stood at {row['lowest']}"
    for one in facts.kept_ones:
        lies = [row["balance"] for row in facts.kept if row["name"].endswith(one.subject)]
        if lies != [0]:
            yield one.subject, f"{lies} lies in its account"


def i4_no_more_than_was_paid(facts: Facts) -> Found:
    """Released and refunded are what was paid: to the merchant less the fee, and to the payer."""
    for one in facts.kept_ones:
        released = sum(row["amount"] for row in facts.parts_of(one, "release"))
        refunded = sum(row["amount"] for row in facts.parts_of(one, "refund"))
        if released + refunded != AMOUNT:
            yield one.subject, f"{released} released and {refunded} refunded of {AMOUNT}"
        owed = sum(row["owed"] for row in facts.entries_of(one))
        fee = fee_for(Money(released, "XAF"), _RULE).total.minor
        if owed != released - fee:
            yield one.subject, f"{owed} is owed of {released} at a fee of {fee}"


def i5_payer_agrees(facts: Facts) -> Found:
    """What MTN sent back is what was refunded, once."""
    for one in facts.kept_ones:
        refunded = sum(row["amount"] for row in facts.parts_of(one, "refund"))
        if facts.came_back(one) != refunded:
            yield one.subject, f"{facts.came_back(one)} came back of {refunded}"


def i6_ends(facts: Facts) -> Found:
    """Where its way leads, and nobody is needed."""
    for one in facts.kept_ones:
        row = facts.saga(one)
        if row.get("state") not in allowed(one.cell) or row.get("needs_review"):
            yield one.subject, f"is {row.get('state')}"


def i10_told(facts: Facts) -> Found:
    """Funded and closed are told once; every release once."""
    for one in facts.kept_ones:
        told, parts = facts.told(one), len(facts.parts_of(one, "release"))
        right = {"escrow.created": 1, "escrow.funded": 1, "escrow.closed": 1}
        seen = {name: told.get(name, 0) for name in right}
        if seen != right or told.get("escrow.released", 0) != parts:
            yield one.subject, f"told {told}, {parts} parts released"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started or told, and no run is left behind."""
    for row in facts.waiting:
        yield "", row["says"]
    for one in facts.kept_ones:
        if facts.runs.get(one.subject) != "COMPLETED":
            yield one.subject, f"its run is {facts.runs.get(one.subject)}"


RULES: Mapping[str, Callable[[Facts], Found]] = {
    "I3": i3_once,
    "I4": i4_never_below_zero,
    "I4 paid": i4_no_more_than_was_paid,
    "I5": i5_payer_agrees,
    "I6": i6_ends,
    "I10": i10_told,
    "I11": i11_no_orphans,
}
