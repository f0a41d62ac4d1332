"""Every ending of a collection, played once against fakes: for `record` and for replay."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models.collection_confirmation import PaymentTold
from models.collection_decisions import AfterReversal, CollectionWord
from models.lending import Loan
from models.reading import Reading, Reason, Verdict
from models.repayment_hint import RepaymentHint
from providers.contract import Ambiguous, Unreachable
from runtime.sandbox import workflow_runner
from tests.workflows.collection_fakes import (
    World,
    a_reversal,
    a_world,
    an_order,
    came_by_callback,
    decided,
    posted_loan,
    told,
)
from tests.workflows.collection_lender import a_loan, a_savings
from tests.workflows.harness import DECLINED, PAID, SILENT, TERMS
from workflows.repayment_hint import RepaymentHintWorkflow

Play = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]
Script = Callable[[World], Awaitable[object]]

_DATE = Reading(verdict=Verdict.REFUSED, reason=Reason.DATE_REFUSED)
_LOCKED = Reading(verdict=Verdict.REFUSED, reason=Reason.LOCKED, retryable=True)
_WAITS = Reading(verdict=Verdict.PENDING, reason=Reason.PARKED)
_ELSEWHERE = Reading(
    verdict=Verdict.UNKNOWN, reason=Reason.DUPLICATE, provider_code="must.be.unique"
)
_W = CollectionWord


def _paid(account: str = "12", *, script: Script | None = None, **books: Any) -> Play:
    """Money by the menu. `books`: what the fake lender holds and says."""

    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_world(client) as world:
            for name, value in books.items():
                setattr(world.books, name, type(value)(value))
            await world.start(an_order(account))
            if script is not None:
                await script(world)
            await world.handle.result()
            return world.handle

    return play


def _in(state: str, word: CollectionWord, **changes: Any) -> Script:
    """Two people decide once the collection stands there."""

    async def script(world: World) -> None:
        await world.reaches(state)
        await world.decide(decided(word, **changes))

    return script


async def _to_suspense_and_left(world: World) -> None:
    await _in("posting_review", _W.TO_SUSPENSE)(world)
    await _in("suspense", _W.LEAVE)(world)


async def _approved(world: World) -> None:
    await world.reaches("posting_review")
    world.books.loans[12] = posted_loan()
    await world.asks()


def _rung(*answers: Reading, hint: bool | None = None, prompts: Reading | None = None) -> Play:
    """A phone rang. `hint`: whether the word that comes is unsigned; None, none comes."""

    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_world(client) as world:
            world.provider.answers = list(answers) or [PAID]
            if prompts is not None:
                world.provider.prompts = [prompts]
            patience = 20.0 if hint is not None else 0.1
            order = an_order(rings=True, prompt_terms=replace(TERMS, patience=patience))
            await world.start(order)
            if hint is not None:
                await world.provider.ringing.wait()
                await world.hears(came_by_callback(order, hint=hint))
            await world.handle.result()
            return world.handle

    return play


def _asked(
    *answers: PaymentTold | Reading | Exception, script: Script | None = None, scale: float = 0.01
) -> Play:
    """Money by the menu that M-Pesa is asked about."""

    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_world(client) as world:
            world.pay_bill.answers = list(answers)
            await world.start(an_order(confirm=True, scale=scale))
            if script is not None:
                await script(world)
            await world.handle.result()
            return world.handle

    return play


def _disputed() -> Play:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_world(client) as world:
            world.sagas.disputes = 1
            await world.start(an_order())
            await world.handle.result()
            return world.handle

    return play


def _reversal(word: AfterReversal, loan: Loan | None, *said: Reading) -> Play:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_world(client) as world:
            if loan is not None:
                world.books.loans[12] = loan
            world.books.undo_answers = list(said)
            await world.reverses(a_reversal(word))
            return world.handle

    return play


class _Told:
    """Stands for the messages: tells at once, or after the books were silent."""

    def __init__(self, *silences: Exception) -> None:
        self._silences = list(silences)

    @activity.defn(name="repayment.tell")
    async def tell(self, _hint: RepaymentHint) -> str:
        if self._silences:
            raise self._silences.pop()
        return "told"


def _hint(*silences: Exception) -> Play:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        queue, told = f"record-{uuid.uuid4()}", _Told(*silences)
        async with Worker(
            client,
            task_queue=queue,
            workflows=[RepaymentHintWorkflow],
            activities=[told.tell],
            workflow_runner=workflow_runner(),
        ):
            hint = RepaymentHint(org_id="org_1", livemode=False, loan_id=12, transaction_id=564)
            handle = await client.start_workflow(
                RepaymentHintWorkflow.run, hint, id=str(uuid.uuid4()), task_queue=queue
            )
            await handle.result()
            return handle

    return play


_DENIED = told(Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND), credited=None)
_TWO = {12: a_savings(12), 40: a_savings()}

COLLECTION_ENDINGS: dict[str, Play] = {
    "collection-posted_repayment": _paid(),
    "collection-posted_deposit": _paid("S40"),
    "collection-posted_after_a_lost_answer": _paid(answers=[Ambiguous("read timeout")]),
    "collection-posted_after_a_lock": _paid(answers=[_LOCKED]),
    "collection-posted_before_by_us": _paid(loans={12: posted_loan()}),
    "collection-posted_again_by_two": _paid(
        answers=[_DATE], script=_in("posting_review", _W.POST_AGAIN)
    ),
    "collection-posted_by_hand": _paid(
        answers=[_ELSEWHERE], script=_in("posting_review", _W.POSTED_BY_HAND)
    ),
    "collection-posting_refused_then_left": _paid(answers=[_DATE], script=_to_suspense_and_left),
    "collection-posting_refused_then_reversed": _paid(
        answers=[_DATE], script=_in("posting_review", _W.REVERSED)
    ),
    "collection-posting_given_up_then_again": _paid(
        answers=[Unreachable("down")] * 3, script=_in("posting_review", _W.POST_AGAIN)
    ),
    "collection-posted_by_a_checker": _paid(answers=[_WAITS], script=_approved),
    "collection-allocated_by_two": _paid(
        "JANE", script=_in("suspense", _W.ALLOCATE, account="L12")
    ),
    "collection-ambiguous_then_allocated": _paid(
        savings=_TWO, script=_in("suspense", _W.ALLOCATE, account="S12")
    ),
    "collection-loan_closed_then_refunded": _paid(
        loans={12: a_loan(status=600)}, script=_in("suspense", _W.REFUNDED)
    ),
    "collection-books_silent_then_left": _paid(silent=True, script=_in("suspense", _W.LEAVE)),
    "collection-left_on_the_pay_bill": _paid("JANE", script=_in("suspense", _W.LEAVE)),
    "collection-reversed_in_suspense": _paid("JANE", script=_in("suspense", _W.REVERSED)),
    "collection-receipt_disputed": _disputed(),
    "collection-known_to_m_pesa": _asked(told()),
    "collection-known_to_m_pesa_later": _asked(Unreachable("down"), _DENIED, told()),
    "collection-contradicted_then_reversed": _asked(
        told(credited="600100"), script=_in("suspense", _W.REVERSED)
    ),
    "collection-denied_then_left": _asked(
        _DENIED, _DENIED, _DENIED, script=_in("suspense", _W.LEAVE)
    ),
    "collection-never_answered_then_allocated": _asked(
        script=_in("suspense", _W.ALLOCATE, account="L12"), scale=0.000_01
    ),
    "collection-rung_and_confirmed": _rung(hint=False),
    "collection-rung_and_hinted": _rung(replace(PAID, receipt=None, amount=None), hint=True),
    "collection-rung_and_hinted_then_asked": _rung(
        SILENT, SILENT, replace(PAID, receipt=None, amount=None), hint=True, prompts=SILENT
    ),
    "collection-rung_and_asked": _rung(PAID),
    "collection-rung_and_declined": _rung(DECLINED, prompts=DECLINED),
    "collection-reversal-undone": _reversal(AfterReversal.UNDO, posted_loan()),
    "collection-reversal-refused": _reversal(AfterReversal.UNDO, posted_loan(), _DATE),
    "collection-reversal-gone": _reversal(AfterReversal.UNDO, None),
    "repayment-hint-told": _hint(),
    "repayment-hint-told_after_silence": _hint(Unreachable("away")),
    "collection-reversal-waived": _reversal(AfterReversal.WAIVE, posted_loan()),
}
