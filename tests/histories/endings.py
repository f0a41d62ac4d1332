"""Every ending of a checkout, played once against fakes: what `record` writes and replay reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from models.charge import Terms
from models.checkout import ASK, RESOLVE, CancelRequest, OperatorAsk, OperatorResolution
from models.lifecycle import AttemptState
from models.money import Money
from models.reading import Reading, Verdict
from providers.contract import Ambiguous, Unreachable
from tests.workflows.harness import (
    DECLINED,
    PAID,
    PENDING,
    TERMS,
    Saga,
    an_attempt,
    quick,
    soon,
)
from workflows.checkout import CheckoutWorkflow

Script = Callable[[Saga], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One way a checkout can go. `script` speaks for the outside world.

    `queued`: the rail is down when it begins.
    """

    prompts: list[Reading | Exception] = field(default_factory=lambda: [PENDING])
    answers: list[Reading | Exception] = field(default_factory=lambda: [PENDING])
    terms: Terms = TERMS
    expires_in: float = 300.0
    queued: bool = False
    not_found_until: int = 0
    script: Script


async def nothing(_saga: Saga) -> None:
    """The outside world stays silent."""


def says(*readings: Reading, hint: bool = False) -> Script:
    """The provider calls back once the payer was prompted."""

    async def script(saga: Saga) -> None:
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        for reading in readings:
            await saga.says(reading, hint=hint)

    return script


async def _callback_before_the_answer(saga: Saga) -> None:
    saga.provider.hold.clear()
    await saga.says(PAID)
    await saga.ends()
    saga.provider.hold.set()


async def _cancel_then_paid(saga: Saga) -> None:
    await saga.reaches(AttemptState.AWAITING_CUSTOMER)
    await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
    await saga.says(PAID)


async def _cancel_then_declined(saga: Saga) -> None:
    await saga.reaches(AttemptState.AWAITING_CUSTOMER)
    await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
    await saga.says(DECLINED)


async def _second_attempt_paid(saga: Saga) -> None:
    await saga.reaches(AttemptState.REJECTED)
    second = an_attempt(2)
    await saga.handle.signal(CheckoutWorkflow.attempt_requested, second)
    await saga.reaches(AttemptState.AWAITING_CUSTOMER)
    await saga.says(PAID, attempt=second.id)


async def _late_money_while_open(saga: Saga) -> None:
    await saga.reaches(AttemptState.AWAITING_CUSTOMER)
    await saga.says(DECLINED)
    await saga.reaches(AttemptState.FAILED)
    await saga.says(PAID)
    await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))


async def _operator_asks(saga: Saga) -> None:
    await saga.reaches(AttemptState.AWAITING_CUSTOMER)
    question = OperatorAsk(actor="op.amina", reason="payer calls")
    await saga.updates(ASK, question)


def _resolved(outcome: str) -> Script:
    async def script(saga: Saga) -> None:
        await saga.reaches(AttemptState.NEEDS_REVIEW)
        word = OperatorResolution(
            actor="op.amina",
            approver="op.brian",
            reason="statement line 7",
            evidence="statement of the day",
            outcome=outcome,
            receipt="R7",
        )
        await saga.updates(RESOLVE, word)

    return script


async def _mismatch_accepted(saga: Saga) -> None:
    short = Reading(verdict=Verdict.SETTLED, amount=Money(9_000, "KES"), receipt="R9")
    await saga.reaches(AttemptState.AWAITING_CUSTOMER)
    await saga.says(short)
    await _resolved("succeeded")(saga)


async def _waits_then_paid(saga: Saga) -> None:
    await saga.reaches(AttemptState.QUEUED)
    await saga.handle.signal(CheckoutWorkflow.rail_freed, saga.order.first.id)
    await says(PAID)(saga)


async def _waits_then_canceled(saga: Saga) -> None:
    await saga.reaches(AttemptState.QUEUED)
    await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))


_NEVER: list[Reading | Exception] = [Unreachable("refused"), PENDING]
_LOST: list[Reading | Exception] = [Ambiguous("read timeout")]
_ASKED_THRICE: list[Reading | Exception] = [PENDING, PENDING, PAID]
_REVIEW = quick(prompt_lifetime=0.3, horizon=0.6)

ENDINGS: dict[str, Ending] = {
    "paid_by_callback": Ending(script=says(PAID)),
    "paid_by_hint_confirmed": Ending(answers=[PAID], script=says(PAID, hint=True)),
    "paid_by_asking": Ending(answers=_ASKED_THRICE, terms=quick(), script=nothing),
    "paid_before_the_answer": Ending(script=_callback_before_the_answer),
    "paid_after_a_lost_answer": Ending(
        prompts=_LOST, answers=[PENDING, PAID], terms=quick(), script=nothing
    ),
    "paid_after_never_received": Ending(
        prompts=_NEVER, answers=[PAID], terms=quick(), script=nothing
    ),
    "paid_after_absence_was_proven": Ending(
        prompts=[Ambiguous("reset"), PENDING],
        answers=[PAID],
        terms=quick(settle_time=0.2),
        not_found_until=2,
        script=nothing,
    ),
    "paid_told_twice": Ending(script=says(PAID, PAID)),
    "paid_although_cancel_was_asked": Ending(script=_cancel_then_paid),
    "paid_when_an_operator_asks": Ending(
        answers=[PAID], terms=quick(patience=30.0), script=_operator_asks
    ),
    "paid_by_the_second_attempt": Ending(prompts=[DECLINED, PENDING], script=_second_attempt_paid),
    "declined_then_expired": Ending(prompts=[DECLINED], expires_in=1.0, script=nothing),
    "failed_then_expired": Ending(expires_in=2.0, script=says(DECLINED)),
    "failed_then_canceled": Ending(script=_cancel_then_declined),
    "given_up_after_resends": Ending(
        prompts=[Unreachable("down")], terms=quick(), expires_in=3.0, script=nothing
    ),
    "late_money_while_the_session_lives": Ending(script=_late_money_while_open),
    "resolved_succeeded": Ending(terms=_REVIEW, script=_resolved("succeeded")),
    "resolved_failed": Ending(terms=_REVIEW, expires_in=1.0, script=_resolved("failed")),
    "mismatch_accepted": Ending(script=_mismatch_accepted),
    "queued_then_paid": Ending(queued=True, script=_waits_then_paid),
    "queued_then_canceled": Ending(queued=True, script=_waits_then_canceled),
    "queued_then_expired": Ending(queued=True, expires_in=1.0, script=nothing),
}


async def play(saga: Saga, ending: Ending) -> None:
    """Run one ending to its end."""
    saga.provider.found_after_rings = ending.not_found_until
    first = replace(saga.order.first, queued=ending.queued)
    await saga.start(expires_at=soon(ending.expires_in), first=first)
    await ending.script(saga)
    await saga.ends()
