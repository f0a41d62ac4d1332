"""Who weighs a proven report for a saga that has ended: shared by all who bring one."""

from temporalio import workflow

from activities.late import Late
from activities.payout_returns import PayoutReturns
from models.late import LateOrder
from models.saga import SagaKind
from workflows.policies import WRITES, ordinary


async def weighed(order: LateOrder, summary: str) -> str:
    """Evidence, a case, or money that is booked as back. Answers in one word."""
    if order.saga.kind is SagaKind.PAYOUT:
        return await workflow.execute_activity_method(
            PayoutReturns.weigh, order, **ordinary(WRITES, summary)
        )
    return await workflow.execute_activity_method(Late.weigh, order, **ordinary(WRITES, summary))
