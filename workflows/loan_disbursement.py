"""A loan on its way to its client: looked at, paid once, booked, and told to everybody."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.balances import BALANCES_TOLD, BalancesTold
from models.lifecycle import AttemptState
from models.loan import PAID_STATES, LoanState
from models.loan_decisions import DECIDE_POSTING, PostingDecision, against_posting
from models.loan_order import WORKFLOW, LoanOrder
from models.reading import ProviderReport, Reason, Verdict
from models.saga import REPORTED, REQUESTED, SagaStory, SagaWritten
from workflows.loan_judging import Judging
from workflows.loan_paying import Paying
from workflows.loan_posting import Posting
from workflows.loan_preflight import Preflight
from workflows.loan_review import PostingReview
from workflows.loan_run import LoanRun
from workflows.vault import VaultWorkflow, late


@workflow.defn(name=WORKFLOW)
class LoanDisbursementWorkflow(VaultWorkflow):
    """One saga of one loan; its id is the saga's."""

    @workflow.init
    def __init__(self, order: LoanOrder) -> None:
        self._run = LoanRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        preflight, paying, posting = Preflight(self._run), Paying(self._run), Posting(self._run)
        self._preflight, self._paying, self._posting = preflight, paying, posting
        self._judging = Judging(self._run, paying)
        self._stages = {
            LoanState.FOUND: preflight.found,
            LoanState.PARKED: self._parked,
            LoanState.PREFLIGHT: preflight.preflight,
            LoanState.HELD: paying.pay,
            LoanState.SENDING: paying.pay,
            LoanState.UNKNOWN: self._unknown,
            LoanState.PAID: posting.post,
            LoanState.POSTING: posting.post,
            LoanState.POSTING_UNKNOWN: posting.post,
            LoanState.POSTING_REVIEW: PostingReview(self._run, posting).review,
        }

    @workflow.run
    async def run(self, order: LoanOrder) -> str:  # noqa: ARG002 - taken by the initialiser
        """Carry the loan to its end; the state it ends in."""
        while not self._saga.final:
            if self._run.contradictions:
                await self._judging.contradicted(self._run.contradictions.pop(0))
                continue
            await self._stages[LoanState(self._saga.state)]()
        self._ears.heard.extend(self._run.contradictions)
        await self._leave_nothing()
        if self._run.known.reversed and self._saga.state == LoanState.DISBURSED:
            await self._posting.reversed(posted=True)
            await self._leave_nothing()
        return self._saga.state

    async def _weigh_late(self, report: ProviderReport) -> SagaWritten:
        """Money taken back has its own review; what else contradicts a payout is a case."""
        back = report.reading.reason is Reason.REVERSED
        return await self._run.write(late(report, None if back else self._ended(report)))

    def _ended(self, report: ProviderReport) -> AttemptState | None:
        """How the payout it is about ended; None where it is about something else."""
        number = self._run.number_of(report)
        if number is None:
            return None
        paid = number == self._run.known.payout and self._saga.state in PAID_STATES
        return AttemptState.SUCCEEDED if paid else AttemptState.FAILED

    async def _parked(self) -> None:
        """Wait for what is lacking; where two people have to judge, for them alone."""
        if self._run.known.disputed:
            await self._judging.judged()
        else:
            await self._preflight.waiting()

    async def _unknown(self) -> None:
        """Ask on, or wait for two people where money moved otherwise than asked."""
        if self._run.known.disputed:
            await self._judging.judged()
        else:
            await self._paying.pay()

    @workflow.signal(name=REPORTED)
    def reported(self, report: ProviderReport) -> None:
        """Evidence. What contradicts a payout that has ended is weighed before all else."""
        number, payout = self._run.number_of(report), self._run.known.payout
        earlier = number is not None and number < payout and not self._saga.final
        if earlier and report.verdict is Verdict.SETTLED:
            self._run.contradictions.append(report)
            return
        super().reported(report)
        back = number == payout and report.reading.reason is Reason.REVERSED
        if back and self._saga.state in PAID_STATES:
            self._run.was_reversed()

    @workflow.signal(name=REQUESTED)
    def requested(self, message: dict[str, Any]) -> None:  # noqa: ARG002 - kept in history: who asked
        """A poll, a top-up or a person: look again, if the loan waits."""
        self._run.woken = True

    @workflow.signal(name=BALANCES_TOLD)
    def balances_told(self, told: BalancesTold) -> None:
        """What the short code holds."""
        self._run.told = told

    @workflow.update(name=DECIDE_POSTING)
    async def decide_posting(self, decision: PostingDecision) -> SagaStory:
        """Two people decide about a posting the books refused."""
        self._run.decisions.append(decision)
        await workflow.wait_condition(
            lambda: decision not in self._run.decisions or self._saga.final
        )
        return self._saga.story()

    @decide_posting.validator
    def _may_decide(self, decision: PostingDecision) -> None:
        refused = against_posting(decision, self._saga.state)
        if refused:
            raise ApplicationError(refused, type="Refused", non_retryable=True)

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the run's own, in one place
        return self._run.out
