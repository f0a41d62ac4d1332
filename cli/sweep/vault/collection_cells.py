"""What the sweep tries on collections: by the menu, by a phone that rings, in the lender's books.

A cell's third word: `paybill` and `stk` are how the money comes, `mifos` is its posting and
`undo` what follows when M-Pesa takes it back.
"""

from cli.sweep.cells import COLLECTION, VICTIMS, Cell, Point
from simulators.faults import FAULTS

PAYBILL, STK, MIFOS, UNDO = "paybill", "stk", "mifos", "undo"
#: What is no fault of a simulator: the account typed is nobody's; two people then name one; a
#: checker has to let the posting pass; M-Pesa takes the money back.
UNMATCHED, ALLOCATED, CHECKED, TAKEN_BACK = "unmatched", "allocated", "checked", "taken_back"
#: The customer's phone is told twice, so a word that met a dead API comes again.
_TWICE = "duplicate_callback"


def _at(*names: str, process: str = "worker", fault: str = "paid") -> tuple[Point, ...]:
    return tuple(
        Point(process=process, name=name, about="", fault=fault, saga=COLLECTION) for name in names
    )


def _around(*steps: str, process: str = "worker", fault: str = "paid") -> tuple[Point, ...]:
    """Before and after each."""
    names = [f"{step}.{side}" for step in steps for side in ("before", "after")]
    return _at(*names, process=process, fault=fault)


POINTS: dict[str, tuple[Point, ...]] = {
    PAYBILL: (
        *_around("ke7", "collection.accept", "start", process="api"),
        *_around("ke8", process="api", fault=_TWICE),
        *_around("c2b_receipt.received", "collection.confirm", "c2b_receipt.matched"),
        *_at("saga.booked"),
        *_around("c2b_receipt.suspense", fault=UNMATCHED),
    ),
    STK: (
        *_around("ke1", "ke8", "signal", process="api"),
        *_at("collection.ring.fence.before"),
        *_around("collection.ring", "c2b_receipt.received"),
        *_around("collection.ask", fault="no_callback"),
        *_around("c2b_receipt.failed", fault="declined"),
    ),
    MIFOS: (
        *_at("collection.fence.before"),
        *_around("collection.post", "c2b_receipt.posted"),
        *_around("c2b_receipt.allocated", fault=ALLOCATED),
        *_around("c2b_receipt.posting_review", fault=CHECKED),
    ),
    UNDO: (
        *_at("collection.undo.fence.before", fault=TAKEN_BACK),
        *_around("collection.undo", "c2b_receipt.reversed", fault=TAKEN_BACK),
    ),
}

#: How M-Pesa confirms a payment by the menu. Of one it never confirms only its statement can tell
#: (docs/proof.md).
_BY_MENU = (
    "paid",
    "duplicate_callback",
    "out_of_order_callback",
    "callback_before_response",
    "late_callback",
    "late_success",
    "contradictory_callback",
    "forged_callback",
    UNMATCHED,
)
#: How an answer of the lender's books is spoiled, and what only they do.
_BY_BOOKS = (
    "lost_answer",
    "not_received",
    "reset_mid_body",
    "slow_drip",
    "server_error_storm",
    "error_after_accept",
    "rate_limited",
    "malformed_json",
    "html_error_page",
    "wrong_content_type",
    "stored_failure",
    "slow_commit",
    "cob_lock",
)
TRIED: dict[str, tuple[str, ...]] = {
    PAYBILL: _BY_MENU,
    STK: tuple(fault.name for fault in FAULTS),
    MIFOS: _BY_BOOKS,
    UNDO: _BY_BOOKS,
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
    """Every way M-Pesa and the lender's books misbehave."""
    return [
        Cell(provider=way, fault=name, of=COLLECTION)
        for way, names in TRIED.items()
        for name in names
    ]
