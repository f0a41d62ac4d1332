"""A posting the lender's books refused: people decide, and we look whether it was booked anyway."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_decisions import PostingDecision, PostingWord
from models.loan_order import REVIEW_LOOK
from models.reading import Verdict
from workflows.concluding import signed
from workflows.loan_posting import Posting
from workflows.loan_run import LoanRun
from workflows.saga import Change


class PostingReview:
    """The stage posting_review."""

    def __init__(self, run: LoanRun, posting: Posting) -> None:
        self._run = run
        self._posting = posting

    async def review(self) -> None:
        """Wait for two people, and look now and then whether it was booked meanwhile."""
        run, ears = self._run, self._run.ears
        run.turn_over()
        run.out = self._posting.instruct(AttemptState.NEEDS_REVIEW).id
        if run.known.reversed:
            await self._posting.reversed(posted=False)
        elif run.decisions:
            await self._decided(run.decisions[0])
        elif ears.heard:
            await run.write(Change(evidence=(ears.heard[0],)))
            ears.heard.pop(0)
        elif not await self._something_comes() or ears.ask_now:
            ears.ask_now = False
            await self._look()
            ears.asked += 1
        run.out = None

    async def _something_comes(self) -> bool:
        run, ears = self._run, self._run.ears
        try:
            await workflow.wait_condition(
                lambda: bool(run.decisions or ears.heard or ears.ask_now),
                timeout=run.scaled(REVIEW_LOOK),
                timeout_summary="look again whether it is booked",
            )
        except TimeoutError:
            return False
        return True

    async def _look(self) -> None:
        """A checker may have approved it, or an officer booked it under our name."""
        run, call = self._run, self._posting.ask()
        await workflow.wait_condition(
            lambda: call.done() or bool(run.decisions) or run.known.reversed
        )
        if not call.done():  # silent books do not keep people waiting
            call.cancel()
        try:
            report = await call
        except ActivityError:
            return
        if report.verdict is Verdict.SETTLED:
            await self._posting.disbursed(self._posting.instruct(AttemptState.SUCCEEDED), report)

    async def _decided(self, decision: PostingDecision) -> None:
        """The word of two people: once more under a new key, or it stands as made by hand."""
        run = self._run
        if decision.word is PostingWord.POSTED_BY_HAND:
            await self._posting.disbursed(
                self._posting.instruct(AttemptState.FAILED), None, decision
            )
        else:
            change = Change(
                to=LoanState.POSTING,
                instruct=self._posting.instruct(AttemptState.FAILED),
                needs_review=False,
            )
            self._posting.tries.begin_anew()
            again = {"posting": run.known.posting + 1, "tries": self._posting.tries.number}
            await run.write(signed(change, decision), **again)
        if decision in run.decisions:
            run.decisions.remove(decision)
