"""Bugs planted into payouts and what lets them go."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="release hold on unknown",
        file="workflows/payout_sending.py",
        old="            convinces=self._convinces,\n",
        new="""            convinces=self._convinces,
            asks_people=lambda report: report.verdict is Verdict.UNKNOWN,
""",
        caught_by=tests("tests/workflows/test_payout.py", "-k", "lost_answer"),
    ),
    Mutant(
        name="approve own payout",
        file="migrations/sql/0014_money_out.sql",
        old="  constraint approvals_by_another check (checker <> maker),\n",
        new="  constraint approvals_by_another check (checker is null or maker is not null),\n",
        caught_by=tests("tests/api/test_payout_approvals.py", "-k", "whoever_asked"),
    ),
    Mutant(
        name="bank bounce ignored",
        file="models/payout_returns.py",
        old="    return back and ours and proven and whole\n",
        new="    return False\n",
        caught_by=tests("tests/workflows/test_payout_by_bank.py", "-k", "bounce"),
    ),
)
