"""Bugs planted into escrows."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="let the timer release a disputed escrow",
        file="activities/escrows.py",
        old='row is None or row["disputed"] or row["state"]',
        new='row is None or row["state"]',
        caught_by=tests("tests/activities/test_escrows.py", "-k", "timer_takes_nothing"),
    ),
    Mutant(
        name="owe the merchant an escrow's money at once",
        file="ledger/postings.py",
        old="return payable(org) if kept is None else escrow(org, kept)",
        new="return payable(org)",
        caught_by=tests("tests/ledger/test_escrow_rules.py", "-k", "kept_apart"),
    ),
    Mutant(
        name="take the fee of each released part by itself",
        file="models/escrow_rules.py",
        old="before=look.released, taken=look.fee, rule=order.fee)",
        new="before=replace(part.amount, minor=0), taken=look.fee, rule=order.fee)",
        caught_by=tests("tests/models/test_escrow_rules.py", "-k", "what_is_left_of_the_fee"),
    ),
    Mutant(
        name="read an escrow by the statement that waits for its lock",
        file="activities/escrow_rows.py",
        old="    await connection.execute(_LOCK, [saga])\n    return",
        new="    return",
        caught_by=tests("tests/api/test_escrows.py", "-k", "no_more_is_taken_than_was_paid"),
    ),
    Mutant(
        name="give an escrow's payment back from the merchant's money",
        file="activities/refund_sources.py",
        old="if draft.escrow is None and kept is not None and not final(SagaKind.ESCROW, kept):",
        new="if False:",
        caught_by=tests("tests/api/test_escrow_refunds.py", "-k", "by_its_escrow_alone"),
    ),
    Mutant(
        name="forget whose escrow a checkout is paid into",
        file="workflows/progress.py",
        old="            escrow=self.order.escrow,\n",
        new="",
        caught_by=tests("tests/workflows/test_escrow.py", "-k", "pays_into_it"),
    ),
)
