"""What is written, running and booked of lenders' sagas, here and outside: read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.facts import Row, runs
from cli.sweep.vault import queries
from cli.sweep.vault.driven import Lent
from cli.sweep.world import World
from models import ids
from models.saga import SagaKind
from models.saga_view import PREFIXES


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of the sagas in question; the books outside hold everything there is.

    `runs`: status of each workflow by id, NONE when Temporal knows none. `claims`: receipts of
    all collections; `rung`: references of all their prompts; `texts`: what people were told.
    """

    sagas: Sequence[Row]
    instructions: Sequence[Row] = ()
    bookings: Sequence[Row] = ()
    transitions: Sequence[Row] = ()
    starts: Sequence[Row] = ()
    inbox: Sequence[Row] = ()
    cases: Sequence[Row] = ()
    messages: Sequence[Row] = ()
    claims: Sequence[Row] = ()
    rung: Sequence[Row] = ()
    texts: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    mpesa: Mapping[str, Any] = field(default_factory=dict)
    mifos: Mapping[str, Any] = field(default_factory=dict)
    bank: Mapping[str, Any] = field(default_factory=dict)

    def of(self, saga: Row, rail: str = "") -> list[Row]:
        """Its instructions, of one rail or of all."""
        own = [row for row in self.instructions if row["saga_id"] == saga["id"]]
        return [row for row in own if rail in {"", row["rail"]}]


async def gather(world: World, driven: Sequence[Lent]) -> Facts:
    """Read everything about these. Raises what is in AWAY while something is down."""
    names = [lent.subject for lent in driven]
    which = {"names": names, "rows": [ids.parsed(ids.prefix_of(name), name) for name in names]}
    async with world.reading() as connection:
        rows = {
            name: await (await connection.execute(query, which)).fetchall()
            for name, query in queries.OF_SAGAS.items()
        }
    return Facts(
        **rows,
        runs=await runs(world.client, names),
        mpesa=await world.control("daraja/book"),
        mifos=await world.control("fineract/book"),
        bank=await world.control("ncba/book"),
        texts=await world.control("messages/inbox"),
    )


def name(saga: Row) -> str:
    """Its public id."""
    return ids.shown(PREFIXES[SagaKind(saga["kind"])], saga["id"])
