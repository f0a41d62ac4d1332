"""Judges moves against their rows, Temporal, the ledger, the gate and the bank's own book."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from cli.demo.vault.bank import POOL
from cli.sweep.clearing.driven import OTHER, Moved, Moves
from cli.sweep.facts import Row, runs
from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.world import World
from models import ids, saga_states
from models.saga import SagaKind

#: An unknown transfer the bank has not shown for so long was never sent.
_DOUBT = timedelta(seconds=10)
Found = Iterator[tuple[str, str]]
_QUERIES = {
    "sagas": "select * from sagas where id = any(%(ids)s)",
    "lines": """
select e.about, a.name as account,
       case l.side when 'debit' then l.amount else -l.amount end as minor
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id where e.about = any(%(names)s)""",
    "reservations": "select * from float_reservations where saga_id = any(%(names)s)",
    "gates": """
select f.id, f.reserved from floats f where f.reserved <> coalesce((
  select sum(r.amount) from float_reservations r
   where r.float_id = f.id and r.state = 'granted'), 0)""",
    "waiting": """
select 'a move waits to be started' as says from starts
 where kind = 'clearing-move' and started_at is null""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is written, running, booked and moved of these; `bank`: every line of its book."""

    sagas: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    reservations: Sequence[Row] = ()
    gates: Sequence[Row] = ()
    waiting: Sequence[Row] = ()
    bank: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)

    def booked(self, saga: Row, word: str) -> int:
        """Minor units booked for it on accounts whose name has the word; debits are positive."""
        about = name(saga)
        own = [line for line in self.lines if line["about"] == about and word in line["account"]]
        return sum(int(line["minor"]) for line in own)

    def moved(self, saga: Row, account: str) -> int:
        """What the bank moved on an account under the move's reference."""
        return sum(
            int(line["minor"])
            for line in self.bank
            if line["account"] == account and saga["reference"] in line["narrative"]
        )


def name(saga: Row) -> str:
    """The public id."""
    return ids.shown(ids.CLEARING, saga["id"])


def i4_books_agree(facts: Facts) -> Found:
    """What left one account and came to the other is booked so, and nothing is in between."""
    for saga in facts.sagas:
        for account in (POOL, OTHER):
            moved, booked = facts.moved(saga, account), facts.booked(saga, f"{account}:trust")
            if moved != booked:
                yield name(saga), f"{moved} moved on {account}, {booked} is booked"
        if between := facts.booked(saga, "clearing:"):
            yield name(saga), f"{between} is between the two"


def i5_one_transfer(facts: Facts) -> Found:
    """It leaves once, whatever was lost."""
    for saga in facts.sagas:
        if facts.moved(saga, POOL) not in {0, -saga["amount"]}:
            yield name(saga), f"{facts.moved(saga, POOL)} left"


def i6_ends(facts: Facts) -> Found:
    """Arrived or rejected, and nobody has to look."""
    for saga in facts.sagas:
        if not saga_states.final(SagaKind.CLEARING, saga["state"]) or saga["needs_review"]:
            yield name(saga), f"is {saga['state']}"


def gate_kept(facts: Facts) -> Found:
    """What was reserved is let go of, once, and what a float says is the sum of what is left."""
    ended = {saga["id"]: saga["state"] for saga in facts.sagas}
    states = {one["saga_id"]: one["state"] for one in facts.reservations}
    for saga_id, state in ended.items():
        due = "spent" if state == "arrived" else "released"
        found = states.get(ids.shown(ids.CLEARING, saga_id))
        if found != due:
            yield ids.shown(ids.CLEARING, saga_id), f"is {state} and its reservation {found}"
    for gate in facts.gates:
        yield "", f"float {gate['id']} says it has {gate['reserved']} reserved"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started, and no workflow is left behind."""
    for row in facts.waiting:
        yield "", row["says"]
    for workflow, status in facts.runs.items():
        if status != "COMPLETED":
            yield workflow, f"its workflow is {status}"


def _old(saga: Row) -> bool:
    updated: datetime = saga["updated_at"]
    return datetime.now(UTC) - updated > _DOUBT


RULES: Mapping[str, Callable[[Facts], Found]] = {
    "I4": i4_books_agree,
    "I5": i5_one_transfer,
    "I6": i6_ends,
    "gate": gate_kept,
    "I11": i11_no_orphans,
}


class Clearing:
    """The judge of moves."""

    def __init__(self, world: World, moves: Moves) -> None:
        self._world, self._moves = world, moves

    async def look(self, driven: Sequence[Moved]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await self._facts([one.subject for one in driven if one.subject])
        for row in facts.sagas:
            if row["state"] == "unknown" and _old(row) and not facts.moved(row, POOL):
                await self._resolve(name(row))
        standing = {name(row): row["state"] for row in facts.sagas}
        for one in driven:
            one.status = standing.get(one.subject, "not here")
        return [
            Violation(invariant=invariant, payment=subject, says=says)
            for invariant, rule in RULES.items()
            for subject, says in rule(facts)
        ]

    async def once(self, driven: Moved) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Moved]) -> Sequence[Violation]:
        """Everything once more."""
        return [*await self.look(driven), *await ledger_violations(self._world)]

    async def _resolve(self, move: str) -> None:
        """What a dead process never sent only people can end, for silence proves nothing."""
        with contextlib.suppress(httpx.HTTPError):
            await self._moves.resolve(move)

    async def _facts(self, names: list[str]) -> Facts:
        which = {"names": names, "ids": [ids.parsed(ids.CLEARING, one) for one in names]}
        async with self._world.reading() as connection:
            rows: dict[str, Any] = {
                field_: await (await connection.execute(query, which)).fetchall()
                for field_, query in _QUERIES.items()
            }
        bank = (await self._world.control("ncba/book"))["lines"]
        return Facts(**rows, bank=bank, runs=await runs(self._world.client, names))
