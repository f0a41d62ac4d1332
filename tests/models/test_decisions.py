"""What evidence means, in every situation there is."""

import itertools

import pytest

from models import decisions
from models.decisions import NOTHING, Decision, Known, Situation, hear
from models.lifecycle import (
    ATTEMPT_MOVES,
    CHECKOUT_MOVES,
    PAYMENT_MOVES,
    AttemptState,
    CheckoutState,
    PaymentStatus,
)
from models.money import Money
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.step import CaseKind

ASKED = Money(10_000, "KES")
_UNSENT = {AttemptState.CREATED, AttemptState.QUEUED}
SENT_STATES = [state for state in AttemptState if state not in _UNSENT]


def report(
    verdict: Verdict,
    *,
    source: Source = Source.CALLBACK,
    amount: Money | None = None,
    receipt: str | None = None,
    not_received: bool = False,
) -> ProviderReport:
    reading = Reading(verdict=verdict, amount=amount, receipt=receipt)
    return ProviderReport(
        attempt_id="att_1",
        source=source,
        reading=reading,
        evidence_id="evd_1",
        not_received=not_received,
    )


def known(state: AttemptState, **more: object) -> Known:
    return Known(id="att_1", provider="mpesa", amount=ASKED, state=state, **more)  # type: ignore[arg-type] # test builder


def situation_of(state: AttemptState) -> list[Situation]:
    """Situations that can stand beside an attempt in this state."""
    if state is AttemptState.SUCCEEDED:
        return [Situation(checkout=CheckoutState.COMPLETE, payment=PaymentStatus.SUCCEEDED)]
    if state.final:
        return [
            Situation(payment=PaymentStatus.REQUIRES_PAYMENT_METHOD),
            Situation(checkout=CheckoutState.EXPIRED, payment=PaymentStatus.CANCELED),
            Situation(checkout=CheckoutState.COMPLETE, payment=PaymentStatus.SUCCEEDED),
        ]
    unknown = {AttemptState.UNKNOWN, AttemptState.NEEDS_REVIEW}
    status = PaymentStatus.UNKNOWN if state in unknown else PaymentStatus.PROCESSING
    return [
        Situation(payment=status),
        Situation(payment=status, closing=CheckoutState.CANCELED),
    ]


EVERY_REPORT = [
    report(verdict, source=source, amount=amount, receipt=receipt, not_received=lost)
    for verdict, source, amount, receipt, lost in itertools.product(
        Verdict,
        (Source.ACK, Source.CALLBACK, Source.QUERY),
        (None, ASKED, Money(9_999, "KES"), Money(100, "XAF")),
        (None, "R1"),
        (False, True),
    )
    if not (lost and verdict is not Verdict.REFUSED)
]
EVERY_CASE = [
    (known(state), situation, told)
    for state in SENT_STATES
    for situation in situation_of(state)
    for told in EVERY_REPORT
]


def legal(decision: Decision, before: Known, situation: Situation) -> bool:
    moves = (
        (ATTEMPT_MOVES[before.state], decision.attempt),
        (PAYMENT_MOVES[situation.payment], decision.payment),
        (CHECKOUT_MOVES[situation.checkout], decision.checkout),
    )
    return all(new is None or new in allowed for allowed, new in moves)


def test_no_evidence_in_any_situation_asks_for_a_move_the_tables_do_not_hold() -> None:
    wrong = [
        (before, situation, told)
        for before, situation, told in EVERY_CASE
        if not legal(hear(before, situation, told), before, situation)
    ]
    assert len(EVERY_CASE) > 1_000
    assert wrong == []


def test_money_that_came_is_booked_or_was_booked_before_never_ignored() -> None:
    ignored = [
        (before, told)
        for before, situation, told in EVERY_CASE
        if told.verdict is Verdict.SETTLED
        and before.state is not AttemptState.SUCCEEDED
        and hear(before, situation, told).books is None
    ]
    assert ignored == []


def test_nothing_but_a_settled_report_ever_books_money() -> None:
    booked = [
        told
        for before, situation, told in EVERY_CASE
        if told.verdict is not Verdict.SETTLED and hear(before, situation, told).books
    ]
    assert booked == []


def test_a_final_attempt_is_never_moved_by_evidence() -> None:
    moved = [
        (before, told)
        for before, situation, told in EVERY_CASE
        if before.state.final and hear(before, situation, told).attempt is not None
    ]
    assert moved == []


def test_a_final_payment_is_never_moved_by_evidence() -> None:
    moved = [
        (situation, told)
        for before, situation, told in EVERY_CASE
        if situation.payment.final and hear(before, situation, told).payment is not None
    ]
    assert moved == []


def test_a_payment_succeeds_only_on_the_amount_and_currency_that_were_asked() -> None:
    amounts = {
        told.reading.amount
        for before, situation, told in EVERY_CASE
        if hear(before, situation, told).payment is PaymentStatus.SUCCEEDED
    }
    assert amounts == {None, ASKED}


@pytest.mark.parametrize(
    ("arrived", "case"),
    [
        (Money(9_999, "KES"), CaseKind.AMOUNT_MISMATCH),
        (Money(10_001, "KES"), CaseKind.AMOUNT_MISMATCH),
        (Money(10_000, "XAF"), CaseKind.CURRENCY_MISMATCH),
    ],
)
def test_money_other_than_asked_goes_to_suspense_with_its_case(
    arrived: Money, case: CaseKind
) -> None:
    decision = hear(
        known(AttemptState.AWAITING_CUSTOMER),
        Situation(payment=PaymentStatus.REQUIRES_ACTION),
        report(Verdict.SETTLED, amount=arrived),
    )
    assert (decision.books, decision.case, decision.payment) == (arrived, case, None)


def test_late_money_after_a_failed_attempt_opens_a_late_money_case() -> None:
    ended = Situation(checkout=CheckoutState.EXPIRED, payment=PaymentStatus.CANCELED)
    decision = hear(known(AttemptState.FAILED), ended, report(Verdict.SETTLED))
    assert (decision.case, decision.books) == (CaseKind.LATE_MONEY, ASKED)


def test_late_money_beside_a_success_is_paid_twice() -> None:
    paid = Situation(checkout=CheckoutState.COMPLETE, payment=PaymentStatus.SUCCEEDED)
    decision = hear(known(AttemptState.FAILED), paid, report(Verdict.SETTLED))
    assert (decision.case, decision.books) == (CaseKind.PAID_TWICE, ASKED)


def test_the_same_success_told_twice_changes_nothing() -> None:
    paid = Situation(checkout=CheckoutState.COMPLETE, payment=PaymentStatus.SUCCEEDED)
    again = report(Verdict.SETTLED, receipt="R1")
    assert hear(known(AttemptState.SUCCEEDED, receipt="R1"), paid, again) == NOTHING


def test_a_second_receipt_for_a_success_is_a_second_payment() -> None:
    paid = Situation(checkout=CheckoutState.COMPLETE, payment=PaymentStatus.SUCCEEDED)
    other = report(Verdict.SETTLED, receipt="R2")
    decision = hear(known(AttemptState.SUCCEEDED, receipt="R1"), paid, other)
    assert (decision.case, decision.books) == (CaseKind.PAID_TWICE, ASKED)


def test_a_refusal_after_a_success_opens_a_review_and_overwrites_nothing() -> None:
    paid = Situation(checkout=CheckoutState.COMPLETE, payment=PaymentStatus.SUCCEEDED)
    decision = hear(known(AttemptState.SUCCEEDED), paid, report(Verdict.REFUSED))
    assert (decision.case, decision.needs_review) == (CaseKind.CONTRADICTION, True)
    assert (decision.attempt, decision.payment, decision.checkout) == (None, None, None)


def test_a_failure_lets_the_payer_try_again() -> None:
    decision = hear(
        known(AttemptState.AWAITING_CUSTOMER),
        Situation(payment=PaymentStatus.REQUIRES_ACTION),
        report(Verdict.REFUSED),
    )
    assert decision.payment is PaymentStatus.REQUIRES_PAYMENT_METHOD
    assert decision.checkout is None


def test_a_failure_after_a_cancel_request_ends_the_session_canceled() -> None:
    decision = hear(
        known(AttemptState.AWAITING_CUSTOMER),
        Situation(payment=PaymentStatus.REQUIRES_ACTION, closing=CheckoutState.CANCELED),
        report(Verdict.REFUSED),
    )
    assert decision.checkout is CheckoutState.CANCELED
    assert decision.payment is PaymentStatus.CANCELED


def test_a_success_wins_over_a_cancel_request() -> None:
    decision = hear(
        known(AttemptState.AWAITING_CUSTOMER),
        Situation(payment=PaymentStatus.REQUIRES_ACTION, closing=CheckoutState.CANCELED),
        report(Verdict.SETTLED, amount=ASKED),
    )
    assert decision.checkout is CheckoutState.COMPLETE


def test_a_lost_answer_is_unknown_and_told_to_the_merchant() -> None:
    lost = report(Verdict.UNKNOWN, source=Source.ACK)
    decision = hear(known(AttemptState.SENDING), Situation(), lost)
    assert decision.attempt is AttemptState.UNKNOWN
    assert decision.events == (decisions.OUTCOME_UNKNOWN,)


def test_a_success_after_not_received_still_counts() -> None:
    came = report(Verdict.SETTLED, amount=ASKED)
    decision = hear(known(AttemptState.NOT_RECEIVED), Situation(), came)
    assert decision.attempt is AttemptState.SUCCEEDED


@pytest.mark.parametrize(
    ("verdict", "claimed", "state"),
    [
        (Verdict.PENDING, False, AttemptState.UNKNOWN),
        (Verdict.PENDING, True, AttemptState.UNKNOWN),
        (Verdict.UNKNOWN, True, AttemptState.UNKNOWN),
        (Verdict.UNKNOWN, False, None),
    ],
)
def test_what_was_not_received_is_in_doubt_once_anybody_knows_of_it(
    verdict: Verdict, *, claimed: bool, state: AttemptState | None
) -> None:
    told = report(verdict, source=Source.QUERY)
    decision = hear(known(AttemptState.NOT_RECEIVED), Situation(), told, claimed=claimed)
    assert decision.attempt is state
    assert legal(decision, known(AttemptState.NOT_RECEIVED), Situation())


def test_two_people_accepting_a_mismatch_credit_what_arrived() -> None:
    arrived = Money(9_000, "KES")
    held = known(AttemptState.NEEDS_REVIEW, suspended=CaseKind.AMOUNT_MISMATCH, received=arrived)
    word = ProviderReport(
        attempt_id="att_1",
        source=Source.OPERATOR,
        reading=Reading(verdict=Verdict.SETTLED, reason=Reason.OPERATOR),
        evidence_id="evd_2",
    )
    decision = hear(held, Situation(payment=PaymentStatus.REQUIRES_ACTION), word)
    assert (decision.books, decision.accepted) == (arrived, True)
    assert decision.payment is PaymentStatus.SUCCEEDED
