"""Asynchronous results: B2C, B2B, status, reversal, balance. Pure; never raises.

One envelope serves all: {"Result": {ResultCode, ids, ResultParameters}}. Parameters come in
any order, as a list, one object, null or not at all, and may lack a Value;
older names are written with spaces.
"""

from dataclasses import replace
from typing import Any

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.mpesa.acks import originator
from providers.mpesa.codes import UNLISTED, Operation, meaning
from providers.mpesa.receipts import receipt
from providers.mpesa.stk import CURRENCY
from providers.readings import (
    UNREADABLE,
    Meaning,
    about_a_question,
    about_no_money,
    sure_of_amount,
)
from providers.wire import Fields, fields, listed, masked, money, parse, text

#: What M-Pesa calls the end of a transaction it was asked about. Only Completed is in
#: Safaricom's samples; the others are its organisation portal's words.
STATUSES = {
    "Completed": Meaning(Verdict.SETTLED),
    **dict.fromkeys(("Failed", "Declined"), Meaning(Verdict.REFUSED, Reason.DECLINED)),
    "Cancelled": Meaning(Verdict.REFUSED, Reason.PAYER_CANCELLED),
    "Expired": Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED),
    **dict.fromkeys(("Pending", "Authorized"), Meaning(Verdict.PENDING)),
}
_AMOUNTS = ("TransactionAmount", "Amount")
_RECEIPTS = ("TransactionReceipt", "ReceiptNo")


def read_payout(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """The result of a B2C or B2B instruction."""
    return _moved(body, Operation.PAYOUT)


def read_reversal(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """The result of a reversal."""
    return _moved(body, Operation.REVERSAL)


def _moved(body: bytes, operation: Operation) -> Reading:
    result, code = _result(body)
    if code is None:
        return _queue_timeout(body)
    known = meaning(operation, code)
    details = _parameters(result)
    reading = replace(
        _outer(result, code, known),
        amount=_amount(details),
        receipt=receipt(_first(details, _RECEIPTS)) or receipt(result.get("TransactionID")),
    )
    return sure_of_amount(reading, _first(details, _AMOUNTS))


def read_status(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """What became of an earlier transaction. The outer code and ids belong to the question."""
    result, code = _result(body)
    if code is None:
        return _queue_timeout(body)
    known = meaning(Operation.PAYOUT, code)
    if code != "0":
        return about_a_question(
            replace(_outer(result, code, known), our_reference=None, provider_reference=None)
        )
    details = _parameters(result)
    known = STATUSES.get(text(details.get("TransactionStatus")) or "", UNLISTED)
    reading = replace(
        _outer(result, code, known),
        amount=_amount(details),
        our_reference=originator(details),
        provider_reference=text(details.get("ConversationID")),
        receipt=receipt(_first(details, _RECEIPTS)),
    )
    return sure_of_amount(reading, _first(details, _AMOUNTS))


def read_balance(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """Balances say nothing about a payment, whether the question worked or not."""
    result, code = _result(body)
    if code is None:
        return UNREADABLE
    known = meaning(Operation.PAYOUT, code)
    return about_no_money(_outer(result, code, known))


def _result(body: bytes) -> tuple[Fields, str | None]:
    result = fields((parse(body) or {}).get("Result"))
    return result, text(result.get("ResultCode"))


def _outer(result: Fields, code: str, known: Meaning) -> Reading:
    return Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=code,
        provider_message=masked(result.get("ResultDesc")),
        our_reference=originator(result),
        provider_reference=text(result.get("ConversationID")),
    )


def _queue_timeout(body: bytes) -> Reading:
    """The queue's time-out posts our own request back: evidence of nothing."""
    request = parse(body) or {}
    if "CommandID" not in request:
        return UNREADABLE
    return Reading(
        verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, our_reference=originator(request)
    )


def _parameters(result: Fields) -> dict[str, Any]:
    items = listed(fields(result.get("ResultParameters")).get("ResultParameter"))
    return {str(item.get("Key")).replace(" ", ""): item.get("Value") for item in items}


def _first(details: Fields, names: tuple[str, ...]) -> Any:
    found = (details.get(name) for name in names)
    return next((value for value in found if value is not None), None)


def _amount(details: Fields) -> Money | None:
    return money(_first(details, _AMOUNTS), text(details.get("Currency")) or CURRENCY)
