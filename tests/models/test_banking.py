"""A reference of ours is found as a word of its own, never guessed."""

import re
from datetime import UTC, date, datetime

import pytest

from models.banking import BankNotice, Channel, Side, Statement, StatementLine, reference_in
from models.money import Money
from models.reading import Reading

PATTERN = re.compile(r"TU[0-9A-Z]{8}")


def a_notice(narrative: str | None, bill: str | None = None) -> BankNotice:
    return BankNotice(
        channel=Channel.JSON,
        kind="Pay Bill",
        id="TJR678XXXX",
        bank_reference=None,
        at=datetime(2026, 11, 21, tzinfo=UTC),
        amount=Money(150_000, "KES"),
        account="880100",
        bill_reference=bill,
        narrative=narrative,
        phone="254700000940",
        name="JOHN SAMPLE",
        status=None,
    )


@pytest.mark.parametrize(
    ("narrative", "bill"),
    [
        ("TU12345678", None),
        ("tu12345678", "774451"),
        ("pay for Tu12345678, thanks", None),
        (None, "774451#TU12345678"),
        ("TU12345678", "774451#tu12345678"),
    ],
)
def test_a_reference_is_found_in_any_case_and_company(
    narrative: str | None, bill: str | None
) -> None:
    assert reference_in(a_notice(narrative, bill), PATTERN) == "TU12345678"


@pytest.mark.parametrize(
    ("narrative", "bill"),
    [
        (None, None),
        ("UMOJA", "774451"),
        ("XTU12345678", None),
        ("TU12345678X", None),
        ("TU1234-5678", None),
        ("TU12345678 TU87654321", None),
        ("TU12345678", "774451#TU87654321"),
    ],
)
def test_part_of_a_word_or_two_references_are_none(narrative: str | None, bill: str | None) -> None:
    assert reference_in(a_notice(narrative, bill), PATTERN) is None


def test_a_pattern_in_lower_case_is_found_too() -> None:
    pattern = re.compile(r"fp_[0-9a-z]{4}")
    assert reference_in(a_notice("FP_0AB1"), pattern) == "FP_0AB1"


def a_line(side: Side, minor: int, *texts: str) -> StatementLine:
    return StatementLine(
        on=date(2026, 11, 21),
        side=side,
        amount=Money(minor, "KES"),
        reference="FT1",
        texts=texts,
        balance=None,
    )


def test_a_witness_has_our_reference_the_side_and_the_amount() -> None:
    right = a_line(Side.DEBIT, 100_000, "FLOAT PURCHASE 4120187 FP_0AB1")
    statement = Statement(
        lines=(
            a_line(Side.CREDIT, 100_000, "fp_0ab1"),
            a_line(Side.DEBIT, 100_001, "fp_0ab1"),
            a_line(Side.DEBIT, 100_000, "fp_0ab12"),
            right,
        ),
        whole=True,
        reading=Reading(verdict=None),
    )
    found = statement.witnesses(reference="fp_0ab1", side=Side.DEBIT, amount=Money(100_000, "KES"))
    assert found == (right,)


def test_what_people_wrote_stays_out_of_what_is_printed() -> None:
    shown = repr(a_notice("school fees")) + repr(a_line(Side.DEBIT, 1, "JANE SAMPLE"))
    assert not {"school", "254700000940", "SAMPLE"} & set(re.findall(r"\w+", shown))
