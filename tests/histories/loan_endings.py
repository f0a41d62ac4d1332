"""Every ending of a loan, played once against fakes: what `record` writes and replay reads."""

from dataclasses import dataclass, field, replace
from typing import Any

from models.loan import LoanState, ParkReason
from models.loan_calls import Examined, PaidDetails
from models.loan_decisions import PostingWord
from models.loan_preflight import Finding
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, Unreachable
from tests.histories.loan_scripts import (
    Script,
    checker_approves,
    contradicted,
    decided,
    nothing,
    resolved,
    result_before_the_answer,
    short_then_found_elsewhere,
    taken_back_in_review,
    taken_back_while_booking,
    woken_after_parking,
)
from tests.workflows.loan_fakes import Keeper, Lender, ShortCode
from tests.workflows.loan_harness import World
from tests.workflows.loan_readings import (
    BOOKED,
    DATE,
    DOWN,
    GOOD,
    LOCKED,
    NO_ACCOUNT,
    NO_FUNDS,
    NOT_FOUND,
    OTHER_HAND,
    PAID,
    PARKED,
    RUNNING,
    TAKEN,
    UNBOOKED,
    holding,
    parks,
)

Answers = list[Reading | Exception]
L = LoanState


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanEnding:
    """One way a loan can go, and the state it ends in. `script` speaks for the outside world."""

    ends: str = L.DISBURSED
    lender: Lender = field(default_factory=Lender)
    short_code: ShortCode = field(default_factory=ShortCode)
    keeper: Keeper = field(default_factory=Keeper)
    terms: dict[str, Any] = field(default_factory=dict)
    confirm: bool = False
    script: Script = nothing


_LOST: Answers = [Ambiguous("read timeout")]
_GONE: Answers = [Unreachable("refused"), TAKEN]
_BUSY = Reading(verdict=Verdict.UNKNOWN, reason=Reason.RATE_LIMITED, provider_code="26")
_LESS = replace(PAID, amount=Money(900_000, "KES"))
_OTHER = PaidDetails(same_number=False)


def endings() -> dict[str, LoanEnding]:
    """The endings by name, with fresh fakes."""
    return {**_paid(), **_waited(), **_booked(), **_judged(), **_unpaid()}


def _paid() -> dict[str, LoanEnding]:
    """M-Pesa pays, at once or after questions."""
    return {
        "disbursed": LoanEnding(),
        "disbursed_before_the_answer": LoanEnding(script=result_before_the_answer),
        "disbursed_by_asking": LoanEnding(
            short_code=ShortCode(results=[None], answers=[None, PAID])
        ),
        "disbursed_after_a_lost_answer": LoanEnding(
            short_code=ShortCode(pays=_LOST.copy(), results=[None], answers=[None, PAID])
        ),
        "disbursed_once_m_pesa_confirmed": LoanEnding(
            short_code=ShortCode(answers=[PAID]), confirm=True
        ),
        "disbursed_after_never_sent": LoanEnding(short_code=ShortCode(pays=_GONE.copy())),
        "disbursed_after_absence_was_proven": LoanEnding(
            short_code=ShortCode(
                pays=[Ambiguous("reset"), TAKEN],
                answers=[NOT_FOUND],
            )
        ),
    }


def _waited() -> dict[str, LoanEnding]:
    """The loan waits for something first."""
    return {
        "disbursed_after_a_top_up": LoanEnding(
            keeper=Keeper(wallet=100), script=woken_after_parking(funds=50_000)
        ),
        "disbursed_after_float_was_bought": LoanEnding(
            short_code=ShortCode(holds=[holding(100), holding(10_000_000)]),
            script=woken_after_parking(),
        ),
        "disbursed_by_the_second_attempt": LoanEnding(
            short_code=ShortCode(results=[NO_FUNDS, PAID], answers=[NOT_FOUND]),
            script=woken_after_parking(),
        ),
        "disbursed_after_m_pesa_was_too_busy": LoanEnding(
            short_code=ShortCode(results=[_BUSY, PAID], answers=[NOT_FOUND]),
            script=woken_after_parking(),
        ),
        "disbursed_once_the_phone_was_known": LoanEnding(
            lender=Lender(looks=[parks(ParkReason.PHONE, "no number"), GOOD]),
            script=woken_after_parking(),
        ),
    }


def _booked() -> dict[str, LoanEnding]:
    """The lender's books resist."""
    return {
        "disbursed_after_a_lock": LoanEnding(lender=Lender(posts=[LOCKED, RUNNING, BOOKED])),
        "disbursed_after_mifos_was_down": LoanEnding(
            lender=Lender(posts=[DOWN, BOOKED], backs=[UNBOOKED, UNBOOKED, UNBOOKED, BOOKED])
        ),
        "disbursed_after_the_reply_was_lost": LoanEnding(
            lender=Lender(posts=[Ambiguous("cut")], backs=[UNBOOKED, BOOKED])
        ),
        "disbursed_after_a_checker": LoanEnding(
            lender=Lender(posts=[PARKED], backs=[UNBOOKED]), script=checker_approves
        ),
        "disbursed_by_posting_again": LoanEnding(
            lender=Lender(posts=[DATE], backs=[UNBOOKED]),
            script=decided(PostingWord.POST_AGAIN),
        ),
        "disbursed_by_hand": LoanEnding(
            lender=Lender(posts=[DATE], backs=[UNBOOKED]),
            script=decided(PostingWord.POSTED_BY_HAND),
        ),
        "disbursed_by_another_hand": LoanEnding(
            lender=Lender(posts=[DOWN], backs=[OTHER_HAND]),
            script=decided(PostingWord.POSTED_BY_HAND),
        ),
    }


def _judged() -> dict[str, LoanEnding]:
    """Two people judge what was paid."""
    return {
        "disbursed_although_the_amount_differs": LoanEnding(
            short_code=ShortCode(results=[_LESS]), script=resolved("succeeded")
        ),
        "disbursed_when_people_resolve": LoanEnding(
            short_code=ShortCode(pays=_LOST.copy(), results=[None]),
            terms={"horizon": 0.5, "prompt_lifetime": 0.3},
            script=resolved("succeeded"),
        ),
        "disbursed_although_the_receipt_is_disputed": LoanEnding(
            keeper=_disputed(), script=resolved("succeeded", "TKL1111XYZ")
        ),
        "disbursed_although_believed_refused": LoanEnding(
            short_code=ShortCode(results=[NO_FUNDS], answers=[NOT_FOUND]),
            script=contradicted("succeeded"),
        ),
        "disbursed_after_a_contradiction_was_cleared": LoanEnding(
            short_code=ShortCode(results=[NO_FUNDS, PAID], answers=[NOT_FOUND]),
            script=contradicted("failed"),
        ),
    }


def _unpaid() -> dict[str, LoanEnding]:
    """The loan is not paid, or not for long."""
    return {
        "failed_at_the_receiver": LoanEnding(
            ends=L.FAILED, short_code=ShortCode(results=[NO_ACCOUNT])
        ),
        "failed_after_a_result_was_denied": LoanEnding(
            ends=L.FAILED,
            short_code=ShortCode(answers=[NO_ACCOUNT]),
            confirm=True,
            script=resolved("failed", None),
        ),
        "failed_when_people_resolve": LoanEnding(
            ends=L.FAILED,
            short_code=ShortCode(details=_OTHER),
            script=resolved("failed", None),
        ),
        "rejected": LoanEnding(
            ends=L.REJECTED,
            lender=Lender(looks=[Examined(finding=Finding(rejects="loan_not_approved"))]),
        ),
        "rejected_while_parked": LoanEnding(
            ends=L.REJECTED,
            lender=Lender(looks=[parks(ParkReason.LIMITS)]),
            script=short_then_found_elsewhere,
        ),
        "reversed_before_it_was_booked": LoanEnding(
            ends=L.REVERSAL_REVIEW,
            lender=Lender(posts=[DATE], backs=[UNBOOKED]),
            script=taken_back_in_review,
        ),
        "reversed_while_it_was_booked": LoanEnding(
            ends=L.REVERSAL_REVIEW,
            lender=Lender(posts=[DOWN], backs=[UNBOOKED]),
            terms={"settle_time": 30.0},
            script=taken_back_while_booking,
        ),
    }


def _disputed() -> Keeper:
    keeper = Keeper()
    keeper.disputes = 1
    return keeper


async def play(loan: World, ending: LoanEnding) -> str:
    """Run one ending to its end."""
    await loan.start(
        confirm=ending.confirm,
        payout_terms=replace(loan.order.payout_terms, **ending.terms),
        posting_terms=replace(loan.order.posting_terms, **ending.terms),
    )
    await ending.script(loan)
    return await loan.ends()
