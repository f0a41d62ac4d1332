"""What became of a batch, by two books: our rows and what Airtel paid."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from cli.demo.client import DemoClient
from models import ids

_STANDING = "select state, count(*)::int from payout_rows where batch_id = %s group by state"
_PAID = """
select count(*) from payout_rows r join sagas s on s.id = r.payout_id
 where r.batch_id = %s and s.state = 'paid'"""
_STATE = "select state from sagas where id = %s"
#: Seconds from the acceptance until the batch first came to a state.
_UNTIL = """
select extract(epoch from min(t.at) - s.created_at)::float8 from sagas s
  join transitions t on t.checkout_id = s.id and t.object_id = s.id and t.to_state = %s
 where s.id = %s group by s.created_at"""
#: Seconds from the acceptance to the last payout that was paid.
_LASTED = """
select extract(epoch from max(t.at) - s.created_at)::float8
  from sagas s join payout_rows r on r.batch_id = s.id
  join transitions t on t.checkout_id = r.payout_id and t.object_id = r.payout_id
   and t.to_state = 'paid'
 where s.id = %s group by s.created_at"""
_PAYOUTS = """
select payout_id from payout_rows where batch_id = %s and state = 'paid'
 order by random() limit %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsJudged:
    """Rows one of the books lacks; numbers paid twice, and payments to numbers of no row."""

    lost: int
    doubled: int


def judged(phones: Collection[str], paid_rows: int, times: Mapping[str, int]) -> RowsJudged:
    """Compare the file's numbers with how often Airtel paid each, and with our paid rows.

    Each number stands in one row. `times` has every number Airtel paid to.
    """
    unpaid = sum(1 for phone in phones if not times.get(phone))
    twice = sum(count - 1 for phone, count in times.items() if count > 1)
    strangers = len(set(times) - set(phones))
    return RowsJudged(lost=max(unpaid, len(phones) - paid_rows), doubled=twice + strangers)


async def paid_by_airtel(client: DemoClient) -> Counter[str]:
    """How often each number was paid, by Airtel's own book."""
    payouts = (await client.control("airtel/book"))["payouts"]
    return Counter(one["payee"] for one in payouts if one["outcome"] == "paid")


class BatchBook:
    """Reads one batch as the administrator. `name`: its id, and its workflow's."""

    def __init__(self, admin_url: str, batch: str) -> None:
        self._database = psycopg.connect(admin_url, autocommit=True)
        self.name, self._batch = batch, ids.parsed(ids.BATCH, batch)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def state(self) -> str:
        """Where the batch stands."""
        return str(self._one(_STATE, self._batch))

    def rows(self) -> dict[str, int]:
        """Rows by state."""
        return dict(self._database.execute(_STANDING, [self._batch]).fetchall())

    def paid(self) -> int:
        """Payouts of it that are paid, whether the batch has looked since or not."""
        return int(self._one(_PAID, self._batch))

    def until(self, state: str) -> float:
        """Seconds from its acceptance until it came there."""
        return float(self._one(_UNTIL, state, self._batch) or 0.0)

    def lasted(self) -> float:
        """Seconds from its acceptance to its last payment."""
        return float(self._one(_LASTED, self._batch) or 0.0)

    def some_paid(self, most: int) -> list[str]:
        """Workflow ids of some payouts that were paid."""
        found: list[tuple[UUID]] = self._database.execute(_PAYOUTS, [self._batch, most]).fetchall()
        return [ids.shown(ids.PAYOUT, payout) for (payout,) in found]

    def _one(self, query: str, *values: Any) -> Any:
        row = self._database.execute(query, values).fetchone()
        return row[0] if row else None
