"""What this process's calls came to since they were last written down."""

from collections import Counter
from collections.abc import Awaitable, Mapping

from models.rail_health import Counts, Rail
from models.rail_outcomes import Outcome, outcome_of
from models.reading import Reading
from providers.contract import ProviderError

#: Which field of `Counts` an outcome adds to: of a call that moves money, and of a question.
_SENT = {
    Outcome.ANSWERED: "answered",
    Outcome.TROUBLED: "troubled",
    Outcome.THROTTLED: "throttled",
}
_ASKED = {
    Outcome.ANSWERED: "asked_answered",
    Outcome.TROUBLED: "asked_troubled",
    Outcome.THROTTLED: "asked_answered",
}


class Tally:
    """Counts in memory: the path of a payment writes nothing for it."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Rail, str]] = Counter()

    async def sent(self, rail: Rail, call: Awaitable[Reading]) -> Reading:
        """Make a call that moves money and count what it came to. Raises what the call raises."""
        return await self._counted(rail, call, _SENT)

    async def asked(self, rail: Rail, call: Awaitable[Reading]) -> Reading:
        """Ask and count whether anybody was there. Raises what the call raises."""
        return await self._counted(rail, call, _ASKED)

    def take(self) -> dict[Rail, Counts]:
        """What was counted since the last take, and forget it."""
        taken, self._counts = self._counts, Counter()
        rails = dict.fromkeys(rail for rail, _field in taken)
        return {rail: _counts(taken, rail) for rail in rails}

    def put_back(self, counts: Mapping[Rail, Counts]) -> None:
        """They could not be written down: they count with the next."""
        for rail, taken in counts.items():
            for field in (*_SENT.values(), "asked_answered", "asked_troubled"):
                self._counts[rail, field] += getattr(taken, field)

    async def _counted(
        self, rail: Rail, call: Awaitable[Reading], fields: Mapping[Outcome, str]
    ) -> Reading:
        try:
            reading = await call
        except ProviderError:
            self._counts[rail, fields[Outcome.TROUBLED]] += 1
            raise
        outcome = outcome_of(reading)
        if outcome is not None:
            self._counts[rail, fields[outcome]] += 1
        return reading


def _counts(taken: Counter[tuple[Rail, str]], rail: Rail) -> Counts:
    return Counts(**{field: number for (one, field), number in taken.items() if one == rail})
