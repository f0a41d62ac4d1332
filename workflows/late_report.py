"""A report for a saga that has ended: evidence, or a case. Never an overwrite."""

from temporalio import workflow

from activities.late_top_ups import LateTopUps
from models.late import LATE, LateOrder, money_of_ours
from workflows.late_weighing import weighed
from workflows.policies import ASKS, ordinary


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
        return await weighed(order, self._summary)
