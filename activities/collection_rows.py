"""Collections as their rows have them: what a run that began anew reads back."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from models import ids
from models.account_matching import Target, TargetKind
from models.collection_order import DEPOSIT, REPAYMENT, CollectionMemory, Paid
from models.money import Money
from models.saga import SagaRef

if TYPE_CHECKING:
    from runtime.database import Database

_ROW = "select * from sagas where id = %s"
#: The last posting, and whether it has ended without being booked.
_LAST = """
select number, state in ('failed','rejected') as over from instructions
 where saga_id = %s and rail in (%s, %s) order by number desc limit 1"""


class CollectionRows:
    """Reads what earlier stages left."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    @activity.defn(name="collection.remember")
    async def remember(self, saga: SagaRef) -> CollectionMemory:
        """What is written of the payment, its account and its last posting."""
        org, row_id = ids.parsed(ids.ORG, saga.org_id), ids.parsed(ids.COLLECTION, saga.id)
        async with self._database.scoped(org, saga.livemode) as connection:
            row = await (await connection.execute(_ROW, [row_id])).fetchone()
            found = await connection.execute(_LAST, [row_id, REPAYMENT, DEPOSIT])
            last = await found.fetchone()
        if row is None:
            raise LookupError(f"{saga.id} is not there")
        return CollectionMemory(
            paid=_paid(row),
            target=target_in(row["data"], row["currency"]),
            posting=last["number"] + last["over"] if last else 1,
        )


def target_in(shown: Mapping[str, Any], currency: str) -> Target | None:
    """The account the row shows."""
    if not shown.get("account_id"):
        return None
    return Target(
        kind=TargetKind(shown["target"]),
        id=shown["account_id"],
        account_no=shown["account"],
        client_id=shown.get("client_id"),
        currency=currency,
    )


def _paid(row: Mapping[str, Any]) -> Paid | None:
    shown = row["data"]
    if not shown.get("paid_at"):
        return None
    return Paid(
        receipt=shown["receipt"],
        amount=Money(shown["received"], row["currency"]),
        paid_at=datetime.fromisoformat(shown["paid_at"]),
        evidence_id="",
    )
