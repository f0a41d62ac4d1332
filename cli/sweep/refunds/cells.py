"""What the sweep tries on refunds: kills at every step, and what MTN does wrong."""

from cli.sweep.cells import REFUND, VICTIMS, Cell, Point
from cli.sweep.outcomes import of_fault
from simulators.faults import named

#: The whole payment by the rail, or a part as a payout that a second person allows.
NATIVE, PAYOUT = "native", "payout"
#: What the simulator calls each.
OPERATIONS = {NATIVE: "refund", PAYOUT: "payout"}


def _point(name: str, process: str = "worker", fault: str = "paid") -> Point:
    return Point(process=process, name=name, about="", fault=fault, saga=REFUND)


def _both(name: str, process: str = "worker", fault: str = "paid") -> tuple[Point, ...]:
    return tuple(_point(f"{name}.{side}", process, fault) for side in ("before", "after"))


#: By the way the money goes back.
POINTS: dict[str, tuple[Point, ...]] = {
    NATIVE: (
        _point("refund.accept.before", "api"),
        _point("refund.accept.written", "api"),
        *_both("refund.pending"),
        _point("saga.booked"),
        _point("refund.fence.before"),
        *_both("refund.send"),
        *_both("refund.ask", fault="no_callback"),
        *_both("refund.succeeded"),
    ),
    PAYOUT: (
        *_both("refund.created"),
        _point("refund.fence.before"),
        *_both("refund.send"),
        *_both("refund.succeeded"),
    ),
}
_FAULTS = (
    "paid",
    "declined",
    "no_callback",
    "duplicate_callback",
    "late_callback",
    "forged_callback",
    "lost_answer",
    "not_received",
    "reset_mid_body",
    "server_error_storm",
    "error_after_accept",
    "rate_limited",
    "malformed_json",
    "html_error_page",
)


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=way, fault=point.fault, victim=victim, point=point)
        for way, points in POINTS.items()
        for point in points
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """Every way MTN misbehaves, both ways."""
    return [Cell(provider=way, fault=fault, of=REFUND) for way in POINTS for fault in _FAULTS]


def allowed(cell: Cell) -> frozenset[str]:
    """How a refund may end."""
    return of_fault(named(cell.fault), "momo", paid="succeeded", gone="failed")
