"""Where a saga of the vault stands, and the one way to move it: decide, write, then believe."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.sagas import Sagas
from models import saga_states
from models.decisions import REVIEW_OPENED
from models.lifecycle import AttemptState
from models.messages import Notice
from models.reading import ProviderReport
from models.saga import (
    Instruct,
    SagaCase,
    SagaRef,
    SagaStep,
    SagaStory,
    SagaWritten,
    Shown,
    Trouble,
)
from models.vault_postings import VaultPosting
from workflows import story
from workflows.attributes import STATUS
from workflows.policies import WRITES, WRITES_LOCALLY, local, ordinary

#: The event that a person is asked for.
OPENED = REVIEW_OPENED


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a step changes; see SagaStep for each field."""

    to: str | None = None
    reason: str | None = None
    actor: str = "kauri"
    approver: str | None = None
    shows: Mapping[str, Shown] = dataclasses.field(default_factory=dict)
    instruct: Instruct | None = None
    evidence: tuple[ProviderReport, ...] = ()
    posting: VaultPosting | None = None
    case: SagaCase | None = None
    closes: str | None = None
    events: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    claims: bool = True
    needs_review: bool | None = None
    next_check_at: datetime | None = None


class Saga:
    """One saga's memory inside its workflow. State changes only by a written step.

    `title`: what people read about it at a glance.
    """

    def __init__(self, ref: SagaRef, state: str, title: str = "") -> None:
        self.ref = ref
        self.title = title or f"{ref.kind} {ref.id}"
        self.state = state
        self.instruction: AttemptState | None = None
        self.needs_review = False
        self.next_check_at: datetime | None = None
        #: Steps that have come back, written or not.
        self.writes = 0
        #: What was heard and is in no step yet: it goes with the next one that brings evidence,
        #: so that nobody takes it for unweighed (activities/saga_rows.py).
        self.unwritten: list[ProviderReport] = []
        self._perhaps: str | None = None
        self._steps = 0
        self._left: dict[str, AttemptState] = {}
        self._status: str | None = None
        self._last_evidence = "none yet"

    @property
    def final(self) -> bool:
        """True when nothing is left to do by itself."""
        return saga_states.final(self.ref.kind, self.state)

    def left(self, instruction_id: str) -> AttemptState | None:
        """How this run left an instruction; one it does not know, how the last one was left."""
        return self._left.get(instruction_id, self.instruction)

    def fenced(self, sending: str) -> None:
        """A call is on its way whose fence moves the row to `sending`, should it be reached."""
        if sending != self.state:
            self._perhaps, self.state = self.state, sending
        self.instruction = AttemptState.SENDING

    async def write(self, change: Change) -> SagaWritten:
        """Commit one step, then believe it: what was decided, or where the rows stand instead.

        After Trouble.MOVED the state is the row's: decide again from there. After SHORT and
        DISPUTED nothing has moved.
        """
        self._steps += 1
        change = self._with_unwritten(change)
        written = await _commit(self._step(change))
        self.writes += 1
        if written.applied:
            self._accept(change)
            self.unwritten = self._missing_in(change)
        elif written.trouble is Trouble.MOVED:
            self.state, self._perhaps = written.state, None
            self.instruction = written.instruction or self.instruction
        self._tell()
        return written

    async def end(self, change: Change) -> SagaWritten:
        """Write the end of a leg, also where an earlier run wrote another step before it died.

        What was learned stays true: it is written from where the row stands, while the table of
        moves lets it. Each try takes a key of its own, and an earlier run left but a few.
        """
        written = await self.write(change)
        while written.trouble is Trouble.MOVED and self._leads_to(change.to):
            written = await self.write(change)
        return written

    def _with_unwritten(self, change: Change) -> Change:
        """The last piece stays the last: it is the step's proof."""
        before = self._missing_in(change)
        if not before or not change.evidence:
            return change
        return dataclasses.replace(change, evidence=(*before, *change.evidence))

    def _missing_in(self, change: Change) -> list[ProviderReport]:
        there = {one.evidence_id for one in change.evidence}
        return [one for one in self.unwritten if one.evidence_id not in there]

    def _leads_to(self, state: str | None) -> bool:
        open_still = state is not None and not self.final
        return open_still and saga_states.allowed(self.ref.kind, self.state, str(state))

    def story(self) -> SagaStory:
        """The live state."""
        return SagaStory(
            id=self.ref.id,
            kind=self.ref.kind,
            state=self.state,
            instruction=self.instruction,
            last_evidence=self._last_evidence,
            next_check_at=self.next_check_at,
            needs_review=self.needs_review,
        )

    def _step(self, change: Change) -> SagaStep:
        said = story.in_words(change.evidence[-1]) if change.evidence else None
        return SagaStep(
            key=f"{self.ref.id}/{workflow.info().run_id}/{self._steps}",
            saga=self.ref,
            at=workflow.now(),
            actor=change.actor,
            believes=self.state,
            perhaps=self._perhaps,
            to=change.to,
            reason=change.reason or said,
            approver=change.approver,
            shows=change.shows,
            instruct=change.instruct,
            evidence=change.evidence,
            posting=change.posting,
            case=change.case,
            closes=change.closes,
            events=change.events,
            notices=change.notices,
            claims=change.claims,
            needs_review=change.needs_review,
            next_check_at=change.next_check_at,
        )

    def _accept(self, change: Change) -> None:
        if change.to is not None:
            self.state, self._perhaps = change.to, None
        if change.instruct is not None:
            self.instruction = self._left[change.instruct.id] = change.instruct.state
        if change.needs_review is not None:
            self.needs_review = change.needs_review
        if change.evidence:
            self._last_evidence = story.in_words(change.evidence[-1])
        self.next_check_at = change.next_check_at

    def _tell(self) -> None:
        """The line the Temporal UI shows; the status attribute where the saga ends or waits."""
        waits = f" - next check {self.next_check_at:%H:%M:%S}" if self.next_check_at else ""
        review = " - needs review" if self.needs_review else ""
        workflow.set_current_details(
            f"{self.title}: {self.state}{review}\nlast evidence: {self._last_evidence}{waits}"
        )
        if self.state != self._status and (self.final or self.state in {"unknown", "parked"}):
            self._status = self.state
            workflow.upsert_search_attributes([STATUS.value_set(self.state)])


async def _commit(step: SagaStep) -> SagaWritten:
    """A local activity first; out of time, the same step as an ordinary one without limit."""
    summary = f"{step.actor}: {step.to or 'evidence'}"
    try:
        return await workflow.execute_local_activity_method(
            Sagas.write, step, **local(WRITES_LOCALLY, summary)
        )
    except FailureError:
        pass
    try:
        return await workflow.execute_activity_method(
            Sagas.write, step, **ordinary(WRITES, summary)
        )
    except ActivityError as error:  # a broken invariant: stop here, visibly, until repaired
        raise RuntimeError(f"step {step.key} cannot be written") from error
