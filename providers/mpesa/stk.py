"""STK push: the callback and the answer to the query. Pure; never raises."""

from typing import Any

from models.reading import Reading
from providers.mpesa.codes import UNLISTED, Operation, meaning
from providers.mpesa.errors import read_failure, said
from providers.mpesa.receipts import receipt
from providers.readings import UNREADABLE, about_a_question, sure_of_amount
from providers.wire import Fields, fields, listed, masked, money, parse, text

CURRENCY = "KES"


def read_callback(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """The result of the push. It names no reference of ours: its path does."""
    outer = fields((parse(body) or {}).get("Body"))
    callback = fields(outer.get("stkCallback"))
    code = text(callback.get("ResultCode"))
    if code is None:
        return UNREADABLE
    details = _details(callback)
    known = meaning(Operation.PUSH, code)
    reading = Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=code,
        provider_message=masked(callback.get("ResultDesc")),
        amount=money(details.get("Amount"), CURRENCY),
        provider_reference=text(callback.get("CheckoutRequestID")),
        receipt=receipt(details.get("MpesaReceiptNumber")),
    )
    return sure_of_amount(reading, details.get("Amount"))


def _details(callback: Fields) -> dict[str, Any]:
    items = listed(fields(callback.get("CallbackMetadata")).get("Item"))
    return {str(item.get("Name")): item.get("Value") for item in items}


def read_query(body: bytes, http_status: int = 200) -> Reading:
    """The answer to the question; it carries neither amount nor receipt."""
    return said(body, http_status, _outcome) or about_a_question(read_failure(body, http_status))


def _outcome(answer: Fields) -> Reading | None:
    code = text(answer.get("ResultCode"))
    if code is None:
        return None
    trusted = text(answer.get("ResponseCode")) in {None, "0"}
    known = meaning(Operation.PUSH_QUERY, code) if trusted else UNLISTED
    return Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=code,
        provider_message=masked(answer.get("ResultDesc")),
        provider_reference=text(answer.get("CheckoutRequestID")),
    )
