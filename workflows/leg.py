"""One money leg: sent once, listened for, asked about, until somebody knows."""

import dataclasses
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from models.evidence import merged
from models.ids import EVIDENCE, shown
from models.leg import Weighed, claimed, doubted, weigh
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import Instruct, SagaCase, Trouble
from workflows import story
from workflows.clock import Clock
from workflows.leg_plan import Ears, Plan
from workflows.saga import OPENED, Change, Saga


class Leg:
    """Carries one instruction to its final word. The caller writes the ending with its money."""

    def __init__(self, saga: Saga, ears: Ears, plan: Plan, scale: float) -> None:
        self._saga = saga
        self._ears = ears
        self._plan = plan
        self._clock = Clock(plan.terms, scale, queues=plan.queues)
        self._end: ProviderReport | None = None
        self._acknowledged: str | None = None
        self._hint: ProviderReport | None = None
        self._hinted: str | None = None
        self._reopened = False
        self.state = AttemptState.CREATED

    @property
    def instruction(self) -> str:
        """Whose leg it is."""
        return self._plan.instruct.id

    @property
    def handle(self) -> str | None:
        """What to ask with: as acknowledged; where that was lost, as the newest hint tells."""
        return self._acknowledged or self._hinted

    def moved(self, state: AttemptState) -> Instruct:
        """The instruction in its last state, for the step that ends the leg."""
        return dataclasses.replace(self._plan.instruct, state=state)

    def ending(self, report: ProviderReport) -> Instruct:
        """The instruction as this final word leaves it."""
        return self.moved(weigh(self.state, report).state or self.state)

    async def carry(self) -> ProviderReport | None:
        """The final word: settled, refused, or never received and given up; or one for people.

        None when the row stands beyond this leg: decide by the saga's state.
        """
        await self._send()
        return await self._until_known()

    async def reopen(
        self, said: ProviderReport, handle: str | None = None
    ) -> ProviderReport | None:
        """It was believed refused and is `said` to have settled: asked about, and never sent.

        `handle`: what its first leg asked with. Answers as `carry` does.
        """
        self._acknowledged = handle
        self._reopened, self.state = True, AttemptState.UNKNOWN
        self._clock.sent(workflow.now())
        doubt = Change(
            to=self._plan.unknown,
            instruct=self.moved(self.state),
            evidence=(said,),
            events=(f"{self._saga.ref.kind}.outcome_unknown",),
        )
        await self._written(doubt)
        if self._end is None and self._ours():
            await self._weigh(said)
        return await self._until_known()

    async def _until_known(self) -> ProviderReport | None:
        while self._end is None and self._ours():
            if self.state is AttemptState.NOT_RECEIVED:
                await self._send_again()
            else:
                await self._listen_or_ask()
        return self._end

    async def confirmed(self, report: ProviderReport) -> ProviderReport:
        """An unsigned final word is asked about, and the answer believed instead."""
        asked = self._plan.instruct.amount
        if not self._plan.confirms or asked is None:
            return report
        if report.hint and report.verdict.final:
            self._hint = report
            self._hinted = report.reading.provider_reference or self._hinted
            try:
                report = await self._plan.ask()
            except ActivityError:
                return self._own(Reason.NO_ANSWER)
        if self._hint is None or report.source is not Source.QUERY:
            return report
        return merged(story.about(self._acknowledged, self._hint), report, asked)

    def _ours(self) -> bool:
        return self._saga.state in {self._plan.sending, self._plan.unknown}

    async def _send(self) -> None:
        """Send once; a final word that comes first does not wait for the answer."""
        self._clock.sent(workflow.now())
        call = self._plan.send(self._clock.sends - 1)
        self._saga.fenced(self._plan.sending)
        self.state = AttemptState.SENDING
        await workflow.wait_condition(lambda: call.done() or self._final_word())
        if not call.done():
            return
        try:
            await self._weigh(await call)
        except ActivityError:  # the worker died mid-call: it may have left
            await self._weigh(self._own(Reason.NO_ANSWER))

    async def _send_again(self) -> None:
        """Proven not received: the same instruction with the same reference, and nothing else."""
        pause = self._clock.resend_pause(workflow.now(), workflow.random().random)
        quiet = self._plan.barred() or await self._silence(pause)
        if self._plan.barred():
            self._end = self._own(Reason.NEVER_SENT, Verdict.REFUSED)
        elif not quiet:
            await self._weigh_or_ask()
        elif self._clock.may_send_again():
            await self._send()
        else:
            self._end = self._own(Reason.NEVER_SENT, Verdict.REFUSED)

    async def _listen_or_ask(self) -> None:
        if await self._silence(self._clock.pause(workflow.now(), self.state)):
            await self._inquire()
        else:
            await self._weigh_or_ask()

    async def _weigh_or_ask(self) -> None:
        """Evidence came, or an operator wants to know."""
        if self._ears.heard:
            await self._weigh_next()
        else:
            await self._inquire()

    async def _inquire(self) -> None:
        self._ears.ask_now = False
        self._clock.questions += 1
        await self._overdue()
        report = await self._question()
        if report is not None:
            await self._weigh(self._judged(report))
        self._ears.asked += 1

    async def _question(self) -> ProviderReport | None:
        """One question; None when evidence came first, or no answer."""
        call, already = self._plan.ask(), len(self._ears.heard)
        await workflow.wait_condition(lambda: call.done() or len(self._ears.heard) > already)
        if not call.done():
            call.cancel()
        try:
            return await call
        except ActivityError:
            return None

    async def _overdue(self) -> None:
        """Silence past the call's life is unknown; past the horizon, a person's to review."""
        if self._clock.prompt_is_over(workflow.now()):
            await self._turn(doubted(self.state), None)
        settled = {AttemptState.NEEDS_REVIEW, AttemptState.NOT_RECEIVED}
        if self._clock.past_horizon(workflow.now()) and self.state not in settled:
            await self._review()

    async def _review(self) -> None:
        change = Change(
            to=self._plan.unknown,
            instruct=self.moved(AttemptState.NEEDS_REVIEW),
            case=SagaCase(
                kind="unresolved", cause=self._plan.instruct.id, amount=self._plan.instruct.amount
            ),
            events=(OPENED,),
            needs_review=True,
        )
        self.state = AttemptState.NEEDS_REVIEW
        await self._written(change)

    async def _weigh_next(self) -> None:
        report = self._ears.heard[0]
        self._saga.unwritten.append(report)
        try:
            await self._weigh(self._judged(report))
        finally:
            self._ears.heard.remove(report)

    async def _weigh(self, report: ProviderReport) -> None:
        """Believe what is said of this instruction; the final word is the caller's to write."""
        if report.attempt_id != self._plan.instruct.id:
            await self._written(Change(evidence=(report,)))
            self._ears.compare(report, self._saga.left(report.attempt_id))
            return
        report = await self.confirmed(report)
        self._remember(report)
        weighed = weigh(self.state, report)
        if weighed.ends and not self._plan.convinces(report):
            await self._turn(claimed(self.state, Weighed()), report)
        elif weighed.ends or self._plan.asks_people(report):
            self._end = report
        else:
            await self._turn(claimed(self.state, weighed) if self._hint else weighed, report)

    async def _turn(self, weighed: Weighed, report: ProviderReport | None) -> None:
        """Write what is not the end, if it says anything new."""
        taken = report is not None and report.source is Source.QUERY
        if weighed.state is None and (report is None or taken):
            return
        self.state = weighed.state or self.state
        unknown = weighed.state is AttemptState.UNKNOWN
        again = weighed.state is AttemptState.NOT_RECEIVED
        await self._written(
            Change(
                to=self._plan.unknown if unknown else self._plan.sending if again else None,
                instruct=self.moved(self.state) if weighed.state else None,
                evidence=(report,) if report else (),
                events=(f"{self._saga.ref.kind}.outcome_unknown",) if unknown else (),
                needs_review=False if again else None,
            )
        )

    async def _written(self, change: Change) -> None:
        """Write; where an earlier run wrote otherwise, its final word is among what was heard."""
        if not self._saga.final:
            pause = self._clock.pause(workflow.now(), self.state)
            due = workflow.now() + timedelta(seconds=pause)
            change = dataclasses.replace(change, next_check_at=due)
        written = await self._saga.write(change)
        if written.trouble is not Trouble.MOVED:
            return
        if self._ours():
            self.state = self._saga.instruction or self.state
        else:
            about = self._plan.instruct.id
            final = (one for one in self._ears.heard if one.attempt_id == about)
            self._end = next((one for one in final if one.verdict.final), None)

    async def _silence(self, seconds: float) -> bool:
        """Wait for evidence or an operator's question; True when neither came in time."""
        ears = self._ears
        try:
            await workflow.wait_condition(
                lambda: bool(ears.heard) or ears.ask_now, timeout=timedelta(seconds=seconds)
            )
        except TimeoutError:
            return True
        return False

    def _judged(self, report: ProviderReport) -> ProviderReport:
        """Whether what is not found proves that nothing was received: one rule, `Clock.judged`.

        Nor where somebody says how it ended: the handle that is not found may be the hint's, and
        what is reopened was said to have settled.
        """
        about_us = report.attempt_id == self._plan.instruct.id
        if not about_us or self._hint is not None or self._reopened:
            return report
        return self._clock.judged(report, workflow.now(), self._plan.absent_after_all)

    def _remember(self, report: ProviderReport) -> None:
        """What the other side calls it, and whether they have it."""
        if report.source is Source.ACK:
            self._acknowledged = self._acknowledged or report.reading.provider_reference
        asked = report.source is Source.QUERY and report.verdict is Verdict.PENDING
        if not (asked and self._plan.answers_later):
            self._clock.heard(report, workflow.now())

    def _own(self, reason: Reason, verdict: Verdict = Verdict.UNKNOWN) -> ProviderReport:
        """Evidence of our own making: a call that never came back."""
        return ProviderReport(
            attempt_id=self._plan.instruct.id,
            source=Source.ACK,
            reading=Reading(verdict=verdict, reason=reason),
            evidence_id=shown(EVIDENCE, workflow.uuid4()),
        )

    def _final_word(self) -> bool:
        about = self._plan.instruct.id
        return any(one.verdict.final and one.attempt_id == about for one in self._ears.heard)
