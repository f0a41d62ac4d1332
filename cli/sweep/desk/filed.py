"""One thing of the desk the sweep has set going."""

import time
from dataclasses import dataclass, field

from cli.sweep.cells import Cell


@dataclass(slots=True, kw_only=True)
class Filed:
    """A cell at work. `about`: the payment, or what the bank calls the money.

    `minor`: an amount nothing else has, but for cases of checkouts.
    """

    cell: Cell
    reference: str
    began: float = field(default_factory=time.monotonic)
    subject: str = ""
    about: str = ""
    minor: int = 0
    problem: str = ""
    status: str = ""
    seconds: float = 0.0
