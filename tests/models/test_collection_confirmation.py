"""What M-Pesa's answer about a receipt means for the confirmation that told of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from models.collection_confirmation import PaymentTold, Truth, truth
from models.collection_order import Paid
from models.money import Money
from models.reading import Reading, Reason, Verdict

PAID = Paid(
    receipt="TKL3XYZ9AB",
    amount=Money(50_000, "KES"),
    paid_at=datetime(2026, 11, 21, tzinfo=UTC),
    evidence_id="evd_1",
)
CAME = Reading(verdict=Verdict.SETTLED, amount=PAID.amount, receipt=PAID.receipt)


def meaning(reading: Reading, credited: str | None = "600966") -> Truth:
    told = PaymentTold(reading=reading, credited=credited, evidence_id="evd_2")
    return truth(told, PAID, "600966")


def test_the_same_receipt_amount_and_short_code_are_true() -> None:
    assert meaning(CAME) is Truth.TRUE


def test_an_answer_without_the_receipt_speaks_of_the_one_asked_about() -> None:
    assert meaning(replace(CAME, receipt=None)) is Truth.TRUE


@pytest.mark.parametrize(
    "change",
    [{"amount": Money(50_001, "KES")}, {"amount": Money(50_000, "USD")}, {"receipt": "OTHER"}],
)
def test_anything_else_contradicts(change: dict[str, Any]) -> None:
    assert meaning(replace(CAME, **change)) is Truth.FALSE


@pytest.mark.parametrize("credited", ["600967", ""])
def test_money_of_another_short_code_or_of_a_person_contradicts(credited: str) -> None:
    assert meaning(CAME, credited) is Truth.FALSE


def test_what_leaves_amount_or_short_code_out_confirms_nothing() -> None:
    assert meaning(replace(CAME, amount=None)) is Truth.OPEN
    assert meaning(CAME, None) is Truth.OPEN


@pytest.mark.parametrize(
    ("verdict", "reason", "expected"),
    [
        (Verdict.REFUSED, Reason.REVERSED, Truth.FALSE),
        (Verdict.REFUSED, Reason.DECLINED, Truth.FALSE),
        (Verdict.UNKNOWN, Reason.NOT_FOUND, Truth.NOT_FOUND),
        (Verdict.UNKNOWN, Reason.CREDENTIALS, Truth.SHUT),
        (Verdict.UNKNOWN, Reason.NO_ANSWER, Truth.OPEN),
        (Verdict.UNKNOWN, None, Truth.OPEN),
        (Verdict.PENDING, None, Truth.OPEN),
        (None, None, Truth.OPEN),
    ],
)
def test_every_other_answer_has_its_meaning(
    verdict: Verdict | None, reason: Reason | None, expected: Truth
) -> None:
    assert meaning(Reading(verdict=verdict, reason=reason), None) is expected
