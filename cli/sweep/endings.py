"""How a checkout may end, given what was done to it: needing a person is allowed, not a habit."""

from collections.abc import Callable, Mapping

from cli.sweep.batch import cells as batches
from cli.sweep.cells import BATCH, CLEARING, ESCROW, PAYOUT, REFUND, Cell
from cli.sweep.clearing import cells as clearing
from cli.sweep.desk import endings as desk
from cli.sweep.escrow import endings as escrows
from cli.sweep.outcomes import REVIEW, of_fault
from cli.sweep.payouts import cells as payouts
from cli.sweep.refunds import cells as refunds
from cli.sweep.vault import endings as vault
from simulators.faults import named

_MONEY_OUT: Mapping[str, Callable[[Cell], frozenset[str]]] = {
    BATCH: batches.allowed,
    CLEARING: clearing.allowed,
    ESCROW: escrows.allowed,
    REFUND: refunds.allowed,
    PAYOUT: payouts.allowed,
}


def allowed(cell: Cell) -> frozenset[str]:
    """The statuses that are right at the end of this cell (`needs_review` hides the status)."""
    if cell.vault:
        return vault.allowed(cell)
    if cell.desk:
        return desk.allowed(cell)
    if cell.money_out:
        return _MONEY_OUT[cell.saga](cell)
    if cell.silent and cell.provider == "mpesa":
        return frozenset({REVIEW})
    right = of_fault(named(cell.fault), cell.provider, paid="succeeded", gone="canceled")
    if cell.kills and cell.provider == "mpesa":
        # Killed between fence and acknowledgement: whether the phone rang, nobody can tell us.
        return right | {REVIEW}
    return right
