"""A report for a saga that has ended: evidence, or a case. Never an overwrite."""

from temporalio import workflow

from activities.late import Late
from activities.late_top_ups import LateTopUps
from activities.payout_returns import PayoutReturns
from models.late import LATE, LateOrder, money_of_ours
from models.saga import SagaKind
from workflows.policies import ASKS, WRITES, ordinary


@workflow.defn(name=LATE)
class LateReportWorkflow:
    """Started once per distinct message: its id is the digest of the message."""

    @workflow.init
    def __init__(self, order: LateOrder) -> None:
        self._summary = f"weigh a report for {order.saga.kind}, which has ended"

    @workflow.run
    async def run(self, order: LateOrder) -> str:
        """Keep it; what contradicts the ending opens a case. Answers in one word."""
        if money_of_ours(order):
            return await workflow.execute_activity_method(
                LateTopUps.weigh, order, **ordinary(ASKS, self._summary)
            )
        if order.saga.kind is SagaKind.PAYOUT:
            return await workflow.execute_activity_method(
                PayoutReturns.weigh, order, **ordinary(WRITES, self._summary)
            )
        return await workflow.execute_activity_method(
            Late.weigh, order, **ordinary(WRITES, self._summary)
        )
