"""What merchants are told: the payment as an object, the same in answers and events. Pure."""

from collections.abc import Mapping
from typing import Any

from models import ids
from models.lifecycle import PaymentStatus


def payment_object(payment: Mapping[str, Any], attempt: Mapping[str, Any] | None) -> dict[str, Any]:
    """The payment as merchants see it, from its row and its latest attempt's row."""
    status = PaymentStatus(payment["status"])
    return {
        "id": ids.shown(ids.PAYMENT, payment["id"]),
        "object": "payment",
        "status": str(status),
    }
