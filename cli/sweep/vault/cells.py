"""What the sweep tries on lenders' sagas: kills at every point, faults of every outside system."""

from cli.sweep.cells import FLOAT, LOAN, TOPUP, VICTIMS, Cell, Point
from simulators.daraja.oddities import ODDITIES
from simulators.faults import FAULTS

MPESA, NCBA, MIFOS = "mpesa", "ncba", "mifos"


def _steps(saga: str, process: str, *steps: str, fault: str = "paid") -> list[Point]:
    """Before and after each."""
    return [
        Point(process=process, name=f"{step}.{side}", about="", fault=fault, saga=saga)
        for step in steps
        for side in ("before", "after")
    ]


def _one(saga: str, name: str, *, process: str = "worker") -> Point:
    return Point(process=process, name=name, about="", saga=saga)


#: By the outside system that is at work there.
POINTS: dict[tuple[str, str], tuple[Point, ...]] = {
    (TOPUP, MPESA): (
        *_steps(TOPUP, "api", "start", "ke1"),
        _one(TOPUP, "topup.fence.before"),
        *_steps(TOPUP, "worker", "topup.prompt", "wallet_topup.credited"),
        _one(TOPUP, "saga.booked"),
    ),
    (TOPUP, NCBA): tuple(_steps(TOPUP, "api", "kb2")),
    (LOAN, MIFOS): (
        *_steps(LOAN, "api", "mf1"),
        *_steps(LOAN, "worker", "loan_disbursement.preflight", "loan_disbursement.held"),
        _one(LOAN, "loan.fence.before"),
        *_steps(LOAN, "worker", "loan.post", "loan_disbursement.disbursed"),
    ),
    (LOAN, MPESA): (
        _one(LOAN, "payout.fence.before"),
        *_steps(LOAN, "worker", "payout", "loan_disbursement.paid"),
        *_steps(LOAN, "worker", "payout.ask", fault="no_callback"),
        *_steps(LOAN, "api", "ke2", "signal"),
        _one(LOAN, "saga.booked"),
    ),
    (FLOAT, NCBA): (
        *_steps(FLOAT, "worker", "float_purchase.held"),
        _one(FLOAT, "float.before"),
        _one(FLOAT, "ncba_float.fence.before"),
        *_steps(FLOAT, "worker", "ncba_float", "float.look", "float_purchase.credited"),
        *_steps(FLOAT, "api", "kb1"),
    ),
    (FLOAT, MPESA): (
        _one(FLOAT, "mpesa_b2b.fence.before"),
        *_steps(FLOAT, "worker", "mpesa_b2b", "float_purchase.settled"),
    ),
}

#: How an answer of the lender's books is spoiled, and what only they do.
_MIFOS_FAULTS = (
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
#: A payout nobody answers for is asked about for a day; a forged result needs the secret address.
_NOT_OF_PAYOUTS = {"pending_for_ever", "forged_callback"}
_BANK_FAULTS = (
    "paid",
    "bank_refuses",
    "firewall",
    "float_late",
    "float_never",
    "debited_in_silence",
    "lost_answer",
    "not_received",
    "no_callback",
    "duplicate_callback",
    "contradictory_callback",
    "html_error_page",
)


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=provider, fault=point.fault, victim=victim, point=point)
        for (_saga, provider), points in POINTS.items()
        for point in points
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """Every way an outside system misbehaves."""
    common = [fault.name for fault in FAULTS]
    odd = [fault.name for fault in ODDITIES]
    paid_out = [name for name in (*common, *odd) if name not in _NOT_OF_PAYOUTS]
    tried = {
        (TOPUP, MPESA): common,
        (LOAN, MPESA): paid_out,
        (LOAN, MIFOS): _MIFOS_FAULTS,
        (FLOAT, NCBA): _BANK_FAULTS,
    }
    return [
        Cell(provider=provider, fault=fault, of=saga)
        for (saga, provider), names in tried.items()
        for fault in names
    ]
