"""Bugs planted into batches of payouts."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="batch resume resends",
        file="activities/batch_running.py",
        old='            claim=ids.shown(ids.BATCH_ROW, row["id"]),\n',
        new="            claim=ids.mint(ids.BATCH_ROW),\n",
        caught_by=tests("tests/activities/test_batch_running.py", "-k", "finds_it"),
    ),
)
