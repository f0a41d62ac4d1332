"""How what lies on a desk may end, given what was done to it."""

from cli.sweep.cells import CASE, CREDIT, EXCEPTION, Cell
from cli.sweep.desk.cells import ACCEPT, AIRTOUCH, ALL_DOWN, AT_ONCE, GIVEN, REFUND, RETURNED

SUSPENDED = "suspended"
#: Answers of AirTouch that can be read all the same.
_READ = {"paid", "slow_drip", "wrong_content_type"}
#: What Africa's Talking reports of a message it took; of the others it reports an arrival.
_REPORTED = {
    "no_callback": {"submitted"},
    "pending_for_ever": {"submitted"},
    "declined": {"failed"},
    "contradictory_callback": {"failed"},
}


def allowed(cell: Cell) -> frozenset[str]:
    """The words that are right at the end of this cell."""
    if cell.saga == CASE:
        return frozenset({ACCEPT, REFUND} if cell.fault == AT_ONCE else {cell.provider})
    if cell.saga == EXCEPTION:
        return frozenset({GIVEN, RETURNED} if cell.fault == AT_ONCE else {cell.provider})
    if cell.saga == CREDIT:
        return frozenset({SUSPENDED})
    return frozenset(_message(cell))


def _message(cell: Cell) -> set[str]:
    """A report that meets a dead API is not sent again: such a message stays submitted.

    What AirTouch leaves us in doubt about goes once more, by Africa's Talking.
    """
    if cell.point:
        return {"submitted", "delivered"}
    if cell.fault == ALL_DOWN:
        return {"unknown"}
    if cell.provider == AIRTOUCH:
        return {"submitted"} if cell.fault in _READ else {"delivered"}
    return _REPORTED.get(cell.fault, {"delivered"})
