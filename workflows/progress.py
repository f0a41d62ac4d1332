"""Where a checkout stands, and the one way to move it: decide, write, then believe."""

import dataclasses
from datetime import datetime, timedelta

from temporalio import workflow

from models import decisions
from models.charge import Question
from models.checkout import (
    AttemptOrder,
    CheckoutOrder,
    OperatorAsk,
    OperatorResolution,
    PromptOrder,
    Story,
)
from models.decisions import Decision, Known, Situation
from models.evidence import merged
from models.fees import fee_for
from models.ids import EVIDENCE, shown
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.step import CaseKind, Posting, Standing, Step, Written
from workflows import story
from workflows.clock import Clock
from workflows.writing import adopted, believed, commit, nothing_known, why, word


class Progress:
    """The workflow's memory: session, attempts and what is known of each."""

    def __init__(self, order: CheckoutOrder) -> None:
        self.order = order
        self.situation = Situation()
        self.attempt = order.first
        self.clock = Clock(order.first.terms, order.wait_scale)
        self.resolution: OperatorResolution | None = None
        self._attempts: dict[str, AttemptOrder] = {}
        self._known: dict[str, Known] = {}
        self._hints: dict[str, ProviderReport] = {}
        self._steps = 0
        self._last_evidence = "none yet"

    @property
    def known(self) -> Known:
        """What is known of the current attempt."""
        return self._known.get(self.attempt.id) or nothing_known(self.attempt)

    def knows(self, attempt_id: str) -> bool:
        """True for an attempt that was begun."""
        return attempt_id in self._known

    def begin(self, attempt: AttemptOrder) -> None:
        """A new attempt is the current one; the payment is processing again."""
        self.attempt = attempt
        self._attempts[attempt.id] = attempt
        self._known[attempt.id] = nothing_known(attempt)
        self.clock = Clock(attempt.terms, self.order.wait_scale)
        self.situation = dataclasses.replace(self.situation, payment=PaymentStatus.PROCESSING)

    def sent(self) -> None:
        """The phone is about to ring."""
        self.clock.sent(workflow.now())
        self._believe(dataclasses.replace(self.known, state=AttemptState.SENDING))

    def close_after_failure(self, ending: CheckoutState) -> None:
        """Should the attempt in flight fail, the session ends so."""
        self.situation = dataclasses.replace(self.situation, closing=ending)

    def asked_by(self, request: OperatorAsk) -> None:
        """Who asked, and why, for the story."""
        self._last_evidence = f"{request.actor} asks: {request.reason}"
        story.tell(self.story())

    def pause(self) -> float:
        """Seconds to listen before the next question."""
        return self.clock.pause(workflow.now(), self.known.state)

    def prompt_order(self) -> PromptOrder:
        """The instruction to ring the phone, numbered by sending."""
        return PromptOrder(
            attempt=self.attempt,
            org_id=self.order.org_id,
            livemode=self.order.livemode,
            checkout_id=self.order.checkout_id,
            payment_id=self.order.payment_id,
            sends=self.clock.sends - 1,
        )

    def question_about(self, attempt_id: str, hint: ProviderReport | None = None) -> Question:
        """Whom to ask about an attempt, and with what handle.

        Where the answer to the prompt was lost, only the hint carries the provider's handle.
        """
        attempt, known = self._attempts[attempt_id], self._known[attempt_id]
        hint = hint or self._hints.get(attempt_id)
        own, told = known.provider_reference, hint.reading.provider_reference if hint else None
        at = self.clock.answered_at if attempt_id == self.attempt.id else None
        charge = dataclasses.replace(attempt.charge, provider_reference=own or told, prompted_at=at)
        return Question(provider=attempt.provider, charge=charge, hinted=not own)

    def about(self, report: ProviderReport) -> ProviderReport:
        """The report, as far as it speaks about the prompt of its attempt."""
        known = self._known.get(report.attempt_id)
        return story.about(known.provider_reference if known else None, report)

    def matters(self, report: ProviderReport) -> bool:
        """True when the report would change anything; then a hint must be confirmed."""
        known = self._known.get(report.attempt_id)
        return known is not None and decisions.hear(known, self.situation, report).changes

    def own_report(self, verdict: Verdict, reason: Reason) -> ProviderReport:
        """Evidence of our own making: a call that never came back."""
        return ProviderReport(
            attempt_id=self.attempt.id,
            source=Source.ACK,
            reading=Reading(verdict=verdict, reason=reason),
            evidence_id=shown(EVIDENCE, workflow.uuid4()),
        )

    async def hear(self, report: ProviderReport, also: ProviderReport | None = None) -> None:
        """Weigh a report and write what it changes; `also` is the hint it answers."""
        known = self._known.get(report.attempt_id)
        if known is None:
            return
        if also is not None:
            self._hints[report.attempt_id] = also
        report = merged(self._hints.get(report.attempt_id), report, known.amount)
        self._last_evidence = story.in_words(report)
        known = self._learn(known, report)
        judged = self._judged(report)
        decision = decisions.hear(known, self.situation, judged, claimed=also is not None)
        if decision.attempt is AttemptState.AWAITING_CUSTOMER and report.source is Source.ACK:
            self._accept(decision, known)  # the prompt wrote it in its own transaction
            return
        written = await self.write(
            decision, known=known, evidence=(also, report) if also else (report,)
        )
        if written.standing:
            await self.hear(report, also)

    async def overdue(self) -> None:
        """Silence past the prompt's life is unknown; past the horizon, a person's to review."""
        if self.clock.prompt_is_over(workflow.now()):
            await self._write_if_changes(decisions.doubt(self.known, self.situation))
        if self.clock.past_horizon(workflow.now()):
            await self._write_if_changes(decisions.review(self.known))

    async def _write_if_changes(self, decision: Decision) -> None:
        if decision.changes:
            await self.write(decision)

    async def write(
        self,
        decision: Decision,
        *,
        known: Known | None = None,
        evidence: tuple[ProviderReport, ...] = (),
        actor: str | None = None,
        only_if_idle: bool = False,
    ) -> Written:
        """Commit one step, then believe it: what was decided, or where the rows stand instead."""
        known = known or self.known
        self._steps += 1
        step = self._step(decision, known, evidence, actor)
        written = await commit(dataclasses.replace(step, only_if_idle=only_if_idle))
        if written.applied:
            self._accept(decision, known)
        elif written.standing:
            self._adopt(written.standing, known)
        elif decision.books:
            self._believe(dataclasses.replace(known, state=AttemptState.NEEDS_REVIEW))
        return written

    def _adopt(self, standing: Standing, known: Known) -> None:
        """An earlier run of this code wrote more than history knows: go on from the rows."""
        self.situation = adopted(self.situation, standing)
        self._believe(dataclasses.replace(known, state=standing.attempt))
        story.tell(self.story())

    def _learn(self, known: Known, report: ProviderReport) -> Known:
        said = report.reading
        told = None if report.hint else said.provider_reference
        learnt = dataclasses.replace(known, provider_reference=told or known.provider_reference)
        self._believe(learnt)
        return learnt

    def _judged(self, report: ProviderReport) -> ProviderReport:
        """Whether what is not found proves that nothing was received: one rule, `Clock.judged`."""
        if report.attempt_id != self.attempt.id:
            return report
        now = workflow.now()
        self.clock.heard(report, now)
        return self.clock.judged(report, now)

    def _step(
        self,
        decision: Decision,
        known: Known,
        evidence: tuple[ProviderReport, ...],
        actor: str | None,
    ) -> Step:
        decided = self.resolution if evidence and evidence[-1].source is Source.OPERATOR else None
        by_whom = (
            decided.actor if decided else f"provider:{known.provider}" if evidence else "kauri"
        )
        return Step(
            key=f"{self.order.checkout_id}/{workflow.info().run_id}/{self._steps}",
            org_id=self.order.org_id,
            livemode=self.order.livemode,
            checkout_id=self.order.checkout_id,
            payment_id=self.order.payment_id,
            attempt_id=known.id,
            at=workflow.now(),
            actor=actor or by_whom,
            reason=decided.reason if decided else why(evidence),
            approver=decided.approver if decided else None,
            decides_case=word(decision, known, decided) if self.situation.needs_review else None,
            attempt=decision.attempt,
            payment=decision.payment,
            checkout=decision.checkout,
            evidence=evidence,
            posting=self._posting(decision, known, evidence),
            case=None if decision.accepted else decision.case,
            events=decision.events,
            needs_review=decision.needs_review,
            next_check_at=self._next_check(decision, known),
            believes=believed(known, self.situation),
        )

    def _posting(
        self, decision: Decision, known: Known, evidence: tuple[ProviderReport, ...]
    ) -> Posting | None:
        if decision.books is None:
            return None
        said = evidence[-1].reading
        suspense = known.suspended if decision.accepted else decision.case
        return Posting(
            attempt_id=known.id,
            provider=known.provider,
            amount=decision.books,
            receipt=said.receipt or known.receipt or said.provider_reference or known.id,
            fee=None if decision.case else fee_for(decision.books, self.order.fee),
            suspense=suspense,
            accepted=decision.accepted,
            handle=known.provider_reference or said.provider_reference,
            escrow=self.order.escrow,
        )

    def _next_check(self, decision: Decision, known: Known) -> datetime | None:
        state = decision.attempt or known.state
        if state.final:
            return None
        return workflow.now() + timedelta(seconds=self.clock.pause(workflow.now(), state))

    def _accept(self, decision: Decision, known: Known) -> None:
        before = self.situation
        self.situation = dataclasses.replace(
            before,
            checkout=decision.checkout or before.checkout,
            payment=decision.payment or before.payment,
            needs_review=before.needs_review
            if decision.needs_review is None
            else decision.needs_review,
        )
        holds = decision.case in {CaseKind.AMOUNT_MISMATCH, CaseKind.CURRENCY_MISMATCH}
        self._believe(
            dataclasses.replace(
                known,
                state=decision.attempt or known.state,
                suspended=decision.case if holds else known.suspended,
                received=decision.books if holds else known.received,
            )
        )
        if self.situation.payment is PaymentStatus.UNKNOWN is not before.payment:
            story.mark_ending(PaymentStatus.UNKNOWN)
        story.tell(self.story())

    def _believe(self, known: Known) -> None:
        self._known[known.id] = known

    def story(self) -> Story:
        """The live state, for queries and updates."""
        known = self.known
        return Story(
            checkout_id=self.order.checkout_id,
            checkout=self.situation.checkout,
            payment=self.situation.payment,
            attempt_id=known.id,
            attempt=known.state,
            provider=known.provider,
            amount=self.order.amount,
            last_evidence=self._last_evidence,
            next_check_at=self.clock.next_check_at if known.state.in_flight else None,
            needs_review=self.situation.needs_review,
        )
