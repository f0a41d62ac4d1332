"""How a collection may end, given what was done to it."""

from cli.sweep.cells import Cell
from cli.sweep.outcomes import REVIEW, of_fault
from cli.sweep.vault.collection_cells import CHECKED, STK, TAKEN_BACK, UNDO, UNMATCHED
from simulators.faults import Takes, named

_POSTED, _FAILED, _REVERSED = "posted", "failed", "reversed"
_FORGED = "forged_callback"
#: Between fence and acknowledgement.
_UNACKNOWLEDGED = {
    "collection.ring.fence.before",
    "collection.ring.before",
    "collection.ring.after",
}
#: Who holds the handle until it is written; without the database the callback is lost besides.
_HOLDERS = {"worker", "postgres"}


def allowed(cell: Cell) -> frozenset[str]:
    """The states that are right at the end of this cell (`needs_review` hides the state).

    Only a phone that rang may leave a doubt, and only where the handle to ask with was lost:
    without it M-Pesa tells nobody whether it rang. Money by the menu is there, and Mifos X says
    what it has booked.
    """
    if cell.fault in {UNMATCHED, CHECKED}:
        return frozenset({REVIEW})
    if cell.provider == UNDO or cell.fault == TAKEN_BACK:
        return frozenset({_REVERSED})
    if cell.provider != STK:
        return frozenset({REVIEW if cell.fault == _FORGED else _POSTED})
    if named(cell.fault).takes is Takes.OTHER_AMOUNT:
        return frozenset({_POSTED})  # what came, as by the menu
    right = of_fault(named(cell.fault), "mpesa", paid=_POSTED, gone=_FAILED)
    return right | {REVIEW} if _loses_the_handle(cell) else right


def _loses_the_handle(cell: Cell) -> bool:
    killed = cell.point is not None and cell.point.name in _UNACKNOWLEDGED
    return killed and cell.victim in _HOLDERS
