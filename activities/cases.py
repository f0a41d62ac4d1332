"""Cases: what two people decide about money in suspense, or about a contradiction.

Given back to the payer it leaves by a refund of its own, accepted in the transaction of the
decision; one that ends unpaid opens the case again (the table `suspense_refunds`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import rows
from activities.suspense_refunds import SuspenseRefunds
from models import faultpoints, ids
from models.case import NOT_DECIDABLE, CaseDecision, CaseWord
from models.decisions import REVIEW_RESOLVED
from models.events import payment_object
from models.fees import Fee, FeeRule, fee_for
from models.money import Money
from models.step import CaseKind

if TYPE_CHECKING:
    from runtime.database import Connection, Database

    Row = Mapping[str, Any]

_LOCK = """
select k.*, a.provider, o.fee_basis_points, o.fee_fixed_minor, o.tax_basis_points
  from cases k join attempts a on a.id = k.attempt_id join orgs o on o.id = k.org_id
 where k.id = %s for update of k"""
_DECIDE = """
update cases set state = 'decided', decision = %s, actor = %s, approver = %s, reason = %s,
  decided_at = %s where id = %s"""
_REVIEWED = """
update payments p set updated_at = %(at)s, needs_review = exists (
    select 1 from cases k where k.payment_id = p.id and k.state = 'open')
 where p.id = %(id)s returning *"""

#: Each refund that came to nothing opened it again: deciding it anew is told anew.
_DECIDED_BEFORE = """
select count(*) as n from suspense_refunds where case_id = %s and state = 'returned'"""


class Releases(Protocol):
    """Books suspended money as the merchant's; `ledger.booking.Booking` does."""

    async def release(self, connection: "Connection", case: "Row", fee: Fee) -> None:
        """Post in the caller's transaction."""
        ...


class Cases:
    """The only writer of decided cases. `refunds` gives money back to its payer."""

    def __init__(self, database: "Database", books: Releases, refunds: SuspenseRefunds) -> None:
        self._database = database
        self._books = books
        self._refunds = refunds

    @activity.defn(name="case.decide")
    async def decide(self, decision: CaseDecision) -> str:
        """Decide once; a case decided before keeps its word, which is returned.

        Raises ApplicationError (NOT_DECIDABLE) where the money cannot be given back so.
        """
        await faultpoints.reach("case.before")
        org = ids.parsed(ids.ORG, decision.org_id)
        await self._refunds.ready(org, livemode=decision.livemode)
        async with self._database.scoped(org, decision.livemode) as connection:
            word = await self._decide(connection, decision)
        await faultpoints.reach("case.after")
        return word

    async def _decide(self, connection: "Connection", decision: CaseDecision) -> str:
        case_id = ids.parsed(ids.CASE, decision.case_id)
        case = await (await connection.execute(_LOCK, [case_id])).fetchone()
        if case is None:
            raise ApplicationError("there is no such case", type="NoCase", non_retryable=True)
        if case["state"] == "decided":
            return str(case["decision"])
        if await self._refunds.begun(connection, decision):
            return str(decision.word)  # this very decision, whose refund has failed meanwhile
        at = datetime.now(UTC)
        people = [decision.actor, decision.approver, decision.reason]
        await connection.execute(_DECIDE, [str(decision.word), *people, at, case_id])
        await _tell(connection, case, decision, at)
        if CaseKind(case["kind"]).holds_money:
            await self._move(connection, case, decision, at)
        return str(decision.word)

    async def _move(
        self, connection: "Connection", case: "Row", decision: CaseDecision, at: datetime
    ) -> None:
        """Book it, last: hot accounts stay locked from here on."""
        if decision.word is CaseWord.ACCEPT:
            await self._books.release(connection, case, _fee(case))
        elif decision.word is CaseWord.REFUND:
            await self._refunds.start(connection, case, decision, at)
        elif decision.word is CaseWord.REFUNDED:
            await self._refunds.sent_by_hand(connection, case, decision)
        else:
            told = "accept, refund or refunded: the case holds money"
            raise ApplicationError(told, type=NOT_DECIDABLE, non_retryable=True)


def _fee(case: "Row") -> Fee:
    rule = FeeRule(
        basis_points=case["fee_basis_points"],
        fixed_minor=case["fee_fixed_minor"],
        tax_basis_points=case["tax_basis_points"],
    )
    return fee_for(Money(case["amount"], case["currency"]), rule)


async def _tell(
    connection: "Connection", case: "Row", decision: CaseDecision, at: datetime
) -> None:
    fields = {"id": case["payment_id"], "at": at}
    payment = await (await connection.execute(_REVIEWED, fields)).fetchone()
    if payment is None:
        raise LookupError("a case without its payment")
    data = {
        "object": payment_object(payment, None),
        "previous_attributes": {},
        "case": {"id": decision.case_id, "kind": case["kind"], "decision": str(decision.word)},
    }
    before = await (await connection.execute(_DECIDED_BEFORE, [case["id"]])).fetchone()
    again = f"/{before['n']}" if before and before["n"] else ""
    key = f"{decision.case_id}/decided{again}"
    await rows.add_event(connection, payment, REVIEW_RESOLVED, data, key=key, at=at)
