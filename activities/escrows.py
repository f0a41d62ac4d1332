"""What an escrow's workflow reads and decides in the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import escrow_rows as rows
from activities import escrow_takebacks
from activities.escrow_rows import Taking
from models import faultpoints, ids
from models.escrow import HOLDING
from models.escrow_rules import EscrowLook, EscrowPart
from models.fees import Fee
from models.lifecycle import CheckoutState
from models.money import Money
from models.saga import SagaRef

if TYPE_CHECKING:
    from activities.sagas import VaultBooks
    from runtime.database import Connection, Database

    Row = Mapping[str, Any]

#: How a session ends unpaid. One that is complete was paid a moment ago: the next look funds it.
_UNPAID = frozenset({CheckoutState.EXPIRED, CheckoutState.CANCELED})


class Escrows:
    """Every question may be asked again; what it writes is written once."""

    def __init__(self, database: "Database", books: "VaultBooks") -> None:
        self._database = database
        self._books = books

    @activity.defn(name="escrow.look")
    async def look(self, saga: SagaRef) -> EscrowLook:
        """Write down what payment and refunds did, and say where the escrow stands."""
        org, escrow = ids.parsed(ids.ORG, saga.org_id), ids.parsed(ids.ESCROW, saga.id)
        async with self._database.scoped(org, saga.livemode) as connection:
            if await rows.locked(connection, escrow) is None:
                raise ApplicationError(f"{saga.id} is not there", type="RowMissing")
            await self._settle(connection, saga, escrow)
            row = await rows.followed(connection, escrow)
        if row is None:
            raise RuntimeError("the row was locked a moment ago")
        return _look(row)

    async def _settle(self, connection: "Connection", saga: SagaRef, escrow: UUID) -> None:
        """What a refund gave back to it covers first what was taken back meanwhile."""
        await rows.settle(connection, escrow)
        posting = await escrow_takebacks.cover(connection, escrow)
        if posting is None:
            return
        org = ids.parsed(ids.ORG, saga.org_id)
        booked = await self._books.book(
            connection, org=org, livemode=saga.livemode, posting=posting
        )
        if not booked.stands:
            raise RuntimeError(f"{saga.id} does not hold what came back into it")

    @activity.defn(name="escrow.run_out")
    async def run_out(self, saga: SagaRef) -> bool:
        """Decide that what is left is released. False where it was decided otherwise meanwhile."""
        org, escrow = ids.parsed(ids.ORG, saga.org_id), ids.parsed(ids.ESCROW, saga.id)
        await faultpoints.reach("escrow.timer.before", saga.id)
        async with self._database.scoped(org, saga.livemode) as connection:
            row = await rows.locked(connection, escrow)
            if row is None or row["disputed"] or row["state"] not in HOLDING:
                return False
            if row["owed_back"]:
                return False
            left = row["funded"] - row["taken"]
            taking = Taking(kind="release", amount=left, by="timer", actor="kauri")
            taken = left > 0 and await rows.take(connection, escrow, taking) is not None
        await faultpoints.reach("escrow.timer.after", saga.id)
        return taken


def _look(row: "Row") -> EscrowLook:
    currency, shown = row["currency"], row["data"]
    part = row["number"]
    return EscrowLook(
        state=row["state"],
        left=Money(row["funded"] - row["taken"], currency),
        released=Money(shown.get("released", 0), currency),
        refunded=Money(row["refunded"], currency),
        refunding=Money(row["refunding"], currency),
        fee=Fee(net=Money(shown.get("fee", 0), currency), tax=Money(shown.get("tax", 0), currency)),
        shown=(shown.get("refunded", 0), shown.get("refunding", 0)),
        funded=Money(row["funded"], currency) if row["funded"] else None,
        funded_at=_moment(shown.get("funded_at")),
        over=row["checkout_state"] in _UNPAID,
        release=EscrowPart(number=part, amount=Money(row["amount"], currency)) if part else None,
        disputed=row["disputed"],
        owed_back=row["owed_back"],
        frozen=row["frozen"],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
