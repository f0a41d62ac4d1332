"""Everything the house's own money calls, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.clearing_calls import ClearingCalls
from activities.float_gates import FloatGates
from providers.ncba.client import NcbaClient
from providers.ncba.settings import NcbaSettings
from runtime.database import Database
from workflows.clearing_move import ClearingMoveWorkflow

WORKFLOWS: tuple[type, ...] = (ClearingMoveWorkflow,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treasury:
    """The activities of floats and of moves between them."""

    gates: FloatGates
    clearing: ClearingCalls

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.gates.reserve,
            self.gates.release,
            self.clearing.look,
        )


def treasury(database: Database, bank: NcbaSettings) -> Treasury:
    """Build them once. Without a bank no statement is read."""
    reader = NcbaClient(bank.keys()) if bank.configured else None
    return Treasury(gates=FloatGates(database), clearing=ClearingCalls(reader))
