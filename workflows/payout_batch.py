"""A batch of payouts: its file is read, allowed, and its rows are paid a window at a time."""

from datetime import timedelta
from typing import Any

from temporalio import workflow

from activities.batch_reading import BatchReading
from activities.batch_running import BatchRunning
from models import approval
from models.approval import APPROVAL, ApprovalStanding
from models.payout_batch import (
    WORD,
    WORKFLOW,
    BatchOrder,
    BatchState,
    BatchWord,
    RowState,
    Tally,
)
from models.saga import REQUESTED, SagaWritten, Shown, Trouble
from workflows.approval_wait import ApprovalWait
from workflows.leg_plan import Ears
from workflows.policies import ASKS, READS_FILES, WRITES, ordinary
from workflows.saga import Change, Saga
from workflows.vault import VaultWorkflow

#: Seconds between looks while rows are under way, and while all that is left waits for people.
SOON, SELDOM = 1.0, 60.0
#: The shortest pause between two looks, however a test scales it.
_LEAST = 0.05


@workflow.defn(name=WORKFLOW)
class PayoutBatchWorkflow(VaultWorkflow):
    """One batch; its id is the saga's. The rows stand in the database, its payouts are their own.

    A run holds nothing but where the batch stands: a lost one loses nothing.
    """

    @workflow.init
    def __init__(self, order: BatchOrder) -> None:
        self._order = order
        self._saga = Saga(order.saga, order.state, f"{order.saga.org_id}, batch of payouts")
        self._ears = Ears()
        self._words: list[dict[str, Any]] = []
        self._stopping = order.stopping
        self._looks = 0
        self._life = approval.LIFETIME
        self._waits: ApprovalWait | None = None

    @workflow.run
    async def run(self, order: BatchOrder) -> str:  # noqa: ARG002 - taken by the initialiser
        """Until no row is under way and none waits; the state it ends in."""
        stages = {
            BatchState.VALIDATING: self._validate,
            BatchState.REQUIRES_APPROVAL: self._be_allowed,
            BatchState.RUNNING: self._go_on,
            BatchState.PAUSED: self._go_on,
        }
        while not self._saga.final:
            await stages[BatchState(self._saga.state)]()
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=REQUESTED)
    def requested(self, message: dict[str, Any]) -> None:
        """Pause, resume, cancel, or look: a row was decided, or somebody allowed the batch."""
        if APPROVAL not in message:
            self._words.append(message)
        elif self._waits is not None:
            self._waits.told = True

    async def _validate(self) -> None:
        read = await workflow.execute_activity_method(
            BatchReading.read, self._order, **ordinary(READS_FILES, "read and check the file")
        )
        self._life = read.life
        if read.refused is not None:
            await self._write(BatchState.INVALID, read.tally, reason=read.refused)
            return
        to = BatchState.REQUIRES_APPROVAL if read.approval else BatchState.RUNNING
        await self._write(to, read.tally)

    async def _be_allowed(self) -> None:
        """Wait for a second person, for the cancellation, or until it is too late."""
        life = self._life * self._order.wait_scale
        terms = approval.terms(self._order.maker, workflow.now(), life=life)
        self._waits = ApprovalWait(self._order.saga, terms)
        await self._waits.ask()
        look = await self._waits.decided(lambda: self._said(BatchWord.CANCEL))
        if look is None:
            actor = str(self._words[-1].get("actor", "kauri"))
            await self._cancel(await self._stop(), reason="canceled", actor=actor)
        elif look.standing is ApprovalStanding.APPROVED:
            await self._write(BatchState.RUNNING, None, actor=look.checker or "kauri")
        else:
            expired = look.standing is ApprovalStanding.EXPIRED
            why = "approval_expired" if expired else look.reason or "rejected"
            await self._cancel(await self._stop(), reason=why, actor=look.checker or "kauri")

    async def _go_on(self) -> None:
        """One look: what was said, what has ended, what may be paid now."""
        await self._weigh_words()
        tally = await self._advance()
        if self._stopping and not tally.open:
            await self._cancel(tally)
        elif not tally.open:
            await self._write(tally.end, tally, event=str(tally.end))
        else:
            self._tell(tally)
            await self._rest(tally)

    async def _advance(self) -> Tally:
        running = self._saga.state == BatchState.RUNNING and not self._stopping
        method = BatchRunning.advance if running else BatchRunning.watch
        summary = "pay what fits" if running else "watch"
        look = workflow.start_activity_method(method, self._order, **ordinary(ASKS, summary))
        while not look.done():  # a pause is written at once: the next chunk sees it
            await workflow.wait_condition(lambda: look.done() or bool(self._words))
            await self._weigh_words()
        return await look

    async def _weigh_words(self) -> None:
        """Everything that was said since the last look, in order."""
        while self._words:
            written = await self._obey(self._words[0])
            if written is None or written.trouble is not Trouble.MOVED:
                self._words.pop(0)

    async def _obey(self, message: dict[str, Any]) -> SagaWritten | None:
        """One word, weighed anew where the row was moved; None where nothing is to be written."""
        word, actor = message.get(WORD), str(message.get("actor", "kauri"))
        if word == BatchWord.CANCEL and not self._stopping:
            self._stopping = True
            tally = await self._stop()
            shows = {"cancel_requested": True, **tally.shown()}
            return await self._saga.write(Change(actor=actor, shows=shows))
        if word == BatchWord.PAUSE and self._saga.state == BatchState.RUNNING:
            return await self._write(BatchState.PAUSED, None, actor=actor, event="paused")
        if word == BatchWord.RESUME and self._saga.state == BatchState.PAUSED:
            return await self._write(BatchState.RUNNING, None, actor=actor, event="resumed")
        return None

    async def _rest(self, tally: Tally) -> None:
        """Until somebody speaks or the next look; a long history ends in a new run."""
        moving = tally.rows(RowState.UNDER_WAY) > 0
        seconds = SOON if moving else SELDOM
        try:
            await workflow.wait_condition(
                lambda: bool(self._words),
                timeout=timedelta(seconds=max(seconds * self._order.wait_scale, _LEAST)),
            )
        except TimeoutError:
            self._looks += 1
        self._begin_anew()

    def _begin_anew(self) -> None:
        if self._words or self._unweighed or not workflow.all_handlers_finished():
            return
        if self._looks >= self._order.looks or workflow.info().is_continue_as_new_suggested():
            state = BatchState(self._saga.state)
            workflow.continue_as_new(self._order.at(state, stopping=self._stopping))

    async def _stop(self) -> Tally:
        return await workflow.execute_activity_method(
            BatchRunning.stop, self._order, **ordinary(WRITES, "cancel what waits")
        )

    async def _cancel(
        self, tally: Tally, *, reason: str | None = None, actor: str = "kauri"
    ) -> None:
        await self._write(
            BatchState.CANCELED, tally, reason=reason, actor=actor, event=str(BatchState.CANCELED)
        )

    async def _write(
        self,
        to: BatchState,
        tally: Tally | None,
        *,
        reason: str | None = None,
        actor: str = "kauri",
        event: str | None = None,
    ) -> SagaWritten:
        shows: dict[str, Shown] = dict(tally.shown()) if tally else {}
        if reason is not None:
            shows["reason"] = reason
        told = f"payout_batch.{event or to}"
        return await self._saga.write(
            Change(to=to, reason=reason, actor=actor, shows=shows, events=(told,))
        )

    def _said(self, word: BatchWord) -> bool:
        return any(message.get(WORD) == word for message in self._words)

    def _tell(self, tally: Tally) -> None:
        """What people read in the Temporal UI."""
        counts = ", ".join(f"{count.rows} {count.state}" for count in tally.counts)
        workflow.set_current_details(f"{self._saga.title}: {self._saga.state}\n{counts}")
