"""Late: reports for sagas that have ended.

A payment that was taken back after its saga ended goes to review where the kind's table knows one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from models import ids
from models.late import REVIEW, LateOrder, contradicts, taken_back
from models.lifecycle import AttemptState
from models.saga import SagaCase, SagaStep

if TYPE_CHECKING:
    from activities.sagas import Sagas
    from runtime.database import Database

    Row = Mapping[str, Any]

_STANDS = """
select s.state as saga, i.state, exists (select from evidence e where e.id = %s) as kept
  from instructions i join sagas s on s.id = i.saga_id where i.id = %s"""


class Late:
    """Keeps what comes too late, and asks a person where it differs from what was believed."""

    def __init__(self, database: "Database", sagas: "Sagas") -> None:
        self._database = database
        self._sagas = sagas

    @activity.defn(name="saga.late")
    async def weigh(self, order: LateOrder) -> str:
        """Evidence, or evidence and a case. Where the row moves meanwhile it is weighed anew."""
        while True:
            row = await self._standing(order)
            if row is None:
                return "unknown instruction"
            differs = contradicts(AttemptState(row["state"]), order.report)
            step = _step(order, row["saga"], differs=differs)
            if row["kept"] or (await self._sagas.commit(step)).applied:
                return "case" if differs else "evidence"

    async def _standing(self, order: LateOrder) -> "Row | None":
        org = ids.parsed(ids.ORG, order.saga.org_id)
        named = [
            ids.parsed(ids.EVIDENCE, order.report.evidence_id),
            ids.parsed(ids.INSTRUCTION, order.report.attempt_id),
        ]
        async with self._database.scoped(org, order.saga.livemode) as connection:
            return await (await connection.execute(_STANDS, named)).fetchone()


def _step(order: LateOrder, state: str, *, differs: bool) -> SagaStep:
    back = differs and taken_back(order, state)
    case = SagaCase(
        kind="payment_reversed" if back else "contradiction",
        cause=order.report.attempt_id,
        amount=order.report.reading.amount,
    )
    return SagaStep(
        key=f"{order.saga.id}/late/{order.report.evidence_id}",
        saga=order.saga,
        at=datetime.now(UTC),
        actor="kauri",
        believes=state,
        to=REVIEW if back else None,
        evidence=(order.report,),
        case=case if differs else None,
        events=("reconciliation.exception.opened",) if differs else (),
        needs_review=True if differs else None,
    )
