"""A refund that is a payout waits for a second person first."""

from models.approval import ApprovalLook, ApprovalStanding
from models.refund import RefundState
from models.refund_order import RefundPlan
from workflows.approval_wait import ApprovalWait
from workflows.refund_wishes import Wishes
from workflows.saga import Change, Saga

_WHY = {
    ApprovalStanding.REJECTED: "rejected",
    ApprovalStanding.EXPIRED: "approval_expired",
}


class Allowing:
    """The stage requires_approval. The approval's row decides."""

    def __init__(self, plan: RefundPlan, saga: Saga, wishes: Wishes) -> None:
        self._saga = saga
        self._wishes = wishes
        self.waiting = ApprovalWait(plan.saga, plan.approval) if plan.approval else None

    async def wait(self) -> None:
        """Go on when it is allowed; end when it is not, or given up."""
        if self.waiting is None:
            raise RuntimeError("nobody was asked to allow this refund")
        look = await self.waiting.decided(lambda: self._wishes.given_up_by is not None)
        if look is None:
            await self._end("given up", self._wishes.given_up_by or "kauri")
        elif look.standing is ApprovalStanding.APPROVED:
            await self._allowed(look)
        else:
            await self._end(_WHY[look.standing], look.checker or "kauri", look.reason)

    async def _allowed(self, look: ApprovalLook) -> None:
        actor, reason = look.checker or "kauri", look.reason
        await self._saga.write(Change(to=RefundState.CREATED, actor=actor, reason=reason))

    async def _end(self, failure: str, actor: str, reason: str | None = None) -> None:
        await self._saga.write(
            Change(
                to=RefundState.CANCELED,
                actor=actor,
                reason=reason or failure,
                shows={"failure": failure},
                events=("refund.canceled",),
            )
        )
