"""Which screen a session is at. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from api.payer.methods import OWN_PAGE
from api.queries.views import Rows
from models.checkout import MAX_ATTEMPTS
from models.events import next_action
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus

#: After so long help is opened and the payer may leave.
PATIENCE = timedelta(seconds=45)


class Screen(StrEnum):
    """What the payer sees."""

    CHOOSE = "choose"
    WAITING = "waiting"
    QUEUED = "queued"
    PREPARING = "preparing"
    LEAVE = "leave"
    UNKNOWN = "unknown"
    PAID = "paid"
    REVERSED = "reversed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"

    @property
    def moves(self) -> bool:
        """True where the page waits for news."""
        return self in _MOVING


_MOVING = {Screen.WAITING, Screen.QUEUED, Screen.PREPARING, Screen.LEAVE, Screen.UNKNOWN}
_ENDED = {
    PaymentStatus.SUCCEEDED: Screen.PAID,
    PaymentStatus.REVERSED: Screen.REVERSED,
    PaymentStatus.UNKNOWN: Screen.UNKNOWN,
}


def screen_of(rows: Rows, now: datetime) -> Screen:
    """The screen of the session as its rows stand."""
    status = PaymentStatus(rows.payment["status"])
    if status in _ENDED:
        return _ENDED[status]
    if status is PaymentStatus.CANCELED:
        ended = CheckoutState(rows.checkout["state"])
        return Screen.CANCELED if ended is CheckoutState.CANCELED else Screen.EXPIRED
    if status is PaymentStatus.REQUIRES_PAYMENT_METHOD:
        return _open(rows, now)
    return _asked(rows)


def seen(rows: Rows) -> str:
    """What tells one state of the page from another, and tells nothing else."""
    attempt = rows.attempt
    told = [rows.payment["status"], rows.checkout["state"], rows.checkout["cancel_requested_at"]]
    if attempt is not None:
        told += [attempt["number"], attempt["state"], attempt["redirect_url"]]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def failed(rows: Rows) -> bool:
    """Whether the last attempt ended without money."""
    return rows.attempt is not None and AttemptState(rows.attempt["state"]) in {
        AttemptState.FAILED,
        AttemptState.REJECTED,
    }


def late(rows: Rows, now: datetime) -> bool:
    """Whether the payer has waited for long."""
    return rows.attempt is not None and now - rows.attempt["created_at"] > PATIENCE


def _open(rows: Rows, now: datetime) -> Screen:
    if rows.checkout["expires_at"] <= now.astimezone(UTC):
        return Screen.EXPIRED
    if rows.attempt is not None and rows.attempt["number"] >= MAX_ATTEMPTS:
        return Screen.EXHAUSTED
    return Screen.CHOOSE


def _asked(rows: Rows) -> Screen:
    attempt = rows.attempt
    if attempt is None:
        return Screen.WAITING
    if attempt["state"] in {AttemptState.UNKNOWN, AttemptState.NEEDS_REVIEW}:
        return Screen.UNKNOWN
    if attempt["state"] == AttemptState.QUEUED:
        return Screen.QUEUED
    if next_action(attempt):
        return Screen.LEAVE
    return Screen.PREPARING if attempt["provider"] in OWN_PAGE else Screen.WAITING
