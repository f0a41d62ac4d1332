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
    Mutant(
        name="send again while the first is in doubt",
        file="activities/saga_rows.py",
        old='    return bool(found and found["doubted"])\n',
        new="    return False\n",
        caught_by=tests("tests/activities/test_second_instructions.py"),
    ),
    Mutant(
        name="what comes while the next one rests is not weighed",
        file="workflows/payout_run.py",
        old="        return bool(self.ears.heard) or self.canceling()\n",
        new="        return self.canceling()\n",
        caught_by=tests("tests/workflows/test_payout_twice.py", "-k", "one_rests"),
    ),
)
