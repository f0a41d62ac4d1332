"""A loan on its way to its client: looked at, paid once, booked, and told to everybody."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.balances import BALANCES_TOLD, BalancesTold
from models.ids import instruction_id
from models.loan import PAID_STATES, LoanState
from models.loan_decisions import DECIDE_POSTING, PostingDecision, against_posting
from models.loan_order import PAYOUT, WORKFLOW, LoanOrder
from models.reading import ProviderReport, Reason
from models.saga import REPORTED, REQUESTED, SagaStory
from workflows.attributes import STATUS
from workflows.loan_paying import Paying
from workflows.loan_posting import Posting
from workflows.loan_preflight import Preflight
from workflows.loan_run import LoanRun
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class LoanDisbursementWorkflow(VaultWorkflow):
    """One saga of one loan; its id is the saga's."""

    @workflow.init
    def __init__(self, order: LoanOrder) -> None:
        self._run = LoanRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        preflight, paying, posting = Preflight(self._run), Paying(self._run), Posting(self._run)
        self._stages = {
            LoanState.FOUND: preflight.found,
            LoanState.PARKED: preflight.waiting,
            LoanState.PREFLIGHT: preflight.preflight,
            LoanState.HELD: paying.pay,
            LoanState.SENDING: paying.pay,
            LoanState.UNKNOWN: paying.pay,
            LoanState.PAID: posting.post,
            LoanState.POSTING: posting.post,
            LoanState.POSTING_UNKNOWN: posting.post,
            LoanState.POSTING_REVIEW: posting.review,
        }

    @workflow.run
    async def run(self, order: LoanOrder) -> str:  # noqa: ARG002 - taken by the initialiser
        """Carry the loan to its end; the state it ends in."""
        while not self._saga.final:
            await self._stages[LoanState(self._saga.state)]()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.upsert_search_attributes([STATUS.value_set(self._saga.state)])
        return self._saga.state

    @workflow.signal(name=REPORTED)
    def reported(self, report: ProviderReport) -> None:
        """Evidence; a payment M-Pesa took back after we believed it is remembered as such."""
        super().reported(report)
        payout = instruction_id(self._saga.ref.id, PAYOUT, self._run.known.payout)
        ours = report.attempt_id == payout and report.reading.reason is Reason.REVERSED
        if ours and self._saga.state in PAID_STATES:
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
        await workflow.wait_condition(lambda: decision not in self._run.decisions)
        return self._saga.story()

    @decide_posting.validator
    def _may_decide(self, decision: PostingDecision) -> None:
        refused = against_posting(decision, self._saga.state)
        if refused:
            raise ApplicationError(refused, type="Refused", non_retryable=True)

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the run's own, in one place
        return self._run.out
