"""Bugs planted into what happens while a provider is down."""

from mutants.mutant import Mutant, tests

_JUDGED = """                at = await self._written(connection, counts)
                await self._judge(connection, at)
"""
_JUDGED_ALONE = """                at = await self._written(connection, counts)
                own = sum(taken.troubled for taken in counts.values())
                if own == 0 or own >= self._rules.least:
                    await self._judge(connection, at)
"""

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="fail over while unknown",
        file="api/confirmation.py",
        old="    if status is not PaymentStatus.REQUIRES_PAYMENT_METHOD:\n",
        new="    if status is PaymentStatus.PROCESSING:\n",
        caught_by=tests("tests/api/test_rail_turns.py", "-k", "open_outcome"),
    ),
    Mutant(
        name="breaker shared per process only",
        file="activities/rail_watch.py",
        old=_JUDGED,
        new=_JUDGED_ALONE,
        caught_by=tests("tests/activities/test_rail_watch.py", "-k", "two_processes"),
    ),
    Mutant(
        name="send a queued attempt at once",
        file="workflows/checkout.py",
        old="        if not attempt.queued or await self._turn_comes(attempt):\n",
        new="        if True:\n",
        caught_by=tests("tests/workflows/test_checkout_queued.py", "-k", "nothing_is_sent"),
    ),
)
