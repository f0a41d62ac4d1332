"""A customer's payment on its way: received, matched, posted at the lender, and told."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from models.account_matching import Target
from models.collection import CollectionState
from models.collection_confirmation import PAYMENT_TOLD, PaymentTold
from models.collection_decisions import DECIDE, CollectionDecision, CollectionWord, against
from models.collection_order import WORKFLOW, CollectionOrder
from models.saga import SagaStory
from workflows.collection_posting import CollectionPosting
from workflows.collection_receiving import Receiving
from workflows.collection_run import CollectionRun
from workflows.collection_suspense import Suspense
from workflows.vault import VaultWorkflow

#: People who decide are not kept waiting by silent books.
_PATIENCE = timedelta(seconds=15)


@workflow.defn(name=WORKFLOW)
class CollectionWorkflow(VaultWorkflow):
    """One saga of one payment; its id is the saga's."""

    @workflow.init
    def __init__(self, order: CollectionOrder) -> None:
        self._run = CollectionRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        receiving, posting = Receiving(self._run), CollectionPosting(self._run)
        self._stages = {
            CollectionState.REQUESTED: receiving.ring,
            CollectionState.SENDING: receiving.ring,
            CollectionState.UNKNOWN: receiving.ring,
            CollectionState.RECEIVED: receiving.received,
            CollectionState.MATCHED: posting.post,
            CollectionState.ALLOCATED: posting.post,
            CollectionState.POSTING: posting.post,
            CollectionState.POSTING_UNKNOWN: posting.post,
            CollectionState.POSTING_REVIEW: posting.review,
            CollectionState.SUSPENSE: Suspense(self._run).wait,
        }

    @workflow.run
    async def run(self, order: CollectionOrder) -> str:  # noqa: ARG002 - taken by the initialiser
        """Carry the payment to its end; the state it ends in."""
        while not self._saga.final:
            await self._stages[CollectionState(self._saga.state)]()
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=PAYMENT_TOLD)
    def payment_told(self, told: PaymentTold) -> None:
        """M-Pesa answers whether the money has come."""
        self._run.answers.append(told)

    @workflow.update(name=DECIDE)
    async def decide(self, decision: CollectionDecision) -> SagaStory:
        """Two people decide; an account they name is looked up before it counts."""
        target = await self._named(decision)
        self._may_decide(decision)
        entry = (decision, target)
        self._run.decisions.append(entry)
        await workflow.wait_condition(lambda: entry not in self._run.decisions or self._saga.final)
        return self._saga.story()

    @decide.validator
    def _may_decide(self, decision: CollectionDecision) -> None:
        refused = against(decision, self._saga.state)
        if refused or self._run.decisions:
            raise _refused(refused or "another decision is being carried out")

    @property
    def _unweighed(self) -> bool:
        return super()._unweighed or bool(self._run.answers)

    async def _weigh_first(self) -> None:
        """M-Pesa's answers come last: one that denies what is posted is for people."""
        if self._ears.heard:
            await super()._weigh_first()
        else:
            await self._run.keep_answer(self._run.denied(self._run.answers[0]))

    def _somebody_knows(self) -> bool:
        """M-Pesa also knows of money that came and is not confirmed yet."""
        return super()._somebody_knows() or self._saga.state == CollectionState.RECEIVED

    async def _named(self, decision: CollectionDecision) -> Target | None:
        if decision.word is not CollectionWord.ALLOCATE:
            return None
        try:
            match = await self._run.match(decision.account or "", None, _PATIENCE)
        except ActivityError as error:
            raise _refused("the lender's books do not answer: try again later") from error
        if match.target is None:
            raise _refused(f"no account is meant by this: {match.why}")
        return match.target

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the run's own, in one place
        return self._run.out


def _refused(why: str) -> ApplicationError:
    return ApplicationError(why, type="Refused", non_retryable=True)
