"""What is written, running, booked and received of what lies on desks: read once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.cells import CASE, CREDIT, EXCEPTION, MESSAGE
from cli.sweep.desk import queries
from cli.sweep.desk.filed import Filed
from cli.sweep.facts import Row, runs
from cli.sweep.world import World
from models import ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of what was filed; `bank`, `notices` and `inbox` hold everything there is outside.

    `believed`: identities of the bank's messages in our inbox. `told`: how often a step was
    told of. `runs`: status of each workflow, NONE when unknown.
    """

    filed: Sequence[Filed]
    org: str = ""
    cases: Sequence[Row] = ()
    refunds: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    told: Sequence[Row] = ()
    messages: Sequence[Row] = ()
    topups: Sequence[Row] = ()
    waiting: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    bank: Sequence[Row] = ()
    notices: Sequence[Row] = ()
    believed: Collection[str] = ()
    inbox: Sequence[Row] = ()

    def of(self, *sagas: str) -> list[Filed]:
        """What was filed of these kinds."""
        return [one for one in self.filed if one.cell.saga in sagas]

    def cases_of(self, one: Filed) -> list[Row]:
        """Its cases: of a credit all there are of its amount."""
        if one.cell.saga == CREDIT:
            return [row for row in self.cases if row["amount"] == one.minor]
        return [row for row in self.cases if ids.shown(ids.CASE, row["id"]) == one.subject]

    def lies(self, one: Filed, account: str) -> int:
        """Minor units that lie in an account for it; debits are positive."""
        by_name = one.cell.saga == CASE
        own = [line for line in self.lines if line["account"] == account]
        names = {one.about, *(ids.shown(ids.REFUND, row["id"]) for row in self.refunds_of(one))}
        return sum(
            int(line["minor"])
            for line in own
            if (line["about"] in names if by_name else line["amount"] == one.minor)
        )

    def refunds_of(self, one: Filed) -> list[Row]:
        """The refunds that give back what its case holds."""
        return [row for row in self.refunds if row["subject"] == one.subject]

    def texts(self, one: Filed) -> list[Row]:
        """Its messages on their way, by text or by mail."""
        return [row for row in self.messages if row["about"] == one.subject]


async def gather(world: World, org: str, filed: Sequence[Filed]) -> Facts:
    """Read everything about these. Raises what is in AWAY while something is down."""
    async with world.reading() as connection:
        rows: dict[str, Any] = {
            name: await (await connection.execute(query, _which(filed))).fetchall()
            for name, query in queries.OF_DESKS.items()
        }
    believed = {row["digest"] for row in rows.pop("believed")}
    bank = await world.control("ncba/book")
    return Facts(
        filed=filed,
        org=org,
        believed=believed,
        **rows,
        runs=await runs(world.client, _workflows(filed, rows)),
        bank=bank["lines"],
        notices=bank["notices"],
        inbox=await world.control("messages/inbox"),
    )


def _which(filed: Sequence[Filed]) -> dict[str, Any]:
    decided = [one.subject for one in filed if one.cell.saga in {CASE, EXCEPTION}]
    topups = [one.subject for one in filed if one.cell.saga == MESSAGE]
    return {
        "cases": [ids.parsed(ids.CASE, name) for name in decided],
        "named": decided,
        "minors": [one.minor for one in filed if one.cell.saga in {CREDIT, EXCEPTION}],
        "payments": [one.about for one in filed if one.cell.saga == CASE],
        "decided": [f"{name}/decided" for name in decided],
        "topups": topups,
        "rows": [ids.parsed(ids.TOPUP, name) for name in topups],
    }


def _workflows(filed: Sequence[Filed], rows: Mapping[str, Sequence[Row]]) -> list[str]:
    decided = [one.subject for one in filed if one.cell.saga == CASE]
    paid_in = [(one.about, one.minor) for one in filed if one.cell.saga == CREDIT]
    held = [(row["data"].get("receipt"), row["amount"]) for row in rows["cases"]]
    runs_of = [f"bank/ncba/{number}/KES{minor}" for number, minor in [*paid_in, *held] if number]
    refunds = [ids.shown(ids.REFUND, row["id"]) for row in rows["refunds"]]
    return [*{*decided, *runs_of, *refunds}]
