"""A loan as operators decide about it, across organisations: the system role."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.loan_order import PAYOUT, UNDO
from runtime.database import Database

_LOAN = """
select s.*, (select coalesce(max(i.number), 0) from instructions i
    where i.saga_id = s.id and i.rail = %(undo)s
      and i.state in ('failed','rejected')) as undone,
  (select coalesce(max(i.number), 1) from instructions i
    where i.saga_id = s.id and i.rail = %(payout)s) as payout
  from sagas s where s.id = %(id)s and s.livemode = %(livemode)s
   and s.kind = 'loan_disbursement'"""


async def loan(database: Database, saga: UUID, *, livemode: bool) -> Mapping[str, Any] | None:
    """A loan's row, with the numbers of its payment and of the last undoing that was refused."""
    values = {"id": saga, "livemode": livemode, "undo": UNDO, "payout": PAYOUT}
    async with database.system() as connection:
        return await (await connection.execute(_LOAN, values)).fetchone()
