"""Judges batches against their rows, the payouts made of them, Temporal and M-Pesa's book."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.batch.driver import ROWS, Batched
from cli.sweep.facts import Row, runs
from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.world import World
from models import ids, saga_states
from models.saga import SagaKind

Found = Iterator[tuple[str, str]]
_OF_BATCHES = {
    "batches": "select * from sagas where id = any(%(ids)s)",
    "rows": "select * from payout_rows where batch_id = any(%(ids)s) order by line",
    "payouts": "select * from sagas where kind = 'payout' and data->>'batch' = any(%(names)s)",
    "instructions": """
select n.* from instructions n join sagas s on s.id = n.saga_id
 where s.kind = 'payout' and s.data->>'batch' = any(%(names)s)""",
    "waiting": """
select id from starts where started_at is null and (id = any(%(names)s) or kind = 'payout')""",
}
#: Where the row of an ended payout stands.
_ENDS = {"paid": "paid", "failed": "failed", "canceled": "canceled", "returned": "returned"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything about some batches. `carried`: how often M-Pesa paid, by our reference."""

    batches: Sequence[Row]
    rows: Sequence[Row] = ()
    payouts: Sequence[Row] = ()
    instructions: Sequence[Row] = ()
    waiting: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, int] = field(default_factory=dict)


class Batching:
    """The judge of batches."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, driven: Sequence[Batched]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await self._facts([one.subject for one in driven if one.subject])
        standing = {name(row): row["state"] for row in facts.batches}
        for one in driven:
            one.status = standing.get(one.subject, "not here")
        return audit(facts)

    async def once(self, driven: Batched) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Batched]) -> Sequence[Violation]:
        """Everything once more and together."""
        return [*await self.look(driven), *await ledger_violations(self._world)]

    async def _facts(self, names: Sequence[str]) -> Facts:
        which = {"names": list(names), "ids": [ids.parsed(ids.BATCH, one) for one in names]}
        async with self._world.reading() as connection:
            found = {
                what: await (await connection.execute(query, which)).fetchall()
                for what, query in _OF_BATCHES.items()
            }
        book = await self._world.control("daraja/book")
        return Facts(
            **found, runs=await runs(self._world.client, names), carried=paid_by_reference(book)
        )


def paid_by_reference(book: Mapping[str, Any]) -> Counter[str]:
    """How often M-Pesa's organisations paid under each reference of ours."""
    ordered = [one for short in book["organisations"].values() for one in short["instructions"]]
    return Counter(one["reference"] for one in ordered if one["receipt"])


def audit(facts: Facts) -> list[Violation]:
    """Everything that is broken."""
    return [
        Violation(invariant=invariant, payment=batch, says=says)
        for invariant, rule in RULES.items()
        for batch, says in rule(facts)
    ]


def i4_book_agrees(facts: Facts) -> Found:
    """M-Pesa paid for every row that says so, and for no other that has ended."""
    for batch, row, times in _carried(facts):
        if row["state"] != "under_way" and bool(times) != (row["state"] == "paid"):
            yield name(batch), f"row {row['line']} is {row['state']}, M-Pesa paid {times} times"


def i5_nobody_twice(facts: Facts) -> Found:
    """One payout a row, and one payment a payout."""
    for batch in facts.batches:
        made = [one for one in facts.payouts if one["data"]["batch"] == name(batch)]
        named = [row for row in _rows(facts, batch) if row["payout_id"]]
        if len(made) != len(named):
            yield name(batch), f"{len(made)} payouts of {len(named)} rows"
    for batch, row, times in _carried(facts):
        if times > 1:
            yield name(batch), f"row {row['line']} was paid {times} times"


def i6_ends(facts: Facts) -> Found:
    """The batch has ended, every row with it, and none was lost."""
    for batch in facts.batches:
        rows = _rows(facts, batch)
        if not saga_states.final(SagaKind.BATCH, batch["state"]):
            yield name(batch), f"is {batch['state']}"
        if len(rows) != ROWS:
            yield name(batch), f"has {len(rows)} rows, not {ROWS}"
        open_rows = [row["line"] for row in rows if row["state"] in {"ready", "under_way"}]
        if open_rows:
            yield name(batch), f"rows {open_rows} have not ended"


def i7_rows_follow(facts: Facts) -> Found:
    """A row ended as its payout did."""
    states = {one["id"]: one["state"] for one in facts.payouts}
    for batch in facts.batches:
        for row in _rows(facts, batch):
            state = states.get(row["payout_id"])
            if row["payout_id"] and row["state"] != _ENDS.get(state or "", "under_way"):
                yield name(batch), f"row {row['line']} is {row['state']}, its payout {state}"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started, and the workflow is over."""
    waiting = {row["id"] for row in facts.waiting}
    for batch in facts.batches:
        if name(batch) in waiting:
            yield name(batch), "its start is still waiting"
        if facts.runs.get(name(batch)) != "COMPLETED":
            yield name(batch), f"its workflow is {facts.runs.get(name(batch))}"


RULES = {
    "I4": i4_book_agrees,
    "I5": i5_nobody_twice,
    "I6": i6_ends,
    "I7": i7_rows_follow,
    "I11": i11_no_orphans,
}


def name(batch: Row) -> str:
    """Its public id."""
    return ids.shown(ids.BATCH, batch["id"])


def _rows(facts: Facts, batch: Row) -> list[Row]:
    return [row for row in facts.rows if row["batch_id"] == batch["id"]]


def _carried(facts: Facts) -> Iterator[tuple[Row, Row, int]]:
    """Every row, and how often M-Pesa paid for it."""
    for batch in facts.batches:
        for row in _rows(facts, batch):
            named = [
                one["our_reference"]
                for one in facts.instructions
                if one["saga_id"] == row["payout_id"]
            ]
            yield batch, row, sum(facts.carried.get(reference, 0) for reference in named)
