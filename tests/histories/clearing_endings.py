"""Endings of a clearing move: what the tests expect of each, `record` writes and replay reads."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models.approval import ApprovalStanding
from models.checkout import OperatorResolution
from models.clearing_move import ClearingOrder, ClearingWord
from models.float_gate import Gate
from models.ids import EVIDENCE, instruction_id, mint
from models.money import Money
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import REPORTED, RESOLVE, SagaStory
from providers.contract import Ambiguous
from runtime import updates
from runtime.sandbox import workflow_runner
from tests.workflows.clearing_harness import AMOUNT, Mover, a_move, an_order, through_the_bank
from tests.workflows.float_fakes import DONE, NOT_YET, REFUSED, SHOWN, SHUT
from workflows.treasury_upkeep import (
    REPORT,
    WATCH,
    CoverageReportWorkflow,
    FloatWatchWorkflow,
)

Script = Callable[[Mover], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class ClearingEnding:
    """How one goes. `prepared` before it starts, `played` once it runs."""

    ends: str
    postings: tuple[str, ...] = ()
    sends: int = 0
    spent: tuple[bool, ...] = ()
    order: Callable[[], ClearingOrder] = an_order
    prepared: Callable[[Mover], None] = field(default=lambda _move: None)
    played: Script | None = None


async def _seen_by_people(move: Mover) -> None:
    await move.booked("clearing_sent")
    await move.concludes(ClearingWord.ARRIVED)


async def _short(move: Mover) -> None:
    await move.booked("clearing_sent")
    await move.concludes(ClearingWord.ARRIVED, amount=Money(AMOUNT.minor - 30_000, "KES"))


async def _came_back(move: Mover) -> None:
    await move.booked("clearing_sent")
    await move.concludes(ClearingWord.RETURNED)


async def _told_by_the_bank(move: Mover) -> None:
    await move.booked("clearing_sent")
    await move.told(AMOUNT)


async def _told_while_unknown(move: Mover) -> None:
    await move.reaches("unknown")
    await move.told(AMOUNT)


async def _too_much_then_seen(move: Mover) -> None:
    await move.booked("clearing_sent")
    await move.told(Money(AMOUNT.minor + 1, "KES"))
    await move.booked("credit_suspended")
    await move.concludes(ClearingWord.ARRIVED)


async def _late_then_seen(move: Mover) -> None:
    await move.sagas.cased.wait()
    await move.concludes(ClearingWord.ARRIVED)


async def _resolved(move: Mover) -> None:
    await move.reaches("unknown")
    word = OperatorResolution(
        actor="op.amina", approver="op.brian", reason="seen at the bank", evidence="line 7",
        outcome="succeeded", receipt="FT12",
    )  # fmt: skip
    await updates.execute(move.handle, RESOLVE, word, result_type=SagaStory)
    await move.booked("clearing_sent")
    await move.told(AMOUNT)


async def _called_back_first(move: Mover) -> None:
    """What the bank calls back about a transfer is kept; the statement proves it."""
    await move.reaches("unknown")
    told = ProviderReport(
        attempt_id=instruction_id(move.order.saga.id, "ncba_clearing", 1),
        source=Source.CALLBACK,
        reading=Reading(verdict=Verdict.SETTLED),
        evidence_id=mint(EVIDENCE),
    )
    await move.handle.signal(REPORTED, told)
    await move.booked("clearing_sent")
    await move.told(AMOUNT)


def _scripted(*transfers: Any, traces: tuple[Any, ...] = (NOT_YET,)) -> Callable[[Mover], None]:
    def prepare(move: Mover) -> None:
        move.bank.transfers = list(transfers)
        move.watch.traces = list(traces)

    return prepare


def _nobody(standing: ApprovalStanding) -> Callable[[Mover], None]:
    def prepare(move: Mover) -> None:
        move.looks.standing = standing

    return prepare


def _small(move: Mover) -> None:
    move.gate.gate = Gate.SHORT


def _watched(move: Mover) -> None:
    move.looks.shown = AMOUNT


def _watched_order() -> ClearingOrder:
    return through_the_bank(watched=True)


def _soon_late() -> ClearingOrder:
    return an_order(overdue=1.0)


_LOST = Ambiguous("the line broke")
_ALL = ("clearing_sent", "clearing_arrived")

CLEARING_ENDINGS: dict[str, ClearingEnding] = {
    "by_hand_and_seen_by_people": ClearingEnding(
        ends="arrived", postings=_ALL, spent=(True,), played=_seen_by_people
    ),
    "by_hand_and_short": ClearingEnding(
        ends="arrived", postings=_ALL, spent=(True,), played=_short
    ),
    "by_hand_and_come_back": ClearingEnding(
        ends="returned",
        postings=("clearing_sent", "clearing_returned"),
        spent=(True,),
        played=_came_back,
    ),
    "late_then_seen": ClearingEnding(
        ends="arrived", postings=_ALL, spent=(True,), order=_soon_late, played=_late_then_seen
    ),
    "more_than_was_sent_is_held": ClearingEnding(
        ends="arrived",
        postings=("clearing_sent", "credit_suspended", "clearing_arrived"),
        spent=(True,),
        played=_too_much_then_seen,
    ),
    "through_the_bank_and_told": ClearingEnding(
        ends="arrived", postings=_ALL, sends=1, spent=(True,), order=through_the_bank,
        prepared=_scripted(DONE), played=_told_by_the_bank,
    ),
    "through_the_bank_and_on_the_statement": ClearingEnding(
        ends="arrived", postings=_ALL, sends=1, spent=(True,), order=_watched_order,
        prepared=_watched,
    ),
    "answer_lost_and_found_on_the_statement": ClearingEnding(
        ends="arrived", postings=_ALL, sends=1, spent=(True,), order=through_the_bank,
        prepared=_scripted(_LOST, traces=(NOT_YET, SHOWN)), played=_told_by_the_bank,
    ),
    "answer_lost_and_arrived": ClearingEnding(
        ends="arrived", postings=_ALL, sends=1, spent=(True,), order=through_the_bank,
        prepared=_scripted(_LOST), played=_told_while_unknown,
    ),
    "called_back_and_proven": ClearingEnding(
        ends="arrived", postings=_ALL, sends=1, spent=(True,), order=through_the_bank,
        prepared=_scripted(_LOST, traces=(NOT_YET, NOT_YET, SHOWN)), played=_called_back_first,
    ),
    "resolved_by_people": ClearingEnding(
        ends="arrived", postings=_ALL, sends=1, spent=(True,), order=through_the_bank,
        prepared=_scripted(_LOST), played=_resolved,
    ),
    "never_left": ClearingEnding(
        ends="rejected", sends=4, spent=(False,), order=through_the_bank, prepared=_scripted(SHUT)
    ),
    "refused_by_the_bank": ClearingEnding(
        ends="rejected", sends=1, spent=(False,), order=through_the_bank,
        prepared=_scripted(REFUSED),
    ),
    "float_too_small": ClearingEnding(ends="rejected", spent=(False,), prepared=_small),
    "rejected_by_the_second_person": ClearingEnding(
        ends="rejected", prepared=_nobody(ApprovalStanding.REJECTED)
    ),
    "allowed_by_nobody": ClearingEnding(
        ends="rejected", prepared=_nobody(ApprovalStanding.EXPIRED)
    ),
}  # fmt: skip


async def play(move: Mover, ending: ClearingEnding) -> str:
    """From the second person's word to the end."""
    ending.prepared(move)
    await move.start()
    await move.decided()
    if ending.played is not None:
        await ending.played(move)
    return await move.ends()


def _recorded(ending: ClearingEnding) -> Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]:
    async def recorded(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_move(client, ending.order()) as move:
            await play(move, ending)
            return move.handle

    return recorded


CLEARING_PLAYS = {
    f"clearing-move-{name}": _recorded(ending) for name, ending in CLEARING_ENDINGS.items()
}


class _House:
    """The small workflows' activities, answering a number."""

    @activity.defn(name="floats.watch")
    async def watch(self) -> int:
        return 3

    @activity.defn(name="coverage.report")
    async def report(self) -> int:
        return 0


def _upkeep(name: str) -> Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]:
    async def recorded(client: Client) -> WorkflowHandle[Any, Any]:
        house, queue = _House(), f"record-{uuid.uuid4()}"
        async with Worker(
            client,
            task_queue=queue,
            workflows=[FloatWatchWorkflow, CoverageReportWorkflow],
            activities=[house.watch, house.report],
            workflow_runner=workflow_runner(),
        ):
            handle = await client.start_workflow(name, id=str(uuid.uuid4()), task_queue=queue)
            await handle.result()
            return handle

    return recorded


CLEARING_PLAYS |= {f"{name}-done": _upkeep(name) for name in (WATCH, REPORT)}
