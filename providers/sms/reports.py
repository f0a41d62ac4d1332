"""Delivery reports of Africa's Talking, read without believing them. Pure; never raises.

Unsigned: the path they come on is the secret, and they only move a message forward.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from models.messages import MessageState
from providers.wire import MAX_BODY, text

GATEWAY = "africastalking"

_STATES: Mapping[str, MessageState] = {
    "Sent": MessageState.SUBMITTED,
    "Submitted": MessageState.SUBMITTED,
    "Buffered": MessageState.SUBMITTED,
    "Success": MessageState.DELIVERED,
    "Failed": MessageState.FAILED,
    "Rejected": MessageState.FAILED,
    "AbsentSubscriber": MessageState.FAILED,
    "Expired": MessageState.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What became of a message, as its gateway tells."""

    gateway: str
    provider_ref: str
    state: MessageState
    code: str | None = None


def read_report(body: bytes) -> DeliveryReport | None:
    """The report in a posted form; None for anything else."""
    if len(body) > MAX_BODY:
        return None
    try:
        form = parse_qs(body.decode(), max_num_fields=50)
    except ValueError:
        return None
    said = {name: text(values[0]) for name, values in form.items()}
    named, state = said.get("id"), _STATES.get(said.get("status") or "")
    if named is None or state is None:
        return None
    code = said.get("failureReason") or (said["status"] if state is MessageState.FAILED else None)
    return DeliveryReport(gateway=GATEWAY, provider_ref=named, state=state, code=code)
