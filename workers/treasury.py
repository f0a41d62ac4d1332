"""Everything the house's own money calls, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.float_gates import FloatGates
from runtime.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Treasury:
    """The activities of floats."""

    gates: FloatGates

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (self.gates.reserve, self.gates.release)


def treasury(database: Database) -> Treasury:
    """Build them once."""
    return Treasury(gates=FloatGates(database))
