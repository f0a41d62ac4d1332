"""How an escrow may end, given how its money leaves."""

from cli.sweep.cells import Cell
from cli.sweep.escrow.cells import BACK, DIVIDED

_ENDS = {BACK: "refunded", DIVIDED: "closed"}


def allowed(cell: Cell) -> frozenset[str]:
    """The one state that is right at the end of this cell."""
    return frozenset({_ENDS.get(cell.provider, "released")})
