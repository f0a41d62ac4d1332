"""What every saga of the vault listens to: evidence, and operators."""

from temporalio import workflow

from models.checkout import OperatorAsk, OperatorResolution
from models.decisions import Known
from models.late import contradicts
from models.lifecycle import AttemptState
from models.money import Money
from models.reading import ProviderReport
from models.saga import (
    ASK,
    REPORTED,
    RESOLVE,
    STORY,
    SagaCase,
    SagaStory,
    SagaWritten,
    Trouble,
)
from workflows import operator_rules
from workflows.leg_plan import Ears
from workflows.saga import OPENED, Change, Saga

_NOTHING = Money(0, "KES")


class VaultWorkflow:
    """Signals, updates and the query that all sagas share.

    A saga sets `_saga` and `_ears` in its initialiser, and `_out`: the instruction in flight.
    """

    _saga: Saga
    _ears: Ears
    _out: str | None = None
    #: Two people have decided and it is not written yet.
    _deciding: bool = False

    @workflow.signal(name=REPORTED)
    def reported(self, report: ProviderReport) -> None:
        """An outside system said something: one more piece of evidence."""
        self._ears.heard.append(report)

    @workflow.update(name=ASK)
    async def ask(self, request: OperatorAsk) -> SagaStory:  # noqa: ARG002 - kept in history: who asked, and why
        """Ask now and answer with what is known then."""
        before, self._ears.ask_now = self._ears.asked, self._somebody_knows()
        await workflow.wait_condition(
            lambda: self._ears.asked > before or self._out is None or self._saga.final
        )
        return self._saga.story()

    @ask.validator
    def _may_ask(self, request: OperatorAsk) -> None:
        operator_rules.may_ask(request, self._known())

    @workflow.update(name=RESOLVE)
    async def resolve(self, resolution: OperatorResolution) -> SagaStory:
        """Two people decide what nobody can learn any more."""
        report = operator_rules.as_report(resolution, self._known(), workflow.uuid4())
        before, self._deciding = self._saga.writes, True
        self._ears.resolution = resolution
        self._ears.heard.append(report)
        try:
            await workflow.wait_condition(
                lambda: report not in self._ears.heard and self._saga.writes > before
            )
        finally:
            self._deciding = False
        return self._saga.story()

    @resolve.validator
    def _may_resolve(self, resolution: OperatorResolution) -> None:
        operator_rules.may_resolve(resolution, self._known())
        operator_rules.may_decide_now(deciding=self._deciding)

    @workflow.query(name=STORY)
    def story(self) -> SagaStory:
        """The live state."""
        return self._saga.story()

    def _somebody_knows(self) -> bool:
        """Whether there is anything to ask about: a question is not kept for what comes later."""
        return self._out is not None

    async def _leave_nothing(self) -> None:
        """What came while the last step was written is weighed before the run ends.

        An operator's update ends only once its word is weighed, so weighing goes first.
        """
        while self._unweighed or not workflow.all_handlers_finished():
            if self._unweighed:
                await self._weigh_first()
            await workflow.wait_condition(
                lambda: self._unweighed or workflow.all_handlers_finished()
            )

    @property
    def _unweighed(self) -> bool:
        """Whether anything was said that is not weighed yet."""
        return bool(self._ears.heard)

    async def _weigh_first(self) -> None:
        """Weigh what came first. Where the row was moved meanwhile it stays, to be weighed anew."""
        written = await self._weigh_late(self._ears.heard[0])
        if written.trouble is not Trouble.MOVED:
            self._ears.heard.pop(0)

    async def _weigh_late(self, report: ProviderReport) -> SagaWritten:
        """Keep it; a final word that differs from how its instruction ended is a case as well."""
        return await self._saga.write(late(report, self._saga.left(report.attempt_id)))

    def _known(self) -> Known:
        """The instruction in flight, as the operators' rules see one."""
        known = Known(id=self._out or self._saga.ref.id, provider="vault", amount=_NOTHING)
        state = self._saga.instruction
        return (
            known
            if state is None
            else Known(id=known.id, provider=known.provider, amount=known.amount, state=state)
        )


def late(report: ProviderReport, ended: AttemptState | None) -> Change:
    """What a report means for an instruction that has `ended` so; None: it never has."""
    if ended is None or not ended.final or not contradicts(ended, report):
        return Change(evidence=(report,))
    amount = report.reading.amount
    case = SagaCase(kind="contradiction", cause=report.attempt_id, amount=amount)
    return Change(evidence=(report,), case=case, events=(OPENED,), needs_review=True)
