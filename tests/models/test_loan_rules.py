"""Small rules of a loan: who was paid, what a refusal means, what an old saga means."""

from datetime import date

import pytest

from models.loan import LoanState, ParkReason
from models.loan_claims import Held, Sighting, changed_after_payment, sighting
from models.loan_decisions import PostingDecision, PostingWord, against_posting
from models.loan_receiver import same_number, same_person
from models.loan_refusals import waits_for
from models.reading import Reading, Reason, Verdict
from tests.activities.lending_rows import APPROVED, a_loan

L, R = LoanState, Reason


@pytest.mark.parametrize(
    ("told", "client", "same"),
    [
        ("JANE WANJIKU", "Jane Wanjiku", True),
        ("WANJIKU JANE MUTHONI", "Jane Wanjiku", True),
        ("Jane W.", "Jane Wanjiku", True),
        ("JANE WANJIK", "Jane Wanjiku", True),
        ("J*** WANJIKU", "Jane Wanjiku", True),
        ("N'GANG'A PETER", "Peter Nganga", True),
        ("José Kamau", "Jose Kamau", True),
        ("JOHN KAMAU", "Jane Wanjiku", False),
        ("JANE KAMAU", "Jane Wanjiku", False),
        (None, "Jane Wanjiku", None),
        ("254712000001", "Jane Wanjiku", None),
    ],
)
def test_names_are_compared_as_people_would(told: str | None, client: str, same: bool) -> None:
    assert same_person(told, client) is same


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ("254712000001 - JANE", True),
        ("0712000001 - JANE", True),
        ("2547****001 - JANE", True),
        ("254799999999 - JANE", False),
        ("JANE WANJIKU", True),
        (None, True),
    ],
)
def test_only_another_number_is_another_number(told: str | None, same: bool) -> None:
    assert same_number(told, "254712000001") is same


@pytest.mark.parametrize(
    ("reason", "waits"),
    [
        (R.INSUFFICIENT_FUNDS, ParkReason.FLOAT),
        (R.RATE_LIMITED, ParkReason.MPESA),
        (R.NEVER_SENT, ParkReason.MPESA),
        (R.CREDENTIALS, ParkReason.CREDENTIALS),
        (R.PAYEE_NOT_FOUND, None),
        (R.LIMIT_EXCEEDED, None),
        (R.DECLINED, None),
        (R.REVERSED, None),
    ],
)
def test_only_causes_on_our_side_are_worth_another_attempt(
    reason: Reason, waits: ParkReason | None
) -> None:
    assert waits_for(Reading(verdict=Verdict.REFUSED, reason=reason)) is waits


def held(state: LoanState) -> Held:
    return Held(id="ld_1", state=state, approved_on=APPROVED.isoformat())


@pytest.mark.parametrize(
    ("state", "seen", "seen_anew"),
    [
        (L.FOUND, Sighting.KNOWN, Sighting.KNOWN),
        (L.PARKED, Sighting.KNOWN, Sighting.KNOWN),
        (L.SENDING, Sighting.KNOWN, Sighting.KNOWN),
        (L.UNKNOWN, Sighting.KNOWN, Sighting.KNOWN),
        (L.PAID, Sighting.KNOWN, Sighting.SUSPECT),
        (L.POSTING_REVIEW, Sighting.KNOWN, Sighting.SUSPECT),
        (L.DISBURSED, Sighting.SUSPECT, Sighting.SUSPECT),
        (L.REVERSAL_REVIEW, Sighting.KNOWN, Sighting.SUSPECT),
        (L.FAILED, Sighting.KNOWN, Sighting.ACCEPT),
        (L.REVERSED, Sighting.KNOWN, Sighting.ACCEPT),
        (L.REJECTED, Sighting.ACCEPT, Sighting.ACCEPT),
    ],
)
def test_what_a_poll_does_with_a_loan_it_knows(
    state: LoanState, seen: Sighting, seen_anew: Sighting
) -> None:
    again = a_loan(approved_on=date(2026, 11, 25))
    assert (sighting(a_loan(), held(state)), sighting(again, held(state))) == (seen, seen_anew)


def test_asking_never_pays_what_was_paid() -> None:
    asked = {state for state in L if sighting(a_loan(), held(state), asked=True) is Sighting.ACCEPT}
    assert asked == {L.FAILED, L.REVERSED, L.REJECTED}


def test_a_loan_that_was_booked_meanwhile_has_not_changed() -> None:
    assert changed_after_payment(a_loan(), held(L.DISBURSED))
    assert not changed_after_payment(a_loan(status=300), held(L.DISBURSED))
    assert not changed_after_payment(a_loan(), held(L.POSTING))


@pytest.mark.parametrize(
    ("actor", "approver", "state", "why"),
    [
        ("amina", "brian", L.POSTING_REVIEW, None),
        ("amina", "amina", L.POSTING_REVIEW, "the approver may not be the actor"),
        ("amina", "", L.POSTING_REVIEW, "actor and approver are required"),
        ("amina", "brian", L.PAID, "the loan is paid: no posting waits for a decision"),
    ],
)
def test_two_people_decide_a_posting_that_waits(
    actor: str, approver: str, state: LoanState, why: str | None
) -> None:
    word = PostingDecision(
        word=PostingWord.POST_AGAIN, actor=actor, approver=approver, reason="seen"
    )
    assert against_posting(word, state) == why
