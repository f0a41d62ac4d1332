"""The stages before money is set aside: the holder, the second person, the day."""

import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.sending import Holders
from models import approval
from models.approval import ApprovalLook, ApprovalStanding
from models.payout_calls import HolderLook
from models.payout_order import NameCheck, PayoutOrder
from models.payout_states import PayoutState
from workflows.approval_wait import ApprovalWait
from workflows.payout_run import PayoutRun
from workflows.policies import ASKS_NOW_AND_THEN, ASKS_QUICKLY, local, ordinary
from workflows.saga import Change


async def may_go(run: PayoutRun) -> bool:
    """Whether it may be held and sent now; False when it has ended."""
    if not await _holder_is_right(run):
        return False
    if run.saga.state == PayoutState.REQUIRES_APPROVAL and not await _approved(run):
        return False
    return await _day_has_come(run)


async def _holder_is_right(run: PayoutRun) -> bool:
    """Ask who holds the wallet; whoever is not the one named stops it before any money."""
    order = run.order
    if order.name_check is NameCheck.OFF or not order.rail.names_holders:
        return True
    look = await _holder(order)
    refusal = _refusal(order.name_check, look)
    if refusal is not None:
        await run.fail(refusal)
        return False
    asks = look.matches is False and order.name_check is NameCheck.ASK
    opens = asks and run.saga.state != PayoutState.REQUIRES_APPROVAL
    if opens:
        life = order.approval_life * order.wait_scale
        terms = approval.terms(order.maker, workflow.now(), life=life)
        run.approval = ApprovalWait(order.saga, terms)
    shows = {"holder_active": look.active, "holder_matches": look.matches}
    to = PayoutState.REQUIRES_APPROVAL if opens else None
    reason = "the holder has another name" if opens else None
    if look != HolderLook():
        await run.saga.write(Change(to=to, shows=shows, reason=reason))
    if opens and run.approval is not None:
        await run.approval.ask()
    return True


async def _holder(order: PayoutOrder) -> HolderLook:
    """Ask at once, beside the other steps; out of time, a few times more.

    Where the question itself is lost, nothing is known, and that stops nothing.
    """
    summary = "ask who holds the wallet"
    with contextlib.suppress(FailureError):
        return await workflow.execute_local_activity_method(
            Holders.holder, order, **local(ASKS_QUICKLY, summary)
        )
    with contextlib.suppress(FailureError):
        return await workflow.execute_activity_method(
            Holders.holder, order, **ordinary(ASKS_NOW_AND_THEN, summary)
        )
    return HolderLook()


def _refusal(check: NameCheck, look: HolderLook) -> str | None:
    if look.active is False:
        return "payee_not_active"
    if look.within_limits is False:
        return "payee_limit_exceeded"
    if look.matches is False and check is NameCheck.REFUSE:
        return "name_mismatch"
    return None


async def _approved(run: PayoutRun) -> bool:
    """Wait for the second person; False when it ended instead."""
    if run.approval is None:
        raise RuntimeError("what requires approval says until when")
    look = await run.approval.decided(run.canceling)
    if look is None:
        await run.cancel("canceled", run.canceled_by or "kauri")
        return False
    if look.standing is not ApprovalStanding.APPROVED:
        await _turned_down(run, look)
        return False
    if run.order.scheduled_at is not None and run.order.scheduled_at > workflow.now():
        to = PayoutState.SCHEDULED
        await run.saga.write(Change(to=to, actor=look.checker or "kauri", reason=look.reason))
    return True


async def _turned_down(run: PayoutRun, look: ApprovalLook) -> None:
    rejected = look.standing is ApprovalStanding.REJECTED
    why = "approval_rejected" if rejected else "approval_expired"
    await run.cancel(why, look.checker or "kauri")


async def _day_has_come(run: PayoutRun) -> bool:
    """Wait for the moment it was put off to; False when it was taken back meanwhile."""
    due = run.order.scheduled_at
    left = due - workflow.now() if due else timedelta(0)
    if left > timedelta(0):
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(run.canceling, timeout=left)
    if run.canceling():
        await run.cancel("canceled", run.canceled_by or "kauri")
        return False
    return True
