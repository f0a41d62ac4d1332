"""Decide a case of an ended session. The workflow's id is the case's: one decision at a time."""

from temporalio import workflow

from activities.cases import Cases
from models.case import CASE_DECISION, CaseDecision
from workflows.policies import WRITES, ordinary


@workflow.defn(name=CASE_DECISION)
class CaseDecisionWorkflow:
    """One decision, written with its money in one transaction."""

    @workflow.init
    def __init__(self, decision: CaseDecision) -> None:
        self._summary = f"{decision.actor} and {decision.approver}: {decision.word}"

    @workflow.run
    async def run(self, decision: CaseDecision) -> str:
        """The word that stands: ours, or an earlier one."""
        return await workflow.execute_activity_method(
            Cases.decide, decision, **ordinary(WRITES, self._summary)
        )
