"""What a piece of evidence means for a payment. Pure: the heart of the checkout saga.

The running workflow and the stray-report workflow decide with the same function, so a fact
means the same before and after the session has ended.
"""

from dataclasses import dataclass

from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money
from models.reading import ProviderReport, Source, Verdict
from models.step import CaseKind

CREATED, REQUIRES_ACTION = "payment.created", "payment.requires_action"
PROCESSING, OUTCOME_UNKNOWN = "payment.processing", "payment.outcome_unknown"
SUCCEEDED, CANCELED = "payment.succeeded", "payment.canceled"
ATTEMPT_FAILED = "payment.attempt.failed"
REVIEW_OPENED = "reconciliation.exception.opened"
REVIEW_RESOLVED = "reconciliation.exception.resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one attempt. `suspended`: its money lies in suspense for that case."""

    id: str
    provider: str
    amount: Money
    state: AttemptState = AttemptState.CREATED
    provider_reference: str | None = None
    receipt: str | None = None
    suspended: CaseKind | None = None
    received: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where session and payment stand. `closing`: how the session ends if the attempt fails."""

    checkout: CheckoutState = CheckoutState.PROCESSING
    payment: PaymentStatus = PaymentStatus.PROCESSING
    needs_review: bool = False
    closing: CheckoutState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to write. States that stay are None; `books` is money, `case` a question."""

    attempt: AttemptState | None = None
    payment: PaymentStatus | None = None
    checkout: CheckoutState | None = None
    books: Money | None = None
    case: CaseKind | None = None
    accepted: bool = False
    needs_review: bool | None = None
    events: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """False when the evidence is only kept."""
        return self != NOTHING


NOTHING = Decision()
_WAITING = frozenset({AttemptState.SENDING, AttemptState.ACCEPTED, AttemptState.AWAITING_CUSTOMER})


def hear(
    known: Known, situation: Situation, report: ProviderReport, *, claimed: bool = False
) -> Decision:
    """Weigh one report. A final state is never overwritten; money that came is always booked.

    `claimed`: it answers an unsigned final word, so what was not received may have come after all.
    """
    if report.verdict is Verdict.SETTLED:
        return _settled(known, situation, report)
    if report.not_received:
        return _not_received(known, situation)
    if report.verdict is Verdict.REFUSED:
        return _refused(known, situation, report)
    if report.verdict is Verdict.PENDING:
        return _pending(known, situation)
    if claimed and known.state is AttemptState.NOT_RECEIVED:
        return _unknown(situation)
    return doubt(known, situation)


def doubt(known: Known, situation: Situation) -> Decision:
    """No final word in time, or no readable answer: unknown, which blocks everything else."""
    return _unknown(situation) if known.state in _WAITING else NOTHING


def review(known: Known) -> Decision:
    """Past the horizon: a person has to look. Asking goes on."""
    if known.state is not AttemptState.UNKNOWN:
        return NOTHING
    return Decision(
        attempt=AttemptState.NEEDS_REVIEW,
        case=CaseKind.UNRESOLVED,
        needs_review=True,
        events=(REVIEW_OPENED,),
    )


def give_up(situation: Situation) -> Decision:
    """Never received, and sent as often as the terms allow: rejected, the payer may try again."""
    return _failure(AttemptState.REJECTED, situation)


def close(situation: Situation, ending: CheckoutState) -> Decision:
    """The session ends with nothing in flight: expired or canceled."""
    if situation.checkout.final:
        return NOTHING
    return Decision(payment=PaymentStatus.CANCELED, checkout=ending, events=(CANCELED,))


def _settled(known: Known, situation: Situation, report: ProviderReport) -> Decision:
    money = report.reading.amount or known.received or known.amount
    if known.state is AttemptState.SUCCEEDED:
        return _again(known, report, money)
    if known.state.final:
        return _late(situation, money)
    if known.suspended and report.source is Source.OPERATOR:
        return _success(money, accepted=True)
    if known.suspended:
        return NOTHING
    return _late(situation, money) if situation.payment.final else _arrived(known, money)


def _arrived(known: Known, money: Money) -> Decision:
    if money.currency != known.amount.currency:
        return _mismatch(known, CaseKind.CURRENCY_MISMATCH, money)
    if money != known.amount:
        return _mismatch(known, CaseKind.AMOUNT_MISMATCH, money)
    return _success(money)


def _success(money: Money, *, accepted: bool = False) -> Decision:
    return Decision(
        attempt=AttemptState.SUCCEEDED,
        payment=PaymentStatus.SUCCEEDED,
        checkout=CheckoutState.COMPLETE,
        books=money,
        accepted=accepted,
        needs_review=False,
        events=(SUCCEEDED,),
    )


def _again(known: Known, report: ProviderReport, money: Money) -> Decision:
    """The same success told twice is evidence; a different receipt is a second payment."""
    told, held = report.reading.receipt, known.receipt
    if told is None or held is None or told == held:
        return NOTHING
    return Decision(books=money, case=CaseKind.PAID_TWICE, events=(REVIEW_OPENED,))


def _late(situation: Situation, money: Money) -> Decision:
    paid = situation.payment in {PaymentStatus.SUCCEEDED, PaymentStatus.REVERSED}
    kind = CaseKind.PAID_TWICE if paid else CaseKind.LATE_MONEY
    return Decision(books=money, case=kind, events=(REVIEW_OPENED,))


def _mismatch(known: Known, kind: CaseKind, money: Money) -> Decision:
    reviewed = known.state is AttemptState.NEEDS_REVIEW
    return Decision(
        attempt=None if reviewed else AttemptState.NEEDS_REVIEW,
        books=money,
        case=kind,
        needs_review=True,
        events=(REVIEW_OPENED,),
    )


def _refused(known: Known, situation: Situation, report: ProviderReport) -> Decision:
    if known.state in {AttemptState.SUCCEEDED, AttemptState.REVERSED}:
        return Decision(case=CaseKind.CONTRADICTION, needs_review=True, events=(REVIEW_OPENED,))
    if known.state.final:
        return NOTHING
    if known.suspended and report.source is not Source.OPERATOR:
        return NOTHING
    at_once = known.state is AttemptState.SENDING and report.source is Source.ACK
    unsent = known.state in {AttemptState.NOT_RECEIVED, AttemptState.QUEUED}
    rejected = at_once or unsent
    return _failure(AttemptState.REJECTED if rejected else AttemptState.FAILED, situation)


def _failure(state: AttemptState, situation: Situation) -> Decision:
    if situation.closing:
        return Decision(
            attempt=state,
            payment=PaymentStatus.CANCELED,
            checkout=situation.closing,
            needs_review=False,
            events=(ATTEMPT_FAILED, CANCELED),
        )
    return Decision(
        attempt=state,
        payment=PaymentStatus.REQUIRES_PAYMENT_METHOD,
        needs_review=False,
        events=(ATTEMPT_FAILED,),
    )


def _not_received(known: Known, situation: Situation) -> Decision:
    if known.state not in {
        AttemptState.SENDING,
        AttemptState.UNKNOWN,
        AttemptState.NEEDS_REVIEW,
    }:
        return NOTHING
    back = _unless(situation.payment, PaymentStatus.PROCESSING)
    return Decision(attempt=AttemptState.NOT_RECEIVED, payment=back, needs_review=False)


def _unknown(situation: Situation) -> Decision:
    return Decision(
        attempt=AttemptState.UNKNOWN,
        payment=_unless(situation.payment, PaymentStatus.UNKNOWN),
        events=(OUTCOME_UNKNOWN,),
    )


def _pending(known: Known, situation: Situation) -> Decision:
    if known.state is AttemptState.NOT_RECEIVED:  # they have it after all: never sent again
        return _unknown(situation)
    if known.state not in {AttemptState.SENDING, AttemptState.ACCEPTED}:
        return NOTHING
    return Decision(
        attempt=AttemptState.AWAITING_CUSTOMER,
        payment=_unless(situation.payment, PaymentStatus.REQUIRES_ACTION),
        events=(REQUIRES_ACTION,),
    )


def _unless(current: PaymentStatus, new: PaymentStatus) -> PaymentStatus | None:
    return None if current is new else new
