"""How a lender's saga may end, given what was done to it."""

from cli.sweep.cells import FLOAT, LOAN, TOPUP, Cell

_REVIEW = "needs_review"
_GOOD = {TOPUP: "credited", LOAN: "disbursed", FLOAT: "settled"}
_BAD = {TOPUP: "expired", LOAN: "failed", FLOAT: "float_refused"}


def allowed(cell: Cell) -> frozenset[str]:
    """The states that are right at the end of this cell (`needs_review` hides the state)."""
    good, bad = _GOOD[cell.saga], _BAD[cell.saga]
    if cell.point:
        return frozenset({good, _REVIEW})
    return frozenset({good, bad, _REVIEW})
