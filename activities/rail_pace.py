"""No faster than the provider allows: its rate, shared by the workers that live."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from providers.contract import NoTurn

#: Seconds a call waits for its turn; then it comes again later, and is no sending.
PATIENCE = 10.0


class Pacer:
    """Turns in order of arrival. `rates`: calls per second by provider; one without is unbounded.

    The rate is the provider's; this process takes its share of it, told by `shared_by`.
    """

    def __init__(
        self,
        rates: Mapping[str, float],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rates = rates
        self._clock = clock
        self._sleep = sleep
        self._workers = 1
        self._next: dict[str, float] = {}

    def shared_by(self, workers: int) -> None:
        """So many worker processes live, this one among them."""
        self._workers = max(workers, 1)

    async def turn(self, provider: str) -> None:
        """Wait for room. Raises NoTurn when there is none soon: nothing has left."""
        rate = self._rates.get(provider)
        if not rate:
            return
        now = self._clock()
        at = max(self._next.get(provider, now), now)
        if at - now > PATIENCE:
            raise NoTurn(f"{provider} takes {rate:g} calls a second: no turn in time")
        self._next[provider] = at + self._workers / rate
        if at > now:
            await self._sleep(at - now)
