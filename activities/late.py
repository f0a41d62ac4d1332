"""Late: reports for sagas that have ended.

A payment that was taken back after its saga ended goes to review where the kind's table knows one.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from models import ids
from models.late import REVIEW, LateOrder, contradicts, taken_back
from models.lifecycle import AttemptState
from models.saga import SagaCase, SagaStep

if TYPE_CHECKING:
    from activities.sagas import Sagas
    from runtime.database import Database

_STANDS = """
select s.state as saga, i.state from instructions i join sagas s on s.id = i.saga_id
 where i.id = %s"""


class Late:
    """Keeps what comes too late, and asks a person where it differs from what was believed."""

    def __init__(self, database: "Database", sagas: "Sagas") -> None:
        self._database = database
        self._sagas = sagas

    @activity.defn(name="saga.late")
    async def weigh(self, order: LateOrder) -> str:
        """Evidence, or evidence and a case."""
        org = ids.parsed(ids.ORG, order.saga.org_id)
        instruction = ids.parsed(ids.INSTRUCTION, order.report.attempt_id)
        async with self._database.scoped(org, order.saga.livemode) as connection:
            row = await (await connection.execute(_STANDS, [instruction])).fetchone()
        if row is None:
            return "unknown instruction"
        differs = contradicts(AttemptState(row["state"]), order.report)
        await self._sagas.commit(_step(order, row["saga"], differs=differs))
        return "case" if differs else "evidence"


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
