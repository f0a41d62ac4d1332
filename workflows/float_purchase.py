"""Float bought for a partner's short code: approved by a code, paid from its wallet."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.balances import BALANCES_TOLD, BalancesTold
from models.float_decisions import DECIDE, FloatDecision, against
from models.float_order import WORKFLOW, FloatOrder
from models.float_proof import balances_of
from models.float_purchase import FloatState
from models.saga import REQUESTED, SagaStory
from workflows.float_approval import Approval
from workflows.float_buying import Buying
from workflows.float_landing import Landing
from workflows.float_review import Review
from workflows.float_run import FloatRun
from workflows.float_transfers import Transfers
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class FloatPurchaseWorkflow(VaultWorkflow):
    """One purchase; its id is the saga's."""

    @workflow.init
    def __init__(self, order: FloatOrder) -> None:
        self._run = FloatRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        self._approval = Approval(self._run)
        transfers, landing = Transfers(self._run), Landing(self._run)
        buying, review = Buying(self._run), Review(self._run, landing)
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
            FloatState.CREDITED: landing.settle,
            FloatState.MOVING: landing.settle,
            FloatState.MOVE_UNKNOWN: landing.settle,
            FloatState.IN_WORKING: review.wait,
            FloatState.NOT_SEEN: review.wait,
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
        """Two people decide what becomes of money that bought nothing, or float out of place."""
        self._run.decisions.append(decision)
        await workflow.wait_condition(
            lambda: decision not in self._run.decisions or self._saga.final
        )
        return self._saga.story()

    @decide.validator
    def _may_decide(self, decision: FloatDecision) -> None:
        refused = against(decision, self._saga.state)
        if refused or self._run.decisions:
            why = refused or "another decision is being carried out"
            raise ApplicationError(why, type="Refused", non_retryable=True)

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the run's own, in one place
        return self._run.out
