"""What merchants are told: the payment as an object, the same in answers and events. Pure."""

from collections.abc import Mapping
from typing import Any

from models import ids
from models.lifecycle import AttemptState, PaymentStatus
from models.moments import moment

#: Told to whoever might be tempted to collect the same money again.
DO_NOT_RETRY = "do_not_retry"


def payment_object(payment: Mapping[str, Any], attempt: Mapping[str, Any] | None) -> dict[str, Any]:
    """The payment as merchants see it, from its row and its latest attempt's row."""
    status = PaymentStatus(payment["status"])
    return {
        "id": ids.shown(ids.PAYMENT, payment["id"]),
        "object": "payment",
        "status": str(status),
        "final": status.final,
        "needs_review": payment["needs_review"],
        "guidance": DO_NOT_RETRY if status is PaymentStatus.UNKNOWN else None,
        "next_action": next_action(attempt),
        "next_check_at": moment(payment["next_check_at"]),
        "amount": payment["amount"],
        "currency": payment["currency"],
        "amount_received": payment["amount_received"],
        "amount_refunded": payment["amount_refunded"],
        "amount_taken_back": payment["amount_taken_back"],
        "reference": payment["reference"],
        "checkout": ids.shown(ids.CHECKOUT, payment["checkout_id"]),
        "latest_attempt": None if attempt is None else attempt_object(attempt),
        "livemode": payment["livemode"],
        "created_at": moment(payment["created_at"]),
        "updated_at": moment(payment["updated_at"]),
    }


def next_action(attempt: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The page the payer has to open, while its attempt may still be paid; None for a prompt."""
    if attempt is None or AttemptState(attempt["state"]).final or not attempt["redirect_url"]:
        return None
    return {"type": "redirect", "url": attempt["redirect_url"]}


def attempt_object(attempt: Mapping[str, Any]) -> dict[str, Any]:
    """One attempt as merchants see it: the payer is masked, our reference is theirs to quote."""
    return {
        "id": ids.shown(ids.ATTEMPT, attempt["id"]),
        "object": "attempt",
        "number": attempt["number"],
        "method": attempt["provider"],
        "state": attempt["state"],
        "payer": attempt["payer_masked"],
        "our_reference": attempt["our_reference"],
        "provider_reference": attempt["provider_reference"],
        "receipt": attempt["receipt"],
        "reason": attempt["reason"],
    }
