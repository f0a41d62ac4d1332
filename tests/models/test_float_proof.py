"""Two witnesses of different kinds, or people."""

from datetime import UTC, date, datetime

import pytest

from models.balances import BalancesTold
from models.banking import Side, Statement, StatementLine
from models.float_proof import (
    UNCLEAR_AT_MOST,
    Balances,
    Left,
    Paid,
    Proof,
    Where,
    balances_of,
    landed,
    left,
)
from models.mobile_money import AccountBalance
from models.money import Money
from models.reading import ProviderReport, Reading, Source, Verdict

FLOAT = Money(5_000_000, "KES")
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
REFERENCE = "K0123456789ABCDEFGH"


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def says(
    source: Source, verdict: Verdict = Verdict.SETTLED, amount: Money | None = None
) -> ProviderReport:
    reading = Reading(verdict=verdict, amount=amount)
    return ProviderReport(attempt_id="ins_1", source=source, reading=reading, evidence_id="evd_1")


def after(*reports: ProviderReport) -> tuple[Proof, bool]:
    """The proof, and whether the last report ended the purchase."""
    proof, ended = Proof(), False
    for report in reports:
        proof = proof.heard(report, FLOAT)
        ended = proof.convinces(report)
    return proof, ended


CALLBACK, STATEMENT, BALANCE = (
    says(one) for one in (Source.CALLBACK, Source.STATEMENT, Source.QUERY)
)
NO = says(Source.CALLBACK, Verdict.REFUSED)


@pytest.mark.parametrize("one", [CALLBACK, STATEMENT, BALANCE])
def test_one_witness_is_not_enough_however_often_it_speaks(one: ProviderReport) -> None:
    assert not after(one, one, one)[1]


@pytest.mark.parametrize(
    "pair",
    [(CALLBACK, STATEMENT), (STATEMENT, BALANCE), (BALANCE, CALLBACK), (STATEMENT, CALLBACK)],
)
def test_two_of_different_kinds_are(pair: tuple[ProviderReport, ...]) -> None:
    assert after(*pair)[1]


def test_a_witness_of_another_amount_counts_for_nothing() -> None:
    other = says(Source.CALLBACK, amount=kes(4_999_999))
    assert not after(STATEMENT, other)[1]
    assert after(STATEMENT, says(Source.CALLBACK, amount=FLOAT))[1]


def test_a_refusal_by_callback_waits_for_the_statement() -> None:
    proof, ended = after(NO)
    assert (proof.refused, ended) == (True, False)
    assert after(NO, says(Source.STATEMENT, Verdict.REFUSED))[1]


def test_after_a_refusal_what_the_statement_showed_before_is_forgotten() -> None:
    proof, _ = after(STATEMENT, NO)
    assert proof.seen == frozenset()


def test_callbacks_that_contradict_each_other_count_for_nothing() -> None:
    assert after(NO, CALLBACK)[0] == Proof()
    assert after(CALLBACK, NO)[0] == Proof()
    assert not after(CALLBACK, NO, STATEMENT)[1]
    assert after(CALLBACK, NO, STATEMENT, BALANCE)[1]


@pytest.mark.parametrize("source", [Source.ACK, Source.OPERATOR])
def test_a_refusal_at_once_and_the_word_of_people_are_enough(source: Source) -> None:
    assert after(says(source, Verdict.REFUSED))[1]


def balances(utility: int, working: int) -> Balances:
    return Balances(utility=kes(utility), working=kes(working), at=AT)


@pytest.mark.parametrize(
    ("now", "paid", "where"),
    [
        (balances(6_000_000, 0), 0, Where.UTILITY),
        (balances(5_400_000, 0), 600_000, Where.UTILITY),
        (balances(1_000_000, 5_000_000), 0, Where.WORKING),
        (balances(400_000, 5_000_000), 600_000, Where.WORKING),
        (balances(6_000_001, 0), 0, None),
        (balances(5_999_999, 0), 0, None),
        (balances(6_000_000, 1), 0, None),
        (balances(6_000_000, 0), 600_000, None),
        (balances(1_000_000, 0), 0, None),
    ],
)
def test_the_balance_proves_it_only_to_the_cent(
    now: Balances, paid: int, where: Where | None
) -> None:
    between = Paid(sure=kes(paid))
    assert landed(balances(1_000_000, 0), now, amount=FLOAT, paid=between) == where


@pytest.mark.parametrize(
    ("now", "unclear", "where"),
    [
        (balances(6_000_000, 0), (600_000,), Where.UTILITY),
        (balances(5_400_000, 0), (600_000,), Where.UTILITY),
        (balances(5_500_000, 0), (600_000, 500_000), Where.UTILITY),
        (balances(400_000, 5_000_000), (600_000,), Where.WORKING),
        (balances(1_000_000, 5_000_000), (600_000,), Where.WORKING),
        (balances(5_300_000, 0), (600_000, 500_000), None),
        (balances(1_000_000, 0), (5_000_000,), None),
        (balances(6_000_000, 0), (5_000_000,), Where.UTILITY),
        (balances(6_000_000, 0), (1,) * (UNCLEAR_AT_MOST + 1), None),
    ],
)
def test_a_payout_under_way_at_a_balance_may_have_left_before_or_after_it(
    now: Balances, unclear: tuple[int, ...], where: Where | None
) -> None:
    between = Paid(sure=kes(0), unclear=tuple(kes(minor) for minor in unclear))
    assert landed(balances(1_000_000, 0), now, amount=FLOAT, paid=between) == where


def test_balances_need_both_accounts() -> None:
    utility = AccountBalance(account="Utility Account", available=kes(5))
    working = AccountBalance(account="Working Account", available=kes(7))
    assert balances_of(BalancesTold(accounts=(utility, working)), AT) == balances(5, 7)
    assert balances_of(BalancesTold(accounts=(utility,)), AT) is None


def line(side: Side, amount: Money = FLOAT, text: str = f"FLOAT {REFERENCE}") -> StatementLine:
    return StatementLine(
        on=date(2026, 11, 21),
        side=side,
        amount=amount,
        reference="FT1",
        texts=(text,),
        balance=None,
    )


@pytest.mark.parametrize(
    ("lines", "whole", "shows"),
    [
        ((line(Side.DEBIT),), True, Left.AWAY),
        ((line(Side.DEBIT),), False, Left.AWAY),
        ((line(Side.DEBIT), line(Side.CREDIT)), True, Left.BACK),
        ((line(Side.DEBIT, kes(1)),), True, Left.NEVER),
        ((line(Side.DEBIT, text="FLOAT K0123456789ABCDEFGHX"),), True, Left.NEVER),
        ((line(Side.CREDIT),), True, Left.NEVER),
        ((), True, Left.NEVER),
        ((), False, Left.UNSAID),
    ],
)
def test_a_statement_shows_what_left_and_whether_it_came_back(
    lines: tuple[StatementLine, ...], whole: bool, shows: Left
) -> None:
    statement = Statement(lines=lines, whole=whole, reading=Reading(verdict=None))
    assert left(statement, reference=REFERENCE, amount=FLOAT) is shows
