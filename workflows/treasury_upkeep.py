"""The house's own money by the calendar: floats looked at, coverage reported."""

from temporalio import workflow

from activities.coverage import Coverage
from activities.float_watch import FloatWatch
from workflows.policies import ASKS_NOW_AND_THEN, ERASES, ordinary

WATCH, REPORT = "float-watch", "coverage-report"


@workflow.defn(name=WATCH)
class FloatWatchWorkflow:
    """One look at every float; a schedule takes the next."""

    @workflow.run
    async def run(self) -> int:
        """How many holders answered."""
        return await workflow.execute_activity_method(
            FloatWatch.watch, **ordinary(ASKS_NOW_AND_THEN, "ask what our floats hold")
        )


@workflow.defn(name=REPORT)
class CoverageReportWorkflow:
    """The day's report."""

    @workflow.run
    async def run(self) -> int:
        """How many currencies are short."""
        return await workflow.execute_activity_method(
            Coverage.report, **ordinary(ERASES, "report what covers whom")
        )
