"""Bugs planted into refunds."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="refund above captured",
        file="migrations/sql/0024_given_back.sql",
        old="amount_refunded + amount_reserved + amount_lost <= amount_received",
        new="amount_refunded <= amount_received",
        caught_by=tests("tests/activities/test_refund_accepting.py", "-k", "database_refuses"),
    ),
    Mutant(
        name="refund what another refund reserved",
        file="activities/refund_sources.py",
        old='source["amount_refunded"] + source["amount_reserved"]',
        new='source["amount_refunded"]',
        caught_by=tests("tests/activities/test_refund_accepting.py", "-k", "what_is_left_is_said"),
    ),
    Mutant(
        name="refund what was charged back",
        file="migrations/sql/0024_given_back.sql",
        old="amount_refunded + amount_reserved + amount_lost <= amount_received",
        new="amount_refunded + amount_reserved <= amount_received",
        caught_by=tests("tests/activities/test_takebacks.py", "-k", "whoever_asks"),
    ),
    Mutant(
        name="keep what was set aside of a refused refund",
        file="workflows/refund_giving.py",
        old="            posting=self._turned_round(),\n            shows=",
        new="            shows=",
        caught_by=tests("tests/workflows/test_refund.py", "-k", "gives_everything_back"),
    ),
)
