"""Judges refunds against their rows, the payment, Temporal, the ledger and MTN's book."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.facts import Row, runs
from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.outcomes import REVIEW
from cli.sweep.refunds.cells import allowed
from cli.sweep.refunds.driver import Back
from cli.sweep.world import World
from models import ids, saga_states
from models.saga import SagaKind

Found = Iterator[str]
_OF_REFUNDS: dict[str, str] = {
    "sagas": "select * from sagas where id = any(%(rows)s)",
    "payments": "select * from payments where id = any(%(payments)s)",
    "entries": "select about, kind from ledger_entries where about = any(%(names)s)",
    "held": """
select e.about, sum(case l.side when 'credit' then l.amount else -l.amount end)::bigint as held
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.about = any(%(names)s) and a.name like 'merchant:%%:held' group by 1""",
    "events": "select object_id, type from events where object_id = any(%(rows)s)",
    "waiting": """
select id as about from starts where started_at is null and id = any(%(names)s)
 union all select workflow_id from inbox where delivered_at is null
   and workflow_id = any(%(names)s)""",
}
#: By how it ended: the entries it leaves.
_ENTRIES = {"succeeded": ["paid", "requested"], "failed": ["refused", "requested"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of these refunds; `book` is MTN's. `runs`: status of each workflow."""

    sagas: Sequence[Row] = ()
    payments: Sequence[Row] = ()
    entries: Sequence[Row] = ()
    held: Sequence[Row] = ()
    events: Sequence[Row] = ()
    waiting: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    book: Mapping[str, Any] = field(default_factory=dict)

    def saga(self, one: Back) -> Row:
        """Its row; empty before it was made."""
        named = (row for row in self.sagas if ids.shown(ids.REFUND, row["id"]) == one.subject)
        return next(named, {})

    def came_back(self, one: Back) -> int:
        """What MTN sent to its payer: a transfer to the phone, or the payment given back."""
        key = ids.momo_reference(one.attempt)
        return sum(
            payout["amount_minor"]
            for payout in self.book["payouts"]
            if payout["outcome"] == "paid"
            and (payout["gives_back"] == key or payout["payee"].endswith(one.phone))
        )


class Returning:
    """The judge of refunds."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, driven: Sequence[Back]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await self._facts([one for one in driven if one.subject])
        for one in driven:
            row = facts.saga(one)
            one.status = REVIEW if row.get("needs_review") else str(row.get("state"))
        return [
            Violation(invariant=invariant, payment=one.subject, says=says)
            for one in driven
            for invariant, rule in RULES.items()
            for says in rule(facts, one)
        ]

    async def once(self, driven: Back) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Back]) -> Sequence[Violation]:
        """Everything once more and together."""
        return [*await self.look(driven), *await ledger_violations(self._world)]

    async def _facts(self, driven: Sequence[Back]) -> Facts:
        names = [one.subject for one in driven]
        which = {
            "rows": [ids.parsed(ids.REFUND, name) for name in names],
            "names": names,
            "payments": [ids.parsed(ids.PAYMENT, one.payment) for one in driven],
        }
        async with self._world.reading() as connection:
            found: dict[str, Any] = {
                what: await (await connection.execute(query, which)).fetchall()
                for what, query in _OF_REFUNDS.items()
            }
        book = await self._world.control("momo/book")
        return Facts(**found, runs=await runs(self._world.client, names), book=book)


def i3_once(facts: Facts, one: Back) -> Found:
    """Set aside once, and paid or turned round once; nothing stays held at the end."""
    state = facts.saga(one).get("state")
    booked = sorted(row["kind"] for row in facts.entries if row["about"] == one.subject)
    if state in _ENTRIES and booked != _ENTRIES[state]:
        yield f"{state}, and {booked} is booked"
    held = sum(row["held"] for row in facts.held if row["about"] == one.subject)
    if state in _ENTRIES and held:
        yield f"{state}, and {held} is held"


def i4_within_captured(facts: Facts, one: Back) -> Found:
    """The payment shows what went back and reserves nothing more."""
    state = facts.saga(one).get("state")
    if state not in _ENTRIES:
        return
    right = (one.amount if state == "succeeded" else 0, 0)
    for row in facts.payments:
        sums = (row["amount_refunded"], row["amount_reserved"])
        if ids.shown(ids.PAYMENT, row["id"]) == one.payment and sums != right:
            yield f"{state}, and its payment shows {sums}"


def i5_payer_agrees(facts: Facts, one: Back) -> Found:
    """The payer got it once where it succeeded, and never where it did not."""
    state, came = facts.saga(one).get("state"), facts.came_back(one)
    if state in _ENTRIES and came != (one.amount if state == "succeeded" else 0):
        yield f"{state}, and {came} came back"
    if came > one.amount:
        yield f"{came} came back of {one.amount}"


def i6_ends(facts: Facts, one: Back) -> Found:
    """Where its cell leads."""
    row = facts.saga(one)
    standing = REVIEW if row.get("needs_review") else row.get("state")
    if standing not in allowed(one.cell):
        yield f"is {standing}"


def i10_told(facts: Facts, one: Back) -> Found:
    """Created and ended are told once."""
    state = facts.saga(one).get("state")
    own = (row for row in facts.events if ids.shown(ids.REFUND, row["object_id"]) == one.subject)
    told = [row["type"] for row in own]
    once = [told.count(f"refund.{word}") for word in ("created", state)]
    if state in _ENTRIES and once != [1, 1]:
        yield f"{state}, and told {told}"


def i11_no_orphans(facts: Facts, one: Back) -> Found:
    """Nothing waits to be started or told, and no run is left behind."""
    if any(row["about"] == one.subject for row in facts.waiting):
        yield "something for it waits"
    state = facts.saga(one).get("state")
    ended = state is not None and saga_states.final(SagaKind.REFUND, state)
    wanted = "COMPLETED" if ended else "RUNNING"
    if facts.runs.get(one.subject) != wanted:
        yield f"its run is {facts.runs.get(one.subject)}, not {wanted}"


RULES: Mapping[str, Callable[[Facts, Back], Found]] = {
    "I3": i3_once,
    "I4": i4_within_captured,
    "I5": i5_payer_agrees,
    "I6": i6_ends,
    "I10": i10_told,
    "I11": i11_no_orphans,
}
