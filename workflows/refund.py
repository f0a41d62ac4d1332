"""A refund: allowed, set aside, given back once, and asked about until somebody knows."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError

from models.approval import APPROVAL
from models.rail_health import RAIL_FREED
from models.refund import RefundState
from models.refund_order import REFUND_ENDED, WORKFLOW, RefundEnded, RefundPlan, first_state
from models.saga import REQUESTED
from workflows.leg_plan import Ears
from workflows.refund_allowing import Allowing
from workflows.refund_funding import Funding
from workflows.refund_giving import Giving
from workflows.refund_wishes import Wishes
from workflows.saga import Saga
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class RefundWorkflow(VaultWorkflow):
    """One refund; its id is the saga's."""

    @workflow.init
    def __init__(self, plan: RefundPlan) -> None:
        self._plan = plan
        self._saga = Saga(plan.saga, first_state(plan), f"refund of {plan.amount}")
        self._ears = Ears()
        self._wishes = Wishes()
        self._allowing = Allowing(plan, self._saga, self._wishes)
        self._giving = Giving(plan, self._saga, self._ears, self._wishes)
        funding = Funding(plan, self._saga, self._wishes)
        self._stages = {
            RefundState.REQUIRES_APPROVAL: self._allowing.wait,
            RefundState.CREATED: funding.set_aside,
            RefundState.WAITING_FUNDS: funding.set_aside,
            RefundState.PENDING: self._giving.give,
            RefundState.PROCESSING: self._giving.give,
            RefundState.UNKNOWN: self._giving.give,
        }

    @workflow.run
    async def run(self, plan: RefundPlan) -> str:
        """Carry the refund to its end; the state it ends in."""
        while not self._saga.final:
            await self._stages[RefundState(self._saga.state)]()
        await self._giving.conclude()
        if plan.waiter is not None:
            await self._tell(plan.waiter)
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=REQUESTED)
    def requested(self, message: dict[str, Any]) -> None:
        """It is to be given up, somebody decided, or money has come."""
        self._wishes.hear(message)
        if self._allowing.waiting is not None and APPROVAL in message:
            self._allowing.waiting.told = True

    @workflow.signal(name=RAIL_FREED)
    def rail_freed(self, _waited_as: str) -> None:
        """Its turn has come on a rail that was down."""
        self._wishes.awake = True

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the stage's own, in one place
        return self._giving.out

    async def _tell(self, waiter: str) -> None:
        """Whoever waits for it looks by itself now and then: a lost word costs time only."""
        ended = RefundEnded(
            refund_id=self._saga.ref.id, status=self._saga.state, amount=self._plan.amount
        )
        try:
            await workflow.get_external_workflow_handle(waiter).signal(REFUND_ENDED, ended)
        except FailureError:
            workflow.logger.info("nobody waits for %s any more", self._saga.ref.id)
