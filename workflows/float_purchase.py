"""Float bought for a partner's short code: approved by a code, paid from its wallet."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.balances import BALANCES_TOLD, BalancesTold
from models.float_order import DECIDE, WORKFLOW, FloatDecision, FloatOrder
from models.float_proof import balances_of
from models.float_purchase import FloatState
from models.late import contradicts
from models.reading import ProviderReport
from models.saga import REQUESTED, SagaCase, SagaStory
from workflows.float_approval import Approval
from workflows.float_buying import Buying
from workflows.float_run import OPENED, FloatRun
from workflows.float_transfers import Transfers
from workflows.saga import Change
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class FloatPurchaseWorkflow(VaultWorkflow):
    """One purchase; its id is the saga's."""

    @workflow.init
    def __init__(self, order: FloatOrder) -> None:
        self._run = FloatRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        self._approval = Approval(self._run)
        transfers, buying = Transfers(self._run), Buying(self._run)
        self._stages = {
            FloatState.OTP_PENDING: self._approval.wait,
            FloatState.HELD: transfers.begin,
            FloatState.TRANSFERRING: transfers.transfer,
            FloatState.TRANSFER_UNKNOWN: transfers.transfer,
            FloatState.PURCHASING: buying.buy,
            FloatState.PURCHASE_UNKNOWN: buying.buy,
            FloatState.FLOAT_REFUSED: transfers.refused,
            FloatState.RETURNING: transfers.send_back,
            FloatState.RETURN_UNKNOWN: transfers.send_back,
            FloatState.CREDITED: buying.settle,
            FloatState.MOVING: buying.settle,
            FloatState.MOVE_UNKNOWN: buying.settle,
        }

    @workflow.run
    async def run(self, order: FloatOrder) -> str:  # noqa: ARG002 - taken by the initialiser
        """Carry the purchase to its end; the state it ends in."""
        while not self._saga.final:
            await self._stages[FloatState(self._saga.state)]()
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=REQUESTED)
    def requested(self, message: dict[str, Any]) -> None:
        """What somebody did with the code: right, guessed away, or the purchase is canceled."""
        self._approval.requests.append(message)

    @workflow.signal(name=BALANCES_TOLD)
    def balances_told(self, told: BalancesTold) -> None:
        """What the short code holds."""
        self._run.now = balances_of(told, workflow.now()) or self._run.now

    @workflow.update(name=DECIDE)
    async def decide(self, decision: FloatDecision) -> SagaStory:
        """Two people decide what becomes of money that was transferred and bought nothing."""
        self._run.decisions.append(decision)
        await workflow.wait_condition(lambda: decision not in self._run.decisions)
        return self._saga.story()

    @decide.validator
    def _may_decide(self, decision: FloatDecision) -> None:
        two = decision.actor and decision.approver and decision.actor != decision.approver
        waits = self._saga.state == FloatState.FLOAT_REFUSED and not self._run.decisions
        if not (two and decision.reason and waits):
            refused = f"two people and a reason; the purchase is {self._saga.state}"
            raise ApplicationError(refused, type="Refused", non_retryable=True)

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the run's own, in one place
        return self._run.out

    async def _leave_nothing(self) -> None:
        """What came while the last step was written is kept before the run ends."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        while self._ears.heard:
            report = self._ears.heard.pop(0)
            await self._saga.write(self._late(report))

    def _late(self, report: ProviderReport) -> Change:
        stands = self._saga.instruction
        if stands is None or not contradicts(stands, report):
            return Change(evidence=(report,))
        case = SagaCase(kind="contradiction", cause=report.attempt_id)
        return Change(evidence=(report,), case=case, events=(OPENED,), needs_review=True)
