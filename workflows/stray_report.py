"""A report for a session that has ended: evidence, or money with a case. Never an overwrite."""

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.charges import Charges
from activities.strays import Strays
from models.evidence import merged
from models.reading import ProviderReport
from models.stray import STRAY, StrayOrder
from workflows.policies import ASKS, ASKS_QUICKLY, WRITES, local, ordinary


@workflow.defn(name=STRAY)
class StrayReportWorkflow:
    """Started once per distinct message: its id is the digest of the message."""

    @workflow.init
    def __init__(self, order: StrayOrder) -> None:
        self._order = order

    @workflow.run
    async def run(self, order: StrayOrder) -> str:
        """Confirm an unsigned final word, then write what it means; answers in one word."""
        if order.report.hint and order.report.verdict.final:
            answer = await self._confirm()
            order = order.confirmed(merged(order.report, answer, order.question.charge.amount))
        return await workflow.execute_activity_method(
            Strays.weigh, order, **ordinary(WRITES, "weigh a report for an ended session")
        )

    async def _confirm(self) -> ProviderReport:
        summary = f"ask {self._order.question.provider} about a late report"
        try:
            return await workflow.execute_local_activity_method(
                Charges.ask, self._order.question, **local(ASKS_QUICKLY, summary)
            )
        except FailureError:
            return await workflow.execute_activity_method(
                Charges.ask, self._order.question, **ordinary(ASKS, summary)
            )
