"""A clearing move: allowed by another, sent once, and believed to be there when that is shown."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.clearing_calls import ClearingCalls
from models.clearing import ClearingState
from models.clearing_move import (
    CONCLUDE,
    LOOKS_EVERY,
    WORKFLOW,
    ClearingOrder,
    ClearingSeen,
    ClearingWord,
    against,
)
from models.ids import EVIDENCE, shown
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import REPORTED, REQUESTED, SagaCase, SagaStory, SagaWritten, Trouble
from workflows.clearing_run import ClearingRun
from workflows.clearing_sending import Sending
from workflows.policies import ASKS_NOW_AND_THEN, ordinary
from workflows.saga import OPENED, Change
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class ClearingMoveWorkflow(VaultWorkflow):
    """One move; its id is the saga's."""

    @workflow.init
    def __init__(self, order: ClearingOrder) -> None:
        self._run = ClearingRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        self._sending = Sending(self._run)
        self._looks = 0
        self._overdue = False

    @workflow.run
    async def run(self, order: ClearingOrder) -> str:  # noqa: ARG002 - taken by the initialiser
        """Carry the move to its end; the state it ends in."""
        while self._saga.state == ClearingState.DRAFT:
            await self._sending.allowed()
        if self._saga.state == ClearingState.APPROVED:
            await self._sending.depart()
        sent_at = workflow.now()
        while not self._saga.final:
            await self._watch(sent_at + self._scaled(self._run.order.overdue))
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=REPORTED)
    def reported(self, report: ProviderReport) -> None:
        """Something was said of the transfer, or of the move itself: that it arrived.

        What arrived has left: it ends the transfer too.
        """
        if report.attempt_id != self._run.order.saga.id:
            self._ears.heard.append(report)
            return
        self._run.arrivals.append(report)
        if self._run.out is not None and report.verdict is Verdict.SETTLED:
            self._ears.heard.append(replace(report, attempt_id=self._run.out))

    @workflow.signal(name=REQUESTED)
    def requested(self, message: dict[str, Any]) -> None:
        """The second person has decided; the row says how."""
        self._sending.requests.append(message)

    @workflow.update(name=CONCLUDE)
    async def conclude(self, seen: ClearingSeen) -> SagaStory:
        """A treasurer has seen it arrive, or come back."""
        report = self._as_report(seen)
        self._run.said_by[report.evidence_id] = seen.actor
        self._run.arrivals.append(report)
        await workflow.wait_condition(lambda: report not in self._run.arrivals)
        return self._saga.story()

    @conclude.validator
    def _may_conclude(self, seen: ClearingSeen) -> None:
        refused = against(seen, self._run.order)
        if refused is None and (self._saga.state != ClearingState.SENT or self._run.out):
            refused = f"it is {self._saga.state}: nothing is known to have left"
        if refused or self._run.arrivals:
            why = refused or "another word is being weighed"
            raise ApplicationError(why, type="Refused", non_retryable=True)

    async def _watch(self, overdue_at: datetime) -> None:
        """Wait for a word; look at the statement meanwhile, and say once that it is late."""
        try:
            await workflow.wait_condition(
                lambda: self._unweighed, timeout=self._patience(overdue_at)
            )
        except TimeoutError:
            self._looks += 1
            await self._look()
            if workflow.now() >= overdue_at and not self._overdue:
                await self._late_itself()
        else:
            await self._weigh_first()

    def _patience(self, overdue_at: datetime) -> timedelta | None:
        """Until the next look; without one until it is late, and then without end."""
        if self._run.order.watched:
            return self._scaled(LOOKS_EVERY[min(self._looks, len(LOOKS_EVERY) - 1)])
        return None if self._overdue else max(overdue_at - workflow.now(), timedelta(0))

    async def _look(self) -> None:
        """A bank that does not answer is asked again at the next look."""
        if not self._run.order.watched:
            return
        try:
            found: ProviderReport | None = await workflow.execute_activity_method(
                ClearingCalls.look,
                self._run.order,
                **ordinary(ASKS_NOW_AND_THEN, "look for it at the other end"),
            )
        except ActivityError:
            return
        if found is not None:
            self._run.arrivals.append(found)

    async def _late_itself(self) -> None:
        self._overdue = True
        case = SagaCase(kind="clearing_overdue", amount=self._run.order.amount)
        await self._saga.write(Change(case=case, events=(OPENED,), needs_review=True))

    async def _weigh_first(self) -> None:
        """What was said of the move itself goes first: it is money at the other end."""
        if not self._run.arrivals:
            await super()._weigh_first()
            return
        written = await self._weigh_arrival(self._run.arrivals[0])
        if written.trouble is not Trouble.MOVED:
            self._run.arrivals.pop(0)

    async def _weigh_arrival(self, report: ProviderReport) -> SagaWritten:
        run = self._run
        if report.verdict is Verdict.REFUSED:
            back = Change(evidence=(report,)) if self._saga.final else run.returned(report)
            return await self._unless_booked(report, back)
        came = report.reading.amount or run.order.amount
        fits = came.currency == run.order.amount.currency and came.minor <= run.order.amount.minor
        change = run.arrived(report) if fits and not self._saga.final else run.held(report)
        return await self._unless_booked(report, change)

    async def _unless_booked(self, report: ProviderReport, change: Change) -> SagaWritten:
        written = await self._saga.write(change)
        if written.trouble is Trouble.DISPUTED:  # the same money, told again or held before
            return await self._saga.write(Change(evidence=(report,)))
        return written

    def _as_report(self, seen: ClearingSeen) -> ProviderReport:
        arrived = seen.word is ClearingWord.ARRIVED
        return ProviderReport(
            attempt_id=self._run.order.saga.id,
            source=Source.OPERATOR,
            evidence_id=shown(EVIDENCE, workflow.uuid4()),
            reading=Reading(
                verdict=Verdict.SETTLED if arrived else Verdict.REFUSED,
                amount=seen.amount,
                receipt=seen.receipt,
                provider_message=f"{seen.actor}: {seen.evidence}",
            ),
        )

    @property
    def _unweighed(self) -> bool:
        return bool(self._ears.heard or self._run.arrivals)

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the run's own, in one place
        return self._run.out

    def _scaled(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self._run.order.wait_scale)
