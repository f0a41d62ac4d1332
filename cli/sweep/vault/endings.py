"""How a lender's saga may end, given what was done to it."""

from cli.sweep.cells import COLLECTION, FLOAT, LOAN, TOPUP, Cell
from cli.sweep.vault import collection_endings as collections

_REVIEW = "needs_review"
_GOOD = {TOPUP: "credited", LOAN: "disbursed", FLOAT: "settled"}
_BAD = {TOPUP: "expired", LOAN: "failed", FLOAT: "returned"}
#: What the lender has to mend first; the loan waits and is looked at again by every poll.
_PARKED = {"insufficient_funds", "wrong_pin", "misconfigured"}
#: Nobody would say in time what the short code holds: the loan may wait for the next poll.
_MAY_PARK = {"server_error_storm"}


def allowed(cell: Cell) -> frozenset[str]:
    """The states that are right at the end of this cell (`needs_review` hides the state)."""
    if cell.saga == COLLECTION:
        return collections.allowed(cell)
    good, bad = _GOOD[cell.saga], _BAD[cell.saga]
    if cell.point:
        return frozenset({good, _REVIEW})
    if cell.saga == LOAN and cell.fault in _PARKED:
        return frozenset({"parked", _REVIEW})
    if cell.saga == LOAN and cell.fault in _MAY_PARK:
        return frozenset({good, bad, "parked", _REVIEW})
    return frozenset({good, bad, _REVIEW})
