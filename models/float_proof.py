"""When bought float counts as there: two witnesses of different kinds. Pure.

The callback is not signed, the statement shows what left and not what arrived, and a balance
moves for other reasons too: none of them is enough alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from models.balances import BalancesTold
from models.banking import Side, Statement
from models.money import Money
from models.reading import ProviderReport, Source, Verdict

#: How many kinds of witness it takes.
ENOUGH = 2
_KINDS = {Source.CALLBACK, Source.STATEMENT, Source.QUERY}
#: M-Pesa looks at a balance at most so long before its answer is here.
BALANCE_AGE = timedelta(seconds=10)
#: With more payouts than these between two balances, balances say nothing.
UNCLEAR_AT_MOST = 10


class Where(StrEnum):
    """The account of a short code that float arrives in; payouts leave from utility."""

    UTILITY = "utility"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What a short code can spend, and when that was."""

    utility: Money
    working: Money
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was said so far. `refused`: the bank called back that it was not bought.

    `seen` are the kinds of source that showed it: callback, statement, query (a balance).
    """

    seen: frozenset[str] = frozenset()
    refused: bool = False

    def heard(self, report: ProviderReport, amount: Money) -> "Proof":
        """With one more report. Callbacks that contradict each other count for nothing."""
        if report.source not in _KINDS:
            return self
        if report.verdict is Verdict.REFUSED:
            # What the statement showed before may have been turned round since.
            return Proof(refused=Source.CALLBACK not in self.seen)
        stated = report.reading.amount
        if report.verdict is not Verdict.SETTLED or stated not in {None, amount}:
            return self
        if self.refused and report.source is Source.CALLBACK:
            return replace(self, refused=False)
        return replace(self, seen=self.seen | {str(report.source)})

    def convinces(self, report: ProviderReport) -> bool:
        """True when the report, heard already, ends the purchase."""
        if report.source not in _KINDS:
            return True
        if report.verdict is Verdict.REFUSED:
            return report.source is Source.STATEMENT
        return len(self.seen) >= ENOUGH


def balances_of(told: BalancesTold, at: datetime) -> Balances | None:
    """The two accounts that matter; None where one was not told."""
    utility, working = told.of(Where.UTILITY), told.of(Where.WORKING)
    if utility is None or working is None:
        return None
    return Balances(utility=utility, working=working, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Payouts between two balances. `unclear`: under way at one of them, so perhaps not between."""

    sure: Money
    unclear: tuple[Money, ...] = ()

    def sums(self) -> frozenset[int]:
        """Everything that may have left between the balances, in minor units."""
        sums = {self.sure.minor}
        for one in self.unclear:
            sums |= {minor + one.minor for minor in sums}
        return frozenset(sums)


def landed(before: Balances, now: Balances, *, amount: Money, paid: Paid) -> Where | None:
    """Where the float arrived: balance before + float - payouts between, to the cent; else None.

    None also where the balances are as they would be without it.
    """
    if len(paid.unclear) > UNCLEAR_AT_MOST:
        return None
    came = {(now.utility - before.utility).minor + left for left in paid.sums()}
    if now.working == before.working + amount:
        return Where.WORKING if 0 in came else None
    still = now.working == before.working and amount.minor in came and 0 not in came
    return Where.UTILITY if still else None


class Left(StrEnum):
    """What a statement shows of money sent under our reference. UNSAID: it is not whole."""

    AWAY = "away"
    BACK = "back"
    NEVER = "never"
    UNSAID = "unsaid"


def left(statement: Statement, *, reference: str, amount: Money) -> Left:
    """Whether the money left under our reference, and whether it stayed away."""
    out = statement.witnesses(reference=reference, side=Side.DEBIT, amount=amount)
    back = statement.witnesses(reference=reference, side=Side.CREDIT, amount=amount)
    if len(out) > len(back):
        return Left.AWAY
    if not statement.whole:
        return Left.UNSAID
    return Left.BACK if out else Left.NEVER
