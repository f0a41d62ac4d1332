"""Before it counts: M-Pesa is asked whether a payment somebody told us of has come."""

from contextlib import suppress
from datetime import timedelta
from itertools import chain, repeat

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.collection_confirming import CollectionConfirming
from models.collection import CollectionState
from models.collection_confirmation import (
    ASK_EVERY,
    DENIALS,
    HORIZON,
    NOT_CONFIRMED,
    PATIENCE,
    ConfirmOrder,
    PaymentTold,
    Truth,
    truth,
)
from models.reading import ProviderReport
from models.saga import Shown
from workflows.collection_run import CollectionRun
from workflows.policies import ASKS, ordinary
from workflows.saga import Change

#: How long a question waits while others are out; then it is asked at its next time.
_TAKEN_WITHIN = timedelta(minutes=2)
#: These end the asking at once: people go on.
_CLOSED = frozenset({Truth.FALSE, Truth.SHUT})

Proof = tuple[ProviderReport, ...]


class Confirming:
    """A confirmation is unsigned: its receipt, amount and short code are asked about."""

    def __init__(self, run: CollectionRun) -> None:
        self._run = run
        self._waited = False

    @property
    def shows(self) -> dict[str, Shown]:
        """What the row no longer says once it is confirmed."""
        return {"why": None} if self._waited else {}

    async def proof(self) -> Proof | None:
        """What M-Pesa says for it, nothing where no question is wanted; None: people decide.

        A confirmation for another short code contradicts itself: nobody is asked.
        """
        run, began, denials = self._run, workflow.now(), 0
        if run.order.misdirected:
            await self._suspend(Truth.FALSE, None)
            return None
        if not run.order.confirm:
            return ()
        for pause in chain(ASK_EVERY, repeat(ASK_EVERY[-1])):
            told = await self._asked()
            word = truth(told, run.paid, run.order.short_code) if told else Truth.OPEN
            if told and word is Truth.TRUE:
                return (told.report(run.order.saga.id),)
            denials += word is Truth.NOT_FOUND
            over = workflow.now() - began >= run.scaled(HORIZON)
            if over or word in _CLOSED or denials == DENIALS:
                await self._suspend(Truth.SHUT if word is Truth.OPEN else word, told)
                break
            if not await self._pause(pause):
                break
        return None

    async def _asked(self) -> PaymentTold | None:
        """One question, and its answer or an earlier one's; None: no answer yet."""
        run, ears = self._run, self._run.ears
        if not run.answers and await self._taken():
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: bool(run.answers),
                    timeout=run.scaled(PATIENCE),
                    timeout_summary="wait for M-Pesa's answer",
                )
        ears.ask_now, ears.asked = False, ears.asked + 1
        return run.answers.pop(0) if run.answers else None

    async def _taken(self) -> bool:
        run = self._run
        patience = run.scaled(PATIENCE).total_seconds()
        order = ConfirmOrder(saga=run.order.saga, receipt=run.paid.receipt, patience=patience)
        policy = ordinary(ASKS, f"ask M-Pesa whether {run.paid.receipt} has come")
        policy["schedule_to_close_timeout"] = _TAKEN_WITHIN
        try:
            return await workflow.execute_activity_method(CollectionConfirming.ask, order, **policy)
        except ActivityError:
            return False

    async def _pause(self, seconds: float) -> bool:
        """Until the next question, sooner for an answer or an operator; False: moved elsewhere."""
        run, pause = self._run, self._run.scaled(seconds)
        if not self._waited:
            due = workflow.now() + pause
            await run.write(Change(shows={"why": "being_confirmed"}, next_check_at=due))
            self._waited = True
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: bool(run.answers) or run.ears.ask_now,
                timeout=pause,
                timeout_summary="ask M-Pesa again",
            )
        return run.saga.state == CollectionState.RECEIVED

    async def _suspend(self, word: Truth, told: PaymentTold | None) -> None:
        """It is not posted by rule: what M-Pesa said stands in the case."""
        run, facts = self._run, dict[str, Shown]()
        evidence: Proof = ()
        if run.order.misdirected:
            facts = {"told_short_code": run.order.told_short_code}
        if told is not None:
            said, evidence = told.reading, (told.report(run.order.saga.id),)
            facts = {
                "said": said.verdict,
                "said_reason": said.reason,
                "said_amount": said.amount.minor if said.amount else None,
                "said_short_code": told.credited,
                "said_code": said.provider_code,
            }
        change = Change(evidence=evidence)
        await run.suspend(str(word), change, kind=NOT_CONFIRMED, facts=facts)
