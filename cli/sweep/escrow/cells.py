"""What the sweep tries on escrows: kills at every step, and deciders who come at once."""

from cli.sweep.cells import ESCROW, VICTIMS, Cell, Point

#: How its money leaves: by itself, by proof in two parts, back to the payer, or divided by two
#: people after a dispute. `at_once`: the same by as many as there are, at the same moment.
TIMER, PROOF, BACK, DIVIDED = "timer", "proof", "refund", "dispute"
AT_ONCE = "at_once"


def _point(process: str, name: str) -> Point:
    return Point(process=process, name=name, about="", saga=ESCROW)


def _both(step: str) -> tuple[Point, ...]:
    return tuple(_point("worker", f"escrow.{step}.{side}") for side in ("before", "after"))


#: By the way the money leaves.
POINTS: dict[str, tuple[Point, ...]] = {
    TIMER: (*_both("funded"), *_both("timer"), *_both("released")),
    PROOF: (
        _point("api", "escrow.accept.before"),
        _point("api", "escrow.accept.written"),
        _point("api", "escrow.decide.written"),
        *_both("partly_released"),
    ),
    BACK: _both("refunded"),
    DIVIDED: (*_both("disputed"), *_both("closed")),
}


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=way, fault=point.fault, victim=victim, point=point)
        for way, points in POINTS.items()
        for point in points
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """Every way undisturbed, and proofs against the timer and each other."""
    alone = [Cell(provider=way, fault="paid", of=ESCROW) for way in POINTS]
    return [*alone, *(Cell(provider=way, fault=AT_ONCE, of=ESCROW) for way in (TIMER, PROOF))]
