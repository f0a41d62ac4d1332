"""A checkout session: prompt once, listen, ask; post only what is proven."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.charges import Charges
from models import decisions
from models.checkout import (
    ASK,
    ATTEMPT_REQUESTED,
    CANCEL_REQUESTED,
    REPORTED,
    RESOLVE,
    STORY,
    WORKFLOW,
    AttemptOrder,
    CancelRequest,
    CheckoutOrder,
    OperatorAsk,
    OperatorResolution,
    Outcome,
    Story,
)
from models.lifecycle import AttemptState, CheckoutState
from models.rail_health import RAIL_FREED
from models.reading import ProviderReport, Reason, Verdict
from workflows import operator_rules, story
from workflows.escrow_waking import wake
from workflows.policies import ASKS, ASKS_QUICKLY, MOVES_MONEY, local, ordinary
from workflows.progress import Progress


@workflow.defn(name=WORKFLOW)
class CheckoutWorkflow:
    """One session, its attempts inside. Silence is answered by asking."""

    @workflow.init
    def __init__(self, order: CheckoutOrder) -> None:
        self._order = order
        self._now = Progress(order)
        self._heard: list[ProviderReport] = []
        self._requests: list[AttemptOrder] = []
        self._cancel: CancelRequest | None = None
        self._freed: set[str] = set()
        self._ask_now = False
        self._asked = 0

    @workflow.run
    async def run(self, order: CheckoutOrder) -> Outcome:
        """Carry attempts until the session is final."""
        await self._attempt(order.first)
        while not self._now.situation.checkout.final:
            await self._wait_for_another_try()
        await self._leave_nothing()
        await wake(order.escrow)
        story.mark_ending(self._now.situation.payment)
        return Outcome(
            checkout_id=order.checkout_id,
            checkout=self._now.situation.checkout,
            payment=self._now.situation.payment,
        )

    # What the outside says

    @workflow.signal(name=REPORTED)
    def reported(self, report: ProviderReport) -> None:
        """The provider called back: one more piece of evidence."""
        self._heard.append(report)

    @workflow.signal(name=ATTEMPT_REQUESTED)
    def attempt_requested(self, attempt: AttemptOrder) -> None:
        """The payer tries again, perhaps by another method."""
        if not self._now.knows(attempt.id) and attempt not in self._requests:
            self._requests.append(attempt)

    @workflow.signal(name=CANCEL_REQUESTED)
    def cancel_requested(self, request: CancelRequest) -> None:
        """Recorded; takes effect only when nothing is in flight."""
        self._cancel = self._cancel or request
        self._now.close_after_failure(CheckoutState.CANCELED)

    @workflow.signal(name=RAIL_FREED)
    def rail_freed(self, attempt_id: str) -> None:
        """The rail carries again and this attempt's turn has come."""
        self._freed.add(attempt_id)

    @workflow.update(name=ASK)
    async def ask(self, request: OperatorAsk) -> Story:
        """Ask the provider now and answer with what is known then."""
        before, self._ask_now = self._asked, True
        self._now.asked_by(request)
        await workflow.wait_condition(
            lambda: self._asked > before or not self._now.known.state.in_flight
        )
        return self.story()

    @ask.validator
    def _may_ask(self, request: OperatorAsk) -> None:
        operator_rules.may_ask(request, self._now.known)

    @workflow.update(name=RESOLVE)
    async def resolve(self, resolution: OperatorResolution) -> Story:
        """Two people decide what nobody can learn any more."""
        report = operator_rules.as_report(resolution, self._now.known, workflow.uuid4())
        self._now.resolution = resolution
        self._heard.append(report)
        await workflow.wait_condition(lambda: report not in self._heard)
        return self.story()

    @resolve.validator
    def _may_resolve(self, resolution: OperatorResolution) -> None:
        operator_rules.may_resolve(resolution, self._now.known)

    @workflow.query(name=STORY)
    def story(self) -> Story:
        """The live state."""
        return self._now.story()

    # What the saga does

    async def _attempt(self, attempt: AttemptOrder) -> None:
        self._now.begin(attempt)
        if not attempt.queued or await self._turn_comes(attempt):
            await self._carry()
        else:
            await self._now.hear(self._now.own_report(Verdict.REFUSED, Reason.NEVER_SENT))

    async def _carry(self) -> None:
        await self._send()
        while self._now.known.state.in_flight:
            if self._now.known.state is AttemptState.NOT_RECEIVED:
                await self._send_again()
            else:
                await self._listen_or_ask()

    async def _turn_comes(self, attempt: AttemptOrder) -> bool:
        """Wait, unsent, for the rail; False when the session expires or is canceled first."""
        story.tell(self._now.story())
        left = max(self._order.expires_at - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(
                lambda: attempt.id in self._freed or self._cancel is not None, timeout=left
            )
        except TimeoutError:
            return False
        return self._cancel is None

    async def _send(self) -> None:
        """Ring the phone; a final word that comes first does not wait for the answer."""
        self._now.sent()
        call = workflow.start_activity_method(
            Charges.prompt,
            self._now.prompt_order(),
            **ordinary(MOVES_MONEY, story.prompting(self._now.attempt)),
        )
        await workflow.wait_condition(lambda: call.done() or self._final_word())
        self._now.clock.answered(workflow.now())
        if not call.done():
            return
        try:
            await self._weigh(await call)
        except ActivityError:  # the worker died mid-call: the phone may still have rung
            await self._weigh(self._now.own_report(Verdict.UNKNOWN, Reason.NO_ANSWER))

    async def _send_again(self) -> None:
        """Proven not received: the same attempt with the same reference, and nothing else."""
        pause = self._now.clock.resend_pause(workflow.now(), workflow.random().random)
        if not await self._silence(pause):
            await self._weigh_or_ask()
        elif self._now.clock.may_send_again():
            await self._send()
        else:
            await self._now.write(decisions.give_up(self._now.situation))

    async def _listen_or_ask(self) -> None:
        if await self._silence(self._now.pause()):
            await self._inquire()
        else:
            await self._weigh_or_ask()

    async def _weigh_or_ask(self) -> None:
        """Evidence came, or an operator wants to know."""
        if self._heard:
            await self._weigh_next()
        else:
            await self._inquire()

    async def _inquire(self) -> None:
        self._ask_now = False
        self._now.clock.questions += 1
        await self._now.overdue()
        report = await self._question(self._now.known.id)
        if report is not None:
            await self._now.hear(report)
        self._asked += 1

    async def _silence(self, seconds: float) -> bool:
        """Wait for evidence or an operator's question; True when neither came in time."""
        try:
            await workflow.wait_condition(
                lambda: bool(self._heard) or self._ask_now, timeout=timedelta(seconds=seconds)
            )
        except TimeoutError:
            return True
        return False

    async def _weigh_next(self) -> None:
        report = self._heard[0]
        try:
            await self._weigh(report)
        finally:
            self._heard.remove(report)

    async def _weigh(self, report: ProviderReport) -> None:
        """Decide what the evidence means; an unsigned final word is confirmed first."""
        report = self._now.about(report)
        if report.hint and report.verdict.final and self._now.matters(report):
            await self._now.hear(await self._confirm(report), also=report)
        else:
            await self._now.hear(report)

    async def _confirm(self, hint: ProviderReport) -> ProviderReport:
        """Ask at once on the way to posting; out of time, the patient policy takes over."""
        question = self._now.question_about(hint.attempt_id, hint)
        try:
            return await workflow.execute_local_activity_method(
                Charges.ask,
                question,
                **local(ASKS_QUICKLY, story.asking(self._now.attempt)),
            )
        except FailureError:
            answer = await self._question(hint.attempt_id, hint)
        return answer or self._now.own_report(Verdict.UNKNOWN, Reason.NO_ANSWER)

    async def _question(
        self, attempt_id: str, hint: ProviderReport | None = None
    ) -> ProviderReport | None:
        """One question, asked until answered; None when final evidence came first, or no answer."""
        call = workflow.start_activity_method(
            Charges.ask,
            self._now.question_about(attempt_id, hint),
            **ordinary(ASKS, story.asking(self._now.attempt)),
        )
        already = len(self._heard)
        await workflow.wait_condition(lambda: call.done() or len(self._heard) > already)
        if not call.done():
            call.cancel()
        try:
            return await call
        except ActivityError:
            return None

    def _final_word(self) -> bool:
        return any(
            report.verdict.final and report.attempt_id == self._now.known.id
            for report in self._heard
        )

    async def _wait_for_another_try(self) -> None:
        if not self._something_came() and not await self._something_comes():
            await self._close(CheckoutState.EXPIRED, "kauri")
        elif self._heard:
            await self._weigh_next()
        elif self._requests:
            await self._attempt(self._requests.pop(0))
        elif self._cancel:
            await self._close(CheckoutState.CANCELED, self._cancel.actor)

    def _something_came(self) -> bool:
        return bool(self._requests or self._heard or self._cancel)

    async def _something_comes(self) -> bool:
        """Wait until the session's expiry; False when nothing came."""
        left = max(self._order.expires_at - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(self._something_came, timeout=left)
        except TimeoutError:
            return self._something_came()
        return True

    async def _close(self, ending: CheckoutState, actor: str) -> None:
        """End the session, unless an attempt was accepted a moment ago: then that runs first."""
        decision = decisions.close(self._now.situation, ending)
        written = await self._now.write(decision, actor=actor, only_if_idle=True)
        if not written.applied and not written.standing:
            await workflow.wait_condition(lambda: bool(self._requests))

    async def _leave_nothing(self) -> None:
        """What came while the last step was written is weighed before the run ends."""
        while self._heard or not workflow.all_handlers_finished():
            if self._heard:
                await self._weigh_next()
            await workflow.wait_condition(
                lambda: bool(self._heard) or workflow.all_handlers_finished()
            )
