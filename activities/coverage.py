"""The daily report of coverage, and the same on demand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.telling import tell
from models.coverage import Covered, covered, covered_object
from models.ids import PLATFORM_ORG

if TYPE_CHECKING:
    from runtime.database import Database

REPORTED, SHORT = "coverage.reported", "coverage.short"

# A backing account is named itself, a claim by its last word: merchants are not told apart.
_LINES = """
select currency, coverage,
       case coverage when 'backs' then name else coalesce(
         substring(name from '^(escrow|suspense):'), substring(name from '[^:]+$')) end as word,
       sum(balance)::bigint as balance
  from ledger_accounts where coverage <> 'none' and livemode = %s
 group by 1, 2, 3 order by 1, 2, 3"""


class Coverage:
    """Reads all organisations' accounts as the system role; tells the house alone."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    @activity.defn(name="coverage.report")
    async def report(self) -> int:
        """Keep the day's report in both modes; returns how many currencies are short."""
        return sum([await self._reported(livemode=mode) for mode in (False, True)])

    async def now(self, *, livemode: bool) -> list[Covered]:
        """Every currency there is."""
        async with self._database.system() as connection:
            rows = await (await connection.execute(_LINES, [livemode])).fetchall()
        lines: dict[str, list[tuple[str, str, int]]] = {}
        for row in rows:
            line = (row["coverage"], row["word"], row["balance"])
            lines.setdefault(row["currency"], []).append(line)
        return [covered(currency, found) for currency, found in lines.items()]

    async def _reported(self, *, livemode: bool) -> int:
        found = await self.now(livemode=livemode)
        if not found:
            return 0
        shown = {"object": "coverage", "data": [covered_object(one) for one in found]}
        short = [one for one in found if one.shortfall.minor > 0]
        row: Mapping[str, Any] = {"id": PLATFORM_ORG, "org_id": PLATFORM_ORG, "livemode": livemode}
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        async with self._database.scoped(PLATFORM_ORG, livemode) as connection:
            for event in (REPORTED, SHORT) if short else (REPORTED,):
                step = f"coverage/{livemode}/{event}/{day}"
                await tell(connection, row, event=event, step=step, shown=shown)
        if short:
            activity.logger.error("%s currencies are not covered", len(short))
        return len(short)
