"""One saga the sweep has set going."""

import time
from dataclasses import dataclass, field

from cli.sweep.cells import Cell


@dataclass(slots=True, kw_only=True)
class Lent:
    """A cell at work. `where`: its path in the partner's API; `loan`: its number at the lender.

    `account`: what the payer types; `receipt`: M-Pesa's, of a payment by the menu.
    """

    cell: Cell
    reference: str
    began: float = field(default_factory=time.monotonic)
    where: str = ""
    loan: int = 0
    account: str = ""
    receipt: str = ""
    problem: str = ""
    status: str = ""
    seconds: float = 0.0

    @property
    def subject(self) -> str:
        """The saga's public id; empty until it is known."""
        return self.where.rpartition("/")[2]
