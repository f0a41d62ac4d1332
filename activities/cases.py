"""Cases: what two people decide about money in suspense, or about a contradiction."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from models import faultpoints, ids
from models.case import CaseDecision, CaseWord
from models.decisions import REVIEW_RESOLVED
from models.events import payment_object
from models.fees import Fee, FeeRule, fee_for
from models.money import Money
from models.step import CaseKind

if TYPE_CHECKING:
    from runtime.database import Connection, Database

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
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %s, %s, %s, %s, %s, coalesce(max(sequence), 0) + 1, %s, %s, %s
  from events where object_id = %s on conflict do nothing"""


class Releases(Protocol):
    """Books what becomes of suspended money; `ledger.booking.Booking` does."""

    async def release(
        self, connection: "Connection", case: Mapping[str, Any], word: CaseWord, fee: Fee
    ) -> None:
        """Post in the caller's transaction."""
        ...


class Cases:
    """The only writer of decided cases."""

    def __init__(self, database: "Database", books: Releases) -> None:
        self._database = database
        self._books = books

    @activity.defn(name="case.decide")
    async def decide(self, decision: CaseDecision) -> str:
        """Decide once; a case decided before keeps its word, which is returned."""
        await faultpoints.reach("case.before")
        org = ids.parsed(ids.ORG, decision.org_id)
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
        at = datetime.now(UTC)
        people = [decision.actor, decision.approver, decision.reason]
        await connection.execute(_DECIDE, [str(decision.word), *people, at, case_id])
        if CaseKind(case["kind"]).holds_money:
            await self._books.release(connection, case, decision.word, _fee(case))
        await _tell(connection, case, decision, at)
        return str(decision.word)


def _fee(case: Mapping[str, Any]) -> Fee:
    rule = FeeRule(
        basis_points=case["fee_basis_points"],
        fixed_minor=case["fee_fixed_minor"],
        tax_basis_points=case["tax_basis_points"],
    )
    return fee_for(Money(case["amount"], case["currency"]), rule)


async def _tell(
    connection: "Connection", case: Mapping[str, Any], decision: CaseDecision, at: datetime
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
    values = [ids.uuid7(), case["org_id"], case["livemode"], REVIEW_RESOLVED, payment["id"]]
    values += [f"{decision.case_id}/decided", json.dumps(data), at, payment["id"]]
    await connection.execute(_EVENT, values)
