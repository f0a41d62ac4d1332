"""What is written, running and booked of payouts, here and at the rails: read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.facts import Row, runs
from cli.sweep.payouts.cells import RAILS
from cli.sweep.payouts.driven import Paid
from cli.sweep.world import World
from models import ids

_QUERIES = {
    "sagas": "select * from sagas where id = any(%(rows)s)",
    "instructions": "select * from instructions where saga_id = any(%(rows)s) order by number",
    "bookings": """
select e.id, e.about, a.name as account,
       case l.side when 'debit' then l.amount else -l.amount end as minor
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.about = any(%(names)s)""",
    "transitions": """
select * from transitions
 where checkout_id = any(%(rows)s) and object = 'saga' order by seq""",
    "events": "select * from events where object_id = any(%(rows)s) order by sequence",
    "starts": "select * from starts where id = any(%(names)s)",
    "reserved": """
select saga_id, state from float_reservations where saga_id = any(%(names)s)""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of the payouts in question. `books`: everything each rail paid out."""

    sagas: Sequence[Row]
    instructions: Sequence[Row] = ()
    bookings: Sequence[Row] = ()
    transitions: Sequence[Row] = ()
    events: Sequence[Row] = ()
    starts: Sequence[Row] = ()
    reserved: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    books: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def lies(self, saga: Row, ending: str) -> int:
        """Minor units that lie for it in accounts whose name ends so; debits are positive."""
        own = [row for row in self.bookings if row["about"] == name(saga)]
        return sum(int(row["minor"]) for row in own if row["account"].endswith(ending))

    def left(self, saga: Row) -> list[Row]:
        """What the rail paid for it."""
        rail = saga["data"]["method"]
        own = {row["our_reference"] for row in self.instructions if row["saga_id"] == saga["id"]}
        sent = self.books[rail]["payouts"]
        return [
            one
            for one in sent
            if one["reference"] in own and one["outcome"] == "paid" and not one["back"]
        ]


async def gather(world: World, driven: Sequence[Paid]) -> Facts:
    """Read everything about these. Raises what is in AWAY while something is down."""
    names = [one.subject for one in driven]
    which = {"names": names, "rows": [ids.parsed(ids.PAYOUT, one) for one in names]}
    async with world.reading() as connection:
        rows = {
            field: await (await connection.execute(query, which)).fetchall()
            for field, query in _QUERIES.items()
        }
    return Facts(
        **rows,
        runs=await runs(world.client, names),
        books={rail: await world.control(f"{rail}/book") for rail in RAILS},
    )


def name(saga: Row) -> str:
    """Its public id."""
    return ids.shown(ids.PAYOUT, saga["id"])
