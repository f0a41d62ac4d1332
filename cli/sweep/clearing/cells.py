"""What the sweep tries on clearing moves: kills where one moves, and the bank's faults."""

from cli.sweep.cells import CLEARING, VICTIMS, Cell, Point

BANK = "ncba"
#: How the bank answers a transfer; after each the statement tells the truth.
_FAULTS = (
    "paid",
    "lost_answer",
    "reset_mid_body",
    "error_after_accept",
    "malformed_json",
    "slow_drip",
    "rate_limited",
    "bank_refuses",
    "debited_in_silence",
)
_NAMES = (
    "ncba_clearing.fence.before",
    "ncba_clearing.before",
    "ncba_clearing.after",
    "clearing.look.before",
    "clearing.look.after",
    "clearing_move.sent.before",
    "clearing_move.sent.after",
    "clearing_move.arrived.before",
    "clearing_move.arrived.after",
)
_MAYBE = {"ncba_clearing.fence.before", "ncba_clearing.before"}
POINTS = tuple(Point(process="worker", name=name, about="", saga=CLEARING) for name in _NAMES)


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=BANK, fault="paid", victim=victim, point=point)
        for point in POINTS
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """Every way the bank answers."""
    return [Cell(provider=BANK, fault=fault, of=CLEARING) for fault in _FAULTS]


def allowed(cell: Cell) -> frozenset[str]:
    """The words that are right at the end of this cell.

    Killed between fence and answer, whether it left only people can say: it may not have.
    """
    if cell.point and cell.point.name in _MAYBE:
        return frozenset({"arrived", "rejected"})
    return frozenset({"rejected" if cell.fault == "bank_refuses" else "arrived"})
