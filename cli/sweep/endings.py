"""How a checkout may end, given what was done to it: needing a person is allowed, not a habit."""

from cli.sweep.cells import Cell
from cli.sweep.desk import endings as desk
from cli.sweep.vault import endings as vault
from simulators.faults import Calls, Fault, Outcome, Takes, named

_PAID, _GONE, _REVIEW = "succeeded", "canceled", "needs_review"
#: M-Pesa calls that were lost before it acted: there is no handle to ask with, and no proof.
_NO_HANDLE = {"not_received", "server_error_storm"}
#: A report after the end that contradicts it, or brings money, opens a case beside the ending.
_REOPENED = {Calls.STALE_AFTER: _PAID, Calls.EXPIRED_THEN_PAID: _GONE}


def allowed(cell: Cell) -> frozenset[str]:
    """The statuses that are right at the end of this cell (`needs_review` hides the status)."""
    if cell.vault:
        return vault.allowed(cell)
    if cell.desk:
        return desk.allowed(cell)
    fault = named(cell.fault)
    if cell.silent and cell.provider == "mpesa":
        return frozenset({_REVIEW})
    right = _of_fault(fault, cell.provider)
    if cell.kills and cell.provider == "mpesa":
        # Killed between fence and acknowledgement: whether the phone rang, nobody can tell us.
        return right | {_REVIEW}
    return right


def _of_fault(fault: Fault, provider: str) -> frozenset[str]:
    if fault.calls in _REOPENED:
        return frozenset({_REOPENED[fault.calls], _REVIEW})
    if _needs_a_person(fault, provider):
        return frozenset({_REVIEW})
    if fault.outcome is Outcome.PAID and fault.name != "misconfigured":
        return frozenset({_PAID})
    return frozenset({_GONE})


def _needs_a_person(fault: Fault, provider: str) -> bool:
    """Other money than asked for, no word for ever, or nothing to ask with."""
    if provider == "mpesa" and fault.name in _NO_HANDLE:
        return True
    if fault.takes is Takes.OTHER_CURRENCY:
        return provider != "mpesa"  # M-Pesa names no currency on the wire
    return fault.takes is Takes.OTHER_AMOUNT or fault.outcome is Outcome.NEVER
