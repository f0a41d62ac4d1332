"""Money nobody can be credited with by rule waits for the word of two people."""

from temporalio import workflow

from models.account_matching import Target
from models.collection import CollectionState
from models.collection_decisions import CollectionDecision, CollectionWord
from models.vault_postings import CollectionReversed
from workflows.collection_run import CollectionRun, shown_target
from workflows.concluding import signed
from workflows.saga import Change


class Suspense:
    """The stage suspense."""

    def __init__(self, run: CollectionRun) -> None:
        self._run = run

    async def wait(self) -> None:
        """Until somebody decides; what is heard meanwhile is kept."""
        run = self._run
        run.turn_over()
        await workflow.wait_condition(lambda: bool(run.decisions) or run.said)
        if run.said:
            await run.keep()
            return
        decision, target = run.decisions[0]
        await self._decided(decision, target)
        run.decisions.pop(0)

    async def _decided(self, decision: CollectionDecision, target: Target | None) -> None:
        run = self._run
        if target is not None:
            change = Change(
                to=CollectionState.ALLOCATED,
                shows={**shown_target(target, "people"), "why": None},
                events=("c2b_receipt.allocated",),
                needs_review=False,
            )
            await run.write(signed(change, decision), target=target)
        elif decision.word is CollectionWord.LEAVE:
            change = Change(
                to=CollectionState.LEFT, events=("c2b_receipt.left",), needs_review=False
            )
            await run.write(signed(change, decision))
        else:
            await run.write(signed(self._gone(decision.word), decision))

    def _gone(self, word: CollectionWord) -> Change:
        """It left the pay bill: sent back by the partner, or taken back by M-Pesa."""
        run, refunded = self._run, word is CollectionWord.REFUNDED
        ends = CollectionState.REFUNDED if refunded else CollectionState.REVERSED
        return Change(
            to=ends,
            posting=CollectionReversed(
                collection_id=run.order.saga.id,
                amount=run.paid.amount,
                posted=False,
                event="refunded" if refunded else "reversed",
            ),
            events=(f"c2b_receipt.{ends}",),
            needs_review=False,
        )
