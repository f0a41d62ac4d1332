"""One escrow the sweep has set going."""

import time
from dataclasses import dataclass, field

from cli.sweep.cells import Cell

#: XAF without decimals, with a fee that does not divide: parts must cost what the whole would.
AMOUNT, PART = 9_999, 3_333


@dataclass(slots=True, kw_only=True)
class Kept:
    """A cell at work; `phone` is its own, so that what goes back is found in MTN's book."""

    cell: Cell
    reference: str
    phone: str
    began: float = field(default_factory=time.monotonic)
    subject: str = ""
    payment: str = ""
    problem: str = ""
    status: str = ""
    seconds: float = 0.0
