"""What is written, running, booked and given back of escrows: read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.escrow import queries
from cli.sweep.escrow.kept import Kept
from cli.sweep.facts import Row, runs
from cli.sweep.world import World
from models import ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of these escrows; `book` is MTN's. `runs`: status of each workflow."""

    kept_ones: Sequence[Kept]
    sagas: Sequence[Row] = ()
    parts: Sequence[Row] = ()
    payments: Sequence[Row] = ()
    kept: Sequence[Row] = ()
    released: Sequence[Row] = ()
    events: Sequence[Row] = ()
    waiting: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    book: Mapping[str, Any] = field(default_factory=dict)

    def saga(self, one: Kept) -> Row:
        """Its row; empty before it was made."""
        return next((row for row in self.sagas if _named(row["id"]) == one.subject), {})

    def parts_of(self, one: Kept, kind: str) -> list[Row]:
        """Its parts of one kind that were not given back to it."""
        own = [row for row in self.parts if _named(row["saga_id"]) == one.subject]
        return [row for row in own if row["kind"] == kind and not row["returned"]]

    def entries_of(self, one: Kept) -> list[Row]:
        """What was booked as released."""
        return [row for row in self.released if row["about"] == one.subject]

    def told(self, one: Kept) -> dict[str, int]:
        """How often each event was told."""
        own = [row for row in self.events if _named(row["object_id"]) == one.subject]
        return {row["type"]: row["times"] for row in own}

    def came_back(self, one: Kept) -> int:
        """What MTN sent to its payer: transfers to the phone, and the payment given back."""
        sent: list[int] = [
            payout["amount_minor"]
            for payout in self.book["payouts"]
            if payout["payee"].endswith(one.phone)
            and payout["outcome"] == "paid"
            and not payout["gives_back"]
        ]
        keys = [
            ids.momo_reference(ids.shown(ids.ATTEMPT, row["attempt"]))
            for row in self.payments
            if ids.shown(ids.PAYMENT, row["id"]) == one.payment
        ]
        back: list[int] = [self.book["given_back"].get(key, 0) for key in keys]
        return sum(sent) + sum(back)


async def gather(world: World, kept: Sequence[Kept]) -> Facts:
    """Read everything about these. Raises what is in AWAY while something is down."""
    made = [one for one in kept if one.subject]
    names = [one.subject for one in made]
    which = {
        "rows": [ids.parsed(ids.ESCROW, one.subject) for one in made],
        "names": names,
        "payments": [ids.parsed(ids.PAYMENT, one.payment) for one in made],
    }
    async with world.reading() as connection:
        rows: dict[str, Any] = {
            name: await (await connection.execute(query, which)).fetchall()
            for name, query in queries.OF_ESCROWS.items()
        }
    return Facts(
        kept_ones=made,
        **rows,
        runs=await runs(world.client, names),
        book=await world.control("momo/book"),
    )


def _named(row_id: Any) -> str:
    return ids.shown(ids.ESCROW, row_id)
