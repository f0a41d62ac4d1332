"""A checkout session as merchants see it, from its rows. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from models import ids
from models.events import payment_object
from models.lifecycle import PaymentStatus
from models.moments import moment

Row = Mapping[str, Any]

_DONE = {PaymentStatus.SUCCEEDED, PaymentStatus.REVERSED}
_NONE = {PaymentStatus.REQUIRES_PAYMENT_METHOD, PaymentStatus.CANCELED}


def checkout_object(
    checkout: Row,
    payment: Row,
    attempt: Row | None,
    warnings: Sequence[Row] = (),
    *,
    url: str,
) -> dict[str, Any]:
    """The session with its payment inside. `url` is its payer's page."""
    return {
        "id": ids.shown(ids.CHECKOUT, checkout["id"]),
        "object": "checkout",
        "status": checkout["state"],
        "outcome": outcome(PaymentStatus(payment["status"])),
        "amount": checkout["amount"],
        "currency": checkout["currency"],
        "reference": checkout["reference"],
        "description": checkout["description"],
        "success_url": checkout["success_url"],
        "cancel_url": checkout["cancel_url"],
        "url": url,
        "metadata": checkout["metadata"],
        "expires_at": moment(checkout["expires_at"]),
        "cancel_requested": checkout["cancel_requested_at"] is not None,
        "payment": payment_object(payment, attempt),
        "warnings": list(warnings),
        "livemode": checkout["livemode"],
        "created_at": moment(checkout["created_at"]),
        "updated_at": moment(checkout["updated_at"]),
    }


def outcome(status: PaymentStatus) -> str:
    """Whether money moved: `done`, `none`, or `unknown` while an attempt is not final."""
    if status in _DONE:
        return "done"
    return "none" if status in _NONE else "unknown"


def event_object(row: Row) -> dict[str, Any]:
    """One event as GET /v1/events shows it."""
    return {
        "id": ids.shown(ids.EVENT, row["id"]),
        "object": "event",
        "type": row["type"],
        "sequence": row["sequence"],
        "data": row["data"],
        "livemode": row["livemode"],
        "created_at": moment(row["created_at"]),
    }
