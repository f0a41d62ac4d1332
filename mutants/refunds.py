"""Bugs planted into refunds."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="refund above captured",
        file="migrations/sql/0015_refunds.sql",
        old="amount_refunded + amount_reserved <= amount_received",
        new="amount_refunded <= amount_received",
        caught_by=tests("tests/activities/test_refund_accepting.py", "-k", "database_refuses"),
    ),
    Mutant(
        name="refund what another refund reserved",
        file="activities/refund_accepting.py",
        old='payment["amount_refunded"] + payment["amount_reserved"]\n    left',
        new='payment["amount_refunded"]\n    left',
        caught_by=tests("tests/activities/test_refund_accepting.py", "-k", "what_is_left_is_said"),
    ),
    Mutant(
        name="keep what was set aside of a refused refund",
        file="workflows/refund_giving.py",
        old="            posting=self._turned_round(),\n            shows=",
        new="            shows=",
        caught_by=tests("tests/workflows/test_refund.py", "-k", "gives_everything_back"),
    ),
)
