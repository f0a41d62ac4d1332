"""What the three words of a transaction mean together. Pure."""

from providers.cards import codes
from providers.readings import Meaning


def meaning(result: str | None, code: str | None, kind: str) -> Meaning:
    """What three words say together."""
    if kind in codes.MOVES_NOTHING:
        return codes.PENDING
    if result == "SUCCESS" and code in codes.APPROVALS:
        if kind.startswith(codes.UNDOES):
            return codes.UNDONE
        return codes.SETTLED if kind in codes.MOVES_MONEY else codes.UNLISTED
    if result == "PENDING":
        return codes.PENDING
    return failure(code) if result == "FAILURE" else codes.UNLISTED


def failure(code: str | None) -> Meaning:
    """Why a transaction failed; unknown where the gateway does not know either."""
    if code and code.startswith(codes.DECLINED_SO):
        return codes.DECLINED
    return codes.FAILURES.get(code or "", codes.UNLISTED)
