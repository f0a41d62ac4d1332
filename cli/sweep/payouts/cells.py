"""What the sweep tries on payouts: kills at every point, faults of every wallet."""

from cli.sweep.cells import PAYOUT, VICTIMS, Cell, Point
from simulators.faults import FAULTS

#: Rails whose simulators keep a book of what they paid out by our reference.
RAILS = ("wave", "airtel", "momo")


def _both(process: str, step: str, fault: str = "paid") -> list[Point]:
    names = (f"{step}.before", f"{step}.after")
    return [_one(name, process=process, fault=fault) for name in names]


def _one(name: str, *, process: str = "worker", fault: str = "paid") -> Point:
    return Point(process=process, name=name, about="", fault=fault, saga=PAYOUT)


#: By the rail that is at work there.
POINTS: dict[str, tuple[Point, ...]] = {
    "wave": (
        *_both("api", "start"),
        *_both("worker", "payout.queued"),
        _one("saga.booked"),
        _one("money_out.fence.before"),
        *_both("worker", "money_out.send"),
        *_both("worker", "payout.paid"),
    ),
    "airtel": tuple(_both("worker", "payout.failed", fault="declined")),
    "momo": (
        *_both("worker", "money_out.ask", fault="no_callback"),
        *_both("worker", "payout.unknown", fault="error_after_accept"),
    ),
}


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=rail, fault=point.fault, victim=victim, point=point)
        for rail, points in POINTS.items()
        for point in points
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """Every way a wallet's provider misbehaves."""
    return [Cell(provider=rail, fault=fault.name, of=PAYOUT) for fault in FAULTS for rail in RAILS]


def allowed(cell: Cell) -> frozenset[str]:
    """The states that are right at the end of this cell (`needs_review` hides the state).

    Where our wallet there is short, the payout waits for money.
    """
    if cell.fault == "insufficient_funds":
        return frozenset({"queued", "failed", "needs_review"})
    if cell.point and cell.fault != "declined":
        return frozenset({"paid", "needs_review"})
    return frozenset({"paid", "failed", "needs_review"})
