"""How a collection may end, given what was done to it."""

from cli.sweep.cells import Cell
from cli.sweep.vault.collection_cells import CHECKED, STK, TAKEN_BACK, UNDO, UNMATCHED
from simulators.faults import Outcome, named

_REVIEW, _POSTED, _FAILED, _REVERSED = "needs_review", "posted", "failed", "reversed"
_FORGED = "forged_callback"
#: M-Pesa refuses these, whatever the payer would have done.
_REFUSED = {"misconfigured", "late_success"}


def allowed(cell: Cell) -> frozenset[str]:
    """The states that are right at the end of this cell (`needs_review` hides the state).

    Only a phone that rang may leave a doubt: whether it did, M-Pesa tells nobody without a
    handle. Money by the menu is there, and Mifos X says what it has booked.
    """
    if cell.fault in {UNMATCHED, CHECKED}:
        return frozenset({_REVIEW})
    if cell.provider == UNDO or cell.fault == TAKEN_BACK:
        return frozenset({_REVERSED})
    if cell.provider != STK:
        return frozenset({_REVIEW if cell.fault == _FORGED else _POSTED})
    fault = named(cell.fault)
    paid = fault.outcome is Outcome.PAID and fault.name not in _REFUSED
    return frozenset({_POSTED if paid else _FAILED, _REVIEW})
