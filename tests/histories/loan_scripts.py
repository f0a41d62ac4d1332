"""What the outside world does while a loan goes its way: scripts of the recorded endings."""

from collections.abc import Awaitable, Callable

from models.checkout import ASK, RESOLVE, OperatorAsk, OperatorResolution
from models.loan import LoanState
from models.loan_calls import Examined
from models.loan_decisions import DECIDE_POSTING, PostingDecision, PostingWord
from models.loan_preflight import Finding
from models.reading import Reading, Reason, Source, Verdict
from tests.workflows.loan_harness import World
from tests.workflows.loan_readings import BOOKED, PAID

Script = Callable[[World], Awaitable[None]]
L = LoanState


async def nothing(_loan: World) -> None:
    """The outside world says what the fakes were given, and nothing else."""


def woken_after_parking(*, funds: int = 0) -> Script:
    """Once the loan waits, the wallet is filled and the loan is woken."""

    async def script(loan: World) -> None:
        await loan.reaches(L.PARKED)
        loan.keeper.wallet += funds
        await loan.wakes()

    return script


def resolved(outcome: str, receipt: str | None = "TKL0000XYZ") -> Script:
    """Two people end what nobody can learn."""

    async def script(loan: World) -> None:
        await loan.until(lambda: any(step.needs_review for step in loan.keeper.steps))
        word = OperatorResolution(
            actor="op.amina",
            approver="op.brian",
            reason="seen in the organisation portal",
            evidence="statement line 7",
            outcome=outcome,
            receipt=receipt,
        )
        await loan.updates(RESOLVE, word)

    return script


def decided(word: PostingWord) -> Script:
    """Two people decide about a refused posting."""

    async def script(loan: World) -> None:
        await loan.reaches(L.POSTING_REVIEW)
        loan.lender.posts, loan.lender.backs = [BOOKED], [BOOKED]
        decision = PostingDecision(
            word=word, actor="op.amina", approver="op.brian", reason="the date is open now"
        )
        await loan.updates(DECIDE_POSTING, decision)

    return script


async def result_before_the_answer(loan: World) -> None:
    await loan.until(lambda: bool(loan.short_code.paid))


def contradicted(outcome: str) -> Script:
    """While the loan waits for float, its refused payment turns out to be made."""

    async def script(loan: World) -> None:
        await loan.reaches(L.PARKED)
        await loan.says(PAID, source=Source.QUERY)
        await resolved(outcome)(loan)

    return script


async def taken_back_in_review(loan: World) -> None:
    await loan.reaches(L.POSTING_REVIEW)
    back = Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED)
    await loan.says(back, source=Source.QUERY)


async def taken_back_while_booking(loan: World) -> None:
    await loan.reaches(L.POSTING_UNKNOWN)
    back = Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED)
    await loan.says(back, source=Source.QUERY)
    loan.lender.backs = [BOOKED]


async def checker_approves(loan: World) -> None:
    await loan.reaches(L.POSTING_REVIEW)
    loan.lender.backs = [BOOKED]
    await loan.updates(ASK, OperatorAsk(actor="op.amina", reason="the checker has approved it"))


async def short_then_found_elsewhere(loan: World) -> None:
    await loan.reaches(L.PARKED)
    loan.lender.looks = [Examined(finding=Finding(rejects="loan_not_approved"))]
    await loan.wakes()
