"""Bugs planted into what payers see and do."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="offer the form again while the outcome is unknown",
        file="api/payer/screens.py",
        old="    PaymentStatus.UNKNOWN: Screen.UNKNOWN,\n",
        new="    PaymentStatus.UNKNOWN: Screen.CHOOSE,\n",
        caught_by=tests("tests/api/test_payer_pages.py", "-k", "unknown_there_is_no_form"),
    ),
    Mutant(
        name="let a link for one payment be used by many",
        file="api/payer/opening.py",
        old='if link["single"] else None',
        new="if False else None",
        caught_by=tests("tests/api/test_payment_links.py", "-k", "however_many_open_it"),
    ),
    Mutant(
        name="number a receipt without looking again under the counter's lock",
        file="activities/receipts.py",
        old="    known = await _known(connection, about)  # told meanwhile?\n",
        new="    known = None\n",
        caught_by=tests("tests/api/test_receipts.py", "-k", "one_number"),
    ),
)
