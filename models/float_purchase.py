"""A float purchase: quoted, approved by a one-time password, bought through the bank."""

from enum import StrEnum


class FloatState(StrEnum):
    """Nothing moves before the password was right; nothing is sent twice after."""

    QUOTED = "quoted"
    OTP_PENDING = "otp_pending"
    HELD = "held"
    TRANSFERRING = "transferring"
    TRANSFER_UNKNOWN = "transfer_unknown"
    PURCHASING = "purchasing"
    PURCHASE_UNKNOWN = "purchase_unknown"
    FLOAT_REFUSED = "float_refused"
    RETURNING = "returning"
    RETURN_UNKNOWN = "return_unknown"
    CREDITED = "credited"
    MOVING = "moving"
    MOVE_UNKNOWN = "move_unknown"
    IN_WORKING = "in_working"
    NOT_SEEN = "not_seen"
    SETTLED = "settled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    CANCELED = "canceled"
    INSUFFICIENT = "insufficient"
    TRANSFER_REFUSED = "transfer_refused"
    RETURNED = "returned"


_F = FloatState

MOVES: dict[str, frozenset[str]] = {
    _F.QUOTED: frozenset({_F.OTP_PENDING, _F.CANCELED, _F.EXPIRED, _F.INSUFFICIENT}),
    _F.OTP_PENDING: frozenset({_F.HELD, _F.EXPIRED, _F.REJECTED, _F.CANCELED, _F.INSUFFICIENT}),
    _F.HELD: frozenset({_F.TRANSFERRING, _F.PURCHASING, _F.TRANSFER_REFUSED}),
    _F.TRANSFERRING: frozenset({_F.TRANSFER_UNKNOWN, _F.PURCHASING, _F.TRANSFER_REFUSED}),
    _F.TRANSFER_UNKNOWN: frozenset({_F.TRANSFERRING, _F.PURCHASING, _F.TRANSFER_REFUSED}),
    _F.PURCHASING: frozenset({_F.PURCHASE_UNKNOWN, _F.CREDITED, _F.FLOAT_REFUSED}),
    _F.PURCHASE_UNKNOWN: frozenset({_F.PURCHASING, _F.CREDITED, _F.FLOAT_REFUSED}),
    _F.FLOAT_REFUSED: frozenset({_F.PURCHASING, _F.RETURNING, _F.RETURNED}),
    _F.RETURNING: frozenset({_F.RETURN_UNKNOWN, _F.RETURNED, _F.FLOAT_REFUSED}),
    _F.RETURN_UNKNOWN: frozenset({_F.RETURNING, _F.RETURNED, _F.FLOAT_REFUSED}),
    _F.CREDITED: frozenset({_F.MOVING, _F.NOT_SEEN, _F.SETTLED}),
    _F.MOVING: frozenset({_F.MOVE_UNKNOWN, _F.IN_WORKING, _F.SETTLED}),
    _F.MOVE_UNKNOWN: frozenset({_F.MOVING, _F.IN_WORKING, _F.SETTLED}),
    _F.IN_WORKING: frozenset({_F.CREDITED, _F.SETTLED}),
    _F.NOT_SEEN: frozenset({_F.CREDITED, _F.FLOAT_REFUSED, _F.SETTLED}),
    _F.SETTLED: frozenset(),
    _F.EXPIRED: frozenset(),
    _F.REJECTED: frozenset(),
    _F.CANCELED: frozenset(),
    _F.INSUFFICIENT: frozenset(),
    _F.TRANSFER_REFUSED: frozenset(),
    _F.RETURNED: frozenset(),
}
