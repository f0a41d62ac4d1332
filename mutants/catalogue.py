"""The bugs we plant, each with the check that must turn red."""

from mutants import batches, escrows, lenders, outages, pages, payouts, rails, refunds, treasury
from mutants.mutant import Mutant, sweep, tests

_OF_CHECKOUTS: tuple[Mutant, ...] = (
    Mutant(
        name="resend after a lost answer",
        file="activities/reports.py",
        old="return silence(Reason.NO_ANSWER, handle=error.handle)",
        new="return NEVER_SENT",
        caught_by=sweep("checkout/mpesa/lost_answer+silence/provider"),
    ),
    Mutant(
        name="trust an unsigned callback",
        file="runtime/inbox.py",
        old="hint=callbacks.hint(reading)",
        new="hint=False",
        caught_by=sweep("checkout/*/forged_callback/provider"),
    ),
    Mutant(
        name="drop the relay",
        file="workers/background.py",
        old="            every(_RELAY_SECONDS, self._relay.start_accepted, stop, busy=_BUSY),\n",
        new="",
        caught_by=sweep("checkout/momo/start.before/api"),
    ),
    Mutant(
        name="skip the idempotency row",
        file="api/acceptance.py",
        old="                await idempotency.keep(self._parts, connection, self._slot, given)\n",
        new="",
        caught_by=tests("tests/api/test_accept.py", "-k", "same_key"),
    ),
    Mutant(
        name="skip the sum check",
        file="migrations/sql/0002_ledger.sql",
        old=" or seen.difference <> 0",
        new="",
        caught_by=tests("tests/ledger/test_enforcement.py"),
    ),
    Mutant(
        name="compare a signature with !=",
        file="api/path_tags.py",
        old="if not hmac.compare_digest(ours, tag):",
        new="if ours != tag:",
        caught_by=tests("tests/test_architecture.py", "-k", "constant_time"),
    ),
    Mutant(
        name="overwrite a final state",
        file="models/decisions.py",
        old=(
            "        return Decision(case=CaseKind.CONTRADICTION, "
            "needs_review=True, events=(REVIEW_OPENED,))"
        ),
        new="        return _failure(AttemptState.FAILED, situation)",
        caught_by=tests("tests/models/test_decisions.py"),
    ),
    Mutant(
        name="post before settled",
        file="models/decisions.py",
        old="        attempt=AttemptState.AWAITING_CUSTOMER,\n",
        new="        attempt=AttemptState.AWAITING_CUSTOMER,\n        books=known.amount,\n",
        caught_by=tests("tests/models/test_decisions.py"),
    ),
    Mutant(
        name="swap debit and credit",
        file="ledger/postings.py",
        old="Move(debit=wallet, credit=owed, amount=arrival.amount)",
        new="Move(debit=owed, credit=wallet, amount=arrival.amount)",
        caught_by=tests("tests/ledger/test_postings.py"),
    ),
    Mutant(
        name="let a sending through the fence again",
        file="activities/intents.py",
        old="state in ('created','queued','not_received')",
        new="state in ('created','queued','not_received','sending')",
        caught_by=tests("tests/activities/test_records.py", "-k", "fence"),
    ),
    Mutant(
        name="believe a step that was decided otherwise before",
        file="activities/records.py",
        old="if taken and taken != rows.moves(step, payment, attempt):",
        new="if False:",
        caught_by=tests("tests/activities/test_records.py", "-k", "decided_otherwise"),
    ),
    Mutant(
        name="credit whatever amount arrives",
        file="models/decisions.py",
        old="    if money != known.amount:\n",
        new="    if False:\n",
        caught_by=sweep("checkout/*/wrong_amount/provider"),
    ),
)

_OF_AREAS = (lenders, batches, escrows, outages, refunds, pages, treasury, payouts, rails)
MUTANTS = (*_OF_CHECKOUTS, *(mutant for area in _OF_AREAS for mutant in area.MUTANTS))
