"""Everything an escrow's workflow calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.escrows import Escrows
from activities.sagas import VaultBooks
from runtime.database import Database
from workflows.escrow import EscrowWorkflow

WORKFLOWS: tuple[type, ...] = (EscrowWorkflow,)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowKeeping:
    """The activities of escrows; writing steps they share with every saga."""

    escrows: Escrows

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (self.escrows.look, self.escrows.run_out)


def escrow_keeping(database: Database, books: VaultBooks) -> EscrowKeeping:
    """Build them once."""
    return EscrowKeeping(escrows=Escrows(database, books))
