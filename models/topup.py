"""A wallet top-up: money is expected under a reference of ours; by bank or by mobile money."""

from enum import StrEnum


class TopUpState(StrEnum):
    """Late money never credits an expired top-up: it goes to suspense with a case."""

    REQUESTED = "requested"
    AWAITING_MONEY = "awaiting_money"
    SENDING = "sending"
    UNKNOWN = "unknown"
    CREDITED = "credited"
    EXPIRED = "expired"
    REVERSED = "reversed"


_T = TopUpState

MOVES: dict[str, frozenset[str]] = {
    _T.REQUESTED: frozenset({_T.AWAITING_MONEY, _T.SENDING, _T.CREDITED, _T.EXPIRED}),
    _T.AWAITING_MONEY: frozenset({_T.CREDITED, _T.EXPIRED}),
    _T.SENDING: frozenset({_T.UNKNOWN, _T.CREDITED, _T.EXPIRED}),
    _T.UNKNOWN: frozenset({_T.SENDING, _T.CREDITED, _T.EXPIRED}),
    _T.CREDITED: frozenset({_T.REVERSED}),
    _T.EXPIRED: frozenset(),
    _T.REVERSED: frozenset(),
}
