"""Chooses the fault of a call: queued ones first, then seeded chance, then the magic number."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simulators.faults import PAID, Fault

Operation = Literal[
    "collect", "status", "token", "account", "callback", "float", "transfer", "statement",
    "payout", "balance", "reversal", "c2b", "refund",
]  # fmt: skip
#: `busy` is refused before acting, in the provider's own words; `closed` cuts the connection.
Down = Literal["503", "busy", "closed"]


@dataclass(slots=True, kw_only=True)
class _Chance:
    dice: random.Random
    rate: float
    faults: Sequence[Fault]
    operation: Operation


class Director:
    """Holds what was ordered through the control API.

    `down` is set while the provider is down; callbacks wait for `up`.
    """

    def __init__(self) -> None:
        self.down: Down | None = None
        self.up = asyncio.Event()
        self.up.set()
        self._queued: defaultdict[Operation, deque[Fault]] = defaultdict(deque)
        self._chance: _Chance | None = None
        self._spoiled: Counter[tuple[str, str]] = Counter()

    def switch(self, down: Down | None) -> None:
        """Take the provider down, or up again with None."""
        self.down = down
        if down:
            self.up.clear()
        else:
            self.up.set()

    def queue(self, fault: Fault, *, times: int, operation: Operation) -> None:
        """The next `times` calls of that operation meet the fault."""
        self._queued[operation].extend([fault] * times)

    def roll(
        self, *, seed: int, rate: float, faults: Sequence[Fault], operation: Operation
    ) -> None:
        """From now on a share `rate` of calls meets one of the faults; rate 0 ends it."""
        self._chance = _Chance(
            dice=random.Random(seed), rate=rate, faults=faults, operation=operation
        )

    def ordered(self, operation: Operation) -> Fault | None:
        """The fault ordered for this call, if any; uses it up."""
        if self._queued[operation]:
            return self._queued[operation].popleft()
        chance = self._chance
        if chance and chance.operation == operation and chance.dice.random() < chance.rate:
            return chance.dice.choice(chance.faults)
        return None

    def collect(self, reference: str, own: Fault, *, operation: Operation = "collect") -> Fault:
        """The fault of a call that moves money; `own` is the one its number carries."""
        ordered = self.ordered(operation)
        if ordered:
            return ordered
        if not own.acts:
            self._spoiled[own.name, reference] += 1
            if self._spoiled[own.name, reference] > own.spoils:
                return PAID
        return own

    def waiting(self) -> dict[str, list[str]]:
        """The queue by operation."""
        return {
            name: [fault.name for fault in queue] for name, queue in self._queued.items() if queue
        }
