"""The stages of a clearing move before it is away: allowed by a second person, then sent once."""

import contextlib
from datetime import timedelta
from typing import Any

from temporalio import workflow

from activities.approvals import Approvals
from activities.fence import Intent
from activities.float_buying import FloatBuying, TransferOrder
from activities.float_gates import FloatGates
from activities.float_watching import FloatWatching
from models.approval import ApprovalLook, ApprovalStanding
from models.clearing import ClearingState
from models.float_calls import StatementLook
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd
from models.float_order import TRANSFER_TERMS
from models.places import Capital
from models.reading import ProviderReport, Verdict
from workflows.clearing_run import ClearingRun
from workflows.float_run import why
from workflows.float_transfers import by_other_than_callback
from workflows.leg import Leg
from workflows.leg_plan import Call, Plan
from workflows.policies import ASKS, MOVES_MONEY, WRITES, ordinary
from workflows.saga import Change

#: A clock that is behind the database's is asked again after this long.
_AGAIN = timedelta(seconds=1)


class Sending:
    """Nothing is reserved before somebody else allowed it. The approval's row decides."""

    def __init__(self, run: ClearingRun) -> None:
        self._run = run
        self.requests: list[dict[str, Any]] = []

    async def allowed(self) -> None:
        """Until somebody says something, or nobody may any more."""
        left = max(self._run.order.expires_at - workflow.now(), timedelta(0)) or _AGAIN
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(lambda: bool(self.requests), timeout=left)
        self.requests.clear()
        look: ApprovalLook = await workflow.execute_activity_method(
            Approvals.look,
            self._run.order.saga,
            **ordinary(WRITES, "see what the second person says"),
        )
        await self._decided(look)

    async def depart(self) -> None:
        """Reserve it, send it, and let go of what was reserved once it is booked."""
        run, order = self._run, self._run.order
        if not await self._reserved():
            await run.saga.write(run.rejected("the float is too small for it"))
        elif order.to_account is None:
            change = Change(to=ClearingState.SENT, posting=run.left())
            await run.saga.write(change)
        else:
            await self._carried(order.to_account)
        await self._release()

    async def _decided(self, look: ApprovalLook) -> None:
        run = self._run
        if look.standing is ApprovalStanding.APPROVED:
            change = Change(
                to=ClearingState.APPROVED,
                actor=look.checker or "kauri",
                reason=look.reason,
                shows={"approved_by": look.checker},
                events=("clearing_move.approved",),
            )
            await run.saga.write(change)
        elif look.standing is ApprovalStanding.REJECTED:
            no = look.reason or "rejected"
            await run.saga.write(run.rejected(no, actor=look.checker or "kauri"))
        elif look.standing is ApprovalStanding.EXPIRED:
            await run.saga.write(run.rejected("approval_expired"))

    async def _carried(self, to_account: str) -> None:
        run = self._run
        leg = Leg(run.saga, run.ears, self._plan(to_account), run.order.wait_scale)
        run.out = run.instruct.id
        report = await leg.carry()
        run.out = None
        if report is None:
            return
        ended = Change(instruct=leg.ending(report), evidence=(report,))
        if report.verdict is not Verdict.SETTLED:
            await run.saga.end(run.rejected(why(report), ended))
            return
        change = Change(
            to=ClearingState.SENT,
            instruct=ended.instruct,
            evidence=(report,),
            posting=run.left(),
            needs_review=False,
            closes="sent",
        )
        await run.saga.end(change)

    def _plan(self, to_account: str) -> Plan:
        order, told = self._run.order, self._run.instruct

        def send(sends: int) -> Call:
            transfer = TransferOrder(
                intent=self._intent(sends),
                account=order.origin.account,
                to_account=to_account,
                narration=order.reference,
            )
            summary = f"transfer {order.amount} within the bank"
            return workflow.start_activity_method(
                FloatBuying.transfer, transfer, **ordinary(MOVES_MONEY, summary)
            )

        def ask() -> Call:
            look = StatementLook(
                saga=order.saga,
                instruction_id=told.id,
                our_reference=told.our_reference,
                account=order.origin.account,
                amount=order.amount,
            )
            return workflow.start_activity_method(
                FloatWatching.trace, look, **ordinary(ASKS, "look for it on the statement")
            )

        return Plan(
            instruct=told,
            terms=TRANSFER_TERMS,
            sending=ClearingState.SENT,
            unknown=ClearingState.UNKNOWN,
            send=send,
            ask=ask,
            convinces=self._convinces,
        )

    def _convinces(self, report: ProviderReport) -> bool:
        """A callback about the transfer is proven by the statement; its arrival proves itself."""
        arrived = any(one.evidence_id == report.evidence_id for one in self._run.arrivals)
        return arrived or by_other_than_callback(report)

    def _intent(self, sends: int) -> Intent:
        run, told = self._run, self._run.instruct
        return Intent(
            saga=run.order.saga,
            instruction_id=told.id,
            rail=told.rail,
            number=told.number,
            our_reference=told.our_reference,
            believes=run.saga.state,
            sending=ClearingState.SENT,
            amount=told.amount,
            sends=sends,
        )

    async def _reserved(self) -> bool:
        order = self._run.order
        if isinstance(order.origin, Capital):
            return True
        ask = FloatAsk(id=order.saga.id, saga=order.saga, place=order.origin, amount=order.amount)
        answer: FloatAnswer = await workflow.execute_activity_method(
            FloatGates.reserve, ask, **ordinary(WRITES, f"reserve {order.amount}")
        )
        return answer.granted

    async def _release(self) -> None:
        if isinstance(self._run.order.origin, Capital):
            return
        spent = self._run.saga.state == ClearingState.SENT
        end = FloatEnd(id=self._run.order.saga.id, saga=self._run.order.saga, spent=spent)
        await workflow.execute_activity_method(
            FloatGates.release, end, **ordinary(WRITES, "let go of what was reserved")
        )
