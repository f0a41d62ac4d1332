"""Endings of a payout: what `record` writes and replay reads."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle

from models.approval import ApprovalStanding
from models.checkout import OperatorResolution
from models.float_gate import FLOAT_CAME, Gate
from models.payout_calls import HolderLook
from models.payout_order import NameCheck
from models.reading import Reading, Reason, Verdict
from models.saga import RESOLVE
from tests.workflows.harness import TERMS
from tests.workflows.payout_harness import (
    AMOUNT,
    EMPTY,
    LOST,
    PAID,
    REFUSED,
    TAKEN,
    Saga,
    a_payout,
    a_rail,
    a_terms,
    to_bank,
)
from tests.workflows.waiting import until

Script = Callable[[Saga], Awaitable[None]]
_PATIENT = replace(TERMS, patience=60.0, ask_every=(60.0,), prompt_lifetime=600.0)
_BOUNCED = Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED, amount=AMOUNT, receipt="BACK")
_BUSY = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.RATE_LIMITED)
_OTHER = HolderLook(active=True, named=True, matches=False)


@dataclass(frozen=True, kw_only=True)
class PayoutEnding:
    """How one goes. `order`: what its order has else; `prepared` before it starts."""

    ends: str
    order: Callable[[], Mapping[str, Any]] = dict
    prepared: Callable[[Saga], None] = field(default=lambda _saga: None)
    played: Script | None = None


def _short(saga: Saga) -> None:
    saga.sagas.shorts = 1


def _answers(*answers: Reading, told: tuple[Reading, ...] = (PAID,)) -> Callable[[Saga], None]:
    def prepared(saga: Saga) -> None:
        saga.wallet.answers, saga.wallet.told = list(answers), list(told)

    return prepared


def _gates(*gates: Gate) -> Callable[[Saga], None]:
    def prepared(saga: Saga) -> None:
        saga.ground.gates = list(gates)

    return prepared


def _down(saga: Saga) -> None:
    saga.ground.turns = [False]


def _holder(look: HolderLook) -> Callable[[Saga], None]:
    def prepared(saga: Saga) -> None:
        saga.ground.holder_look = look

    return prepared


def _told_late(saga: Saga) -> None:
    saga.ground.holder_silences = 1


def _bounces(saga: Saga) -> None:
    saga.bank.told = [PAID, _BOUNCED]


def _taken_elsewhere(saga: Saga) -> None:
    saga.sagas.taken = "payout_paid"


async def _called_back(saga: Saga) -> None:
    await saga.wallet.sending.wait()
    await saga.says(PAID)


async def _paid_after_all(saga: Saga) -> None:
    """The first is said to have paid while the second rests; nobody signed it."""
    await until(lambda: saga.spent == [False], lambda: "it was not refused")
    await saga.says(PAID, hint=True)


async def _denied(saga: Saga) -> None:
    await _paid_after_all(saga)
    await until(lambda: saga.sagas.states[-1] == "queued" and bool(saga.wallet.asked),
                lambda: "it does not wait again")  # fmt: skip
    await saga.requests(cancel=True)


async def _decided(saga: Saga) -> None:
    await saga.sagas.cased.wait()
    await saga.reaches("unknown")
    saga.sagas.taken = None
    decided = OperatorResolution(
        outcome="succeeded", actor="ann", approver="bob", reason="statement", evidence="S-1",
        receipt="R9",
    )  # fmt: skip
    await saga.updates(RESOLVE, decided)


async def _given_up(saga: Saga) -> None:
    await saga.sagas.cased.wait()
    decided = OperatorResolution(
        outcome="failed", actor="ann", approver="bob", reason="called", evidence="T-1"
    )
    await saga.updates(RESOLVE, decided)


async def _float_comes(saga: Saga) -> None:
    await saga.waits_for("float")
    await saga.requests(why=FLOAT_CAME)


async def _taken_back_in_the_queue(saga: Saga) -> None:
    await saga.waits_for("provider_down")
    await saga.requests(cancel=True)


async def _taken_back(saga: Saga) -> None:
    await saga.requests(cancel=True)


async def _approved(saga: Saga) -> None:
    await saga.approves()


async def _rejected(saga: Saga) -> None:
    await saga.approves(ApprovalStanding.REJECTED)


async def _expired(saga: Saga) -> None:
    await until(lambda: bool(saga.ground.escalations), lambda: "nobody was reminded")
    await saga.approves(ApprovalStanding.EXPIRED)


async def _asked_and_approved(saga: Saga) -> None:
    await saga.reaches("requires_approval")
    await saga.approves()


def _waits() -> Mapping[str, Any]:
    return {"approval": a_terms()}


def _later() -> Mapping[str, Any]:
    return {"scheduled_at": datetime.now(UTC) + timedelta(seconds=1)}


_E = PayoutEnding
PAYOUT_ENDINGS: dict[str, PayoutEnding] = {
    "paid": _E(ends="paid"),
    "paid_by_callback": _E(
        ends="paid",
        order=lambda: {"rail": a_rail(_PATIENT)},
        prepared=_answers(TAKEN),
        played=_called_back,
    ),
    "paid_after_a_lost_answer": _E(ends="paid", prepared=_answers(LOST)),
    "paid_when_sent_again": _E(ends="paid", prepared=_answers(_BUSY, PAID)),
    "paid_by_a_second_instruction": _E(
        ends="paid", order=lambda: {"wait_scale": 0.001}, prepared=_answers(EMPTY, PAID)
    ),
    "paid_although_believed_refused": _E(
        ends="paid", prepared=_answers(EMPTY, PAID), played=_paid_after_all
    ),
    "canceled_when_what_was_hinted_was_denied": _E(
        ends="canceled", prepared=_answers(EMPTY, PAID, told=(EMPTY,)), played=_denied
    ),
    "paid_when_float_came": _E(
        ends="paid", prepared=_gates(Gate.SHORT, Gate.GRANTED), played=_float_comes
    ),
    "paid_when_approved": _E(ends="paid", order=_waits, played=_approved),
    "paid_when_the_name_was_approved": _E(
        ends="paid",
        order=lambda: {"name_check": NameCheck.ASK},
        prepared=_holder(_OTHER),
        played=_asked_and_approved,
    ),
    "paid_when_the_holder_was_told_late": _E(ends="paid", prepared=_told_late),
    "paid_on_its_day": _E(ends="paid", order=_later),
    "paid_by_two_people": _E(ends="paid", prepared=_taken_elsewhere, played=_decided),
    "paid_by_bank": _E(ends="paid", order=to_bank),
    "returned_by_bank": _E(ends="returned", order=to_bank, prepared=_bounces),
    "failed_insufficient": _E(ends="failed", prepared=_short),
    "failed_refused": _E(ends="failed", prepared=_answers(REFUSED)),
    "failed_by_two_people": _E(
        ends="failed",
        order=lambda: {"rail": a_rail(replace(TERMS, horizon=0.5))},
        prepared=_answers(LOST, told=(LOST,)),
        played=_given_up,
    ),
    "failed_another_name": _E(
        ends="failed",
        order=lambda: {"name_check": NameCheck.REFUSE},
        prepared=_holder(_OTHER),
    ),
    "canceled_in_the_queue": _E(ends="canceled", prepared=_down, played=_taken_back_in_the_queue),
    "canceled_before_its_day": _E(
        ends="canceled",
        order=lambda: {"scheduled_at": datetime.now(UTC) + timedelta(hours=1)},
        played=_taken_back,
    ),
    "canceled_while_it_waited": _E(ends="canceled", order=_waits, played=_taken_back),
    "canceled_rejected": _E(ends="canceled", order=_waits, played=_rejected),
    "canceled_not_approved_in_time": _E(
        ends="canceled", order=lambda: {"approval": a_terms(0.4)}, played=_expired
    ),
}


async def play_payout(client: Client, ending: PayoutEnding) -> WorkflowHandle[Any, str]:
    """Run one to its end. Raises AssertionError when it ends otherwise."""
    async with a_payout(client, **ending.order()) as saga:
        ending.prepared(saga)
        await saga.start()
        if ending.played is not None:
            await ending.played(saga)
        ended = await saga.ends()
        assert ended == ending.ends, f"ended {ended}, not {ending.ends}"
        return saga.handle


def _of(ending: PayoutEnding) -> Callable[[Client], Awaitable[WorkflowHandle[Any, str]]]:
    async def play(client: Client) -> WorkflowHandle[Any, str]:
        return await play_payout(client, ending)

    return play


PAYOUT_PLAYS = {f"payout-{name}": _of(ending) for name, ending in PAYOUT_ENDINGS.items()}
