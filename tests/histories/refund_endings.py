"""Endings of a refund: what `record` writes and replay reads."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from temporalio.client import Client, WorkflowHandle

from models import ids
from models.approval import ApprovalLook, ApprovalStanding
from models.checkout import OperatorResolution
from models.float_gate import FLOAT_CAME, Gate
from models.reading import Reading, Reason, Verdict
from models.refund_order import FUNDS_CAME, RefundPlan, Way
from models.saga import RESOLVE
from tests.workflows.harness import NOT_FOUND, TERMS
from tests.workflows.refund_harness import (
    BACK,
    LOST,
    REFUSED,
    TAKEN,
    Saga,
    a_plan,
    a_refund,
    approval,
    of_a_case,
)

Recorded = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]
Script = Callable[[Saga], Awaitable[None]]
_SHORT_HORIZON = replace(TERMS, horizon=0.5, prompt_lifetime=0.2)
_PATIENT = replace(TERMS, patience=60.0, ask_every=(60.0,), prompt_lifetime=600.0)
_MUTE = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
Makes = Callable[[], RefundPlan]


def _played(
    script: Script,
    makes: Makes = a_plan,
    *,
    answers: tuple[Reading, ...] = (BACK,),
    told: tuple[Reading, ...] = (BACK,),
    shorts: int = 0,
) -> Recorded:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_refund(client, makes()) as saga:
            saga.rail.answers, saga.rail.told = list(answers), list(told)
            saga.sagas.shorts = shorts
            await script(saga)
            await saga.ends()
            return saga.handle

    return play


def _payout() -> RefundPlan:
    return a_plan(Way.PAYOUT, approval=approval())


def _patient() -> RefundPlan:
    return a_plan(terms=_PATIENT)


def _awaited() -> RefundPlan:
    return a_plan(waiter=ids.mint(ids.ESCROW))


async def _started(saga: Saga) -> None:
    await saga.start()


async def _called_back(saga: Saga) -> None:
    await saga.start()
    await saga.reaches("processing")
    await saga.says(BACK)


async def _hinted(saga: Saga) -> None:
    await saga.start()
    await saga.reaches("processing")
    await saga.says(BACK, hint=True)


async def _funded(saga: Saga) -> None:
    await saga.start()
    await saga.reaches("waiting_funds")
    await saga.requests(why=FUNDS_CAME)


async def _given_up_waiting(saga: Saga) -> None:
    await saga.start()
    await saga.reaches("waiting_funds")
    await saga.requests(cancel=True)


async def _floated(saga: Saga) -> None:
    saga.ground.gates = [Gate.SHORT]
    await saga.start()
    await saga.asked_for_float()
    saga.ground.gates = [Gate.GRANTED]
    await saga.requests(why=FLOAT_CAME)


async def _given_up_before_it_left(saga: Saga) -> None:
    saga.ground.gates = [Gate.SHORT]
    await saga.start()
    await saga.asked_for_float()
    await saga.requests(cancel=True)


async def _rail_came_back(saga: Saga) -> None:
    saga.ground.turns = [False, True]
    await saga.start()


def _hasty() -> RefundPlan:
    return a_plan(wait_scale=0.001)


def _decided(standing: ApprovalStanding) -> Script:
    async def script(saga: Saga) -> None:
        await saga.start()
        await saga.decides(standing)

    return script


async def _never_decided(saga: Saga) -> None:
    saga.ground.decided = ApprovalLook(standing=ApprovalStanding.EXPIRED)
    await saga.start()


def _expiring() -> RefundPlan:
    return a_plan(Way.PAYOUT, approval=approval(life=0.2))


async def _given_up_before_it_was_allowed(saga: Saga) -> None:
    await saga.start()
    await saga.requests(cancel=True)


async def _people_say(saga: Saga) -> None:
    await saga.start()
    await saga.cased()
    await saga.updates(RESOLVE, _word("failed"))


async def _disputed(saga: Saga) -> None:
    saga.sagas.taken = "refund_paid"
    await saga.start()
    await saga.cased()
    saga.sagas.taken = None
    await saga.updates(RESOLVE, _word("succeeded"))


def _word(outcome: str) -> OperatorResolution:
    return OperatorResolution(
        actor="ann", approver="ben", reason="asked the provider", outcome=outcome,
        evidence="ticket 7", receipt="R9" if outcome == "succeeded" else None,
    )  # fmt: skip


#: By the name of their file.
REFUND_ENDINGS: dict[str, Recorded] = {
    "refund-given_back": _played(_started),
    "refund-given_back_and_told": _played(_started, _awaited),
    "refund-given_back_by_callback": _played(_called_back, _patient, answers=(TAKEN,)),
    "refund-hinted_and_denied": _played(_hinted, _patient, answers=(TAKEN,), told=(REFUSED,)),
    "refund-refused": _played(_started, answers=(REFUSED,)),
    "refund-given_back_after_a_lost_answer": _played(_started, answers=(LOST,), told=(LOST, BACK)),
    "refund-given_back_after_never_received": _played(
        _started, answers=(LOST, BACK), told=(NOT_FOUND,)
    ),
    "refund-resolved_by_people": _played(
        _people_say, lambda: a_plan(terms=_SHORT_HORIZON), answers=(LOST,), told=(_MUTE,)
    ),
    "refund-receipt_disputed": _played(_disputed),
    "refund-given_back_once_money_came": _played(_funded, shorts=1),
    "refund-given_up_while_short": _played(_given_up_waiting, shorts=9),
    "refund-given_back_once_float_came": _played(_floated),
    "refund-given_back_once_the_rail_carried": _played(_rail_came_back, _hasty),
    "refund-given_up_before_it_left": _played(_given_up_before_it_left),
    "refund-paid_out_once_allowed": _played(_decided(ApprovalStanding.APPROVED), _payout),
    "refund-rejected": _played(_decided(ApprovalStanding.REJECTED), _payout),
    "refund-allowed_by_nobody": _played(_never_decided, _expiring),
    "refund-money_of_a_case_given_back": _played(_started, of_a_case),
    "refund-money_of_a_case_refused": _played(_started, of_a_case, answers=(REFUSED,)),
    "refund-given_up_before_it_was_allowed": _played(_given_up_before_it_was_allowed, _payout),
}
