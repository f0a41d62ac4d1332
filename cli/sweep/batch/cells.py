"""What the sweep tries on batches: kills at every step of one. Faults of rails are payouts' own."""

from cli.sweep.cells import BATCH, VICTIMS, Cell, Point

MPESA = "mpesa"
#: The point that only a batch comes by that somebody cancels.
STOP = "batch.stop.before"
_AT_WORK = (
    "batch.page.after",
    "batch.screen.before",
    "batch.chunk.written",
    "batch.chunk.after",
    "payout_batch.running.before",
    "payout_batch.running.after",
    "payout_batch.completed.before",
    "payout_batch.completed.after",
    STOP,
)
POINTS: tuple[Point, ...] = (
    Point(process="api", name="batch.accept.written", about="", saga=BATCH),
    *(Point(process="worker", name=name, about="", saga=BATCH) for name in _AT_WORK),
)


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=MPESA, fault=point.fault, victim=victim, point=point)
        for point in POINTS
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """A batch nothing happens to."""
    return [Cell(provider=MPESA, fault="paid", of=BATCH)]


def allowed(cell: Cell) -> frozenset[str]:
    """How the batch may end: one that was canceled may have been paid already."""
    stopped = cell.point is not None and cell.point.name == STOP
    return frozenset({"canceled", "completed"} if stopped else {"completed"})
