"""What a misbehaving provider must lead to, in whatever words a saga has for it."""

from simulators.faults import Calls, Fault, Outcome, Takes

REVIEW = "needs_review"
#: M-Pesa calls that were lost before it acted: there is no handle to ask with, and no proof.
_NO_HANDLE = {"not_received", "server_error_storm"}


def of_fault(fault: Fault, provider: str, *, paid: str, gone: str) -> frozenset[str]:
    """The right endings; `paid` and `gone` are the saga's words for money that came and did not.

    A report after the end that contradicts it, or brings money, opens a case beside the ending.
    """
    reopened = {Calls.STALE_AFTER: paid, Calls.EXPIRED_THEN_PAID: gone}
    if fault.calls in reopened:
        return frozenset({reopened[fault.calls], REVIEW})
    if _needs_a_person(fault, provider):
        return frozenset({REVIEW})
    if fault.outcome is Outcome.PAID and fault.name != "misconfigured":
        return frozenset({paid})
    return frozenset({gone})


def _needs_a_person(fault: Fault, provider: str) -> bool:
    """Other money than asked for, no word for ever, or nothing to ask with."""
    if provider == "mpesa" and fault.name in _NO_HANDLE:
        return True
    if fault.takes is Takes.OTHER_CURRENCY:
        return provider != "mpesa"  # M-Pesa names no currency on the wire
    return fault.takes is Takes.OTHER_AMOUNT or fault.outcome is Outcome.NEVER
