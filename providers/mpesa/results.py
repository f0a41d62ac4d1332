"""Asynchronous results: B2C, B2B, status, reversal, balance. Pure; never raises.

One envelope serves all: {"Result": {ResultCode, ids, ResultParameters}}. Parameters come in
any order, as a list, one object, null or not at all, and may lack a Value;
older names are written with spaces.
"""

from dataclasses import replace

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.mpesa.acks import originator
from providers.mpesa.codes import UNLISTED, Operation, meaning
from providers.mpesa.parameters import first, parameters
from providers.mpesa.receipts import receipt
from providers.mpesa.stk import CURRENCY
from providers.readings import (
    UNREADABLE,
    Meaning,
    about_a_question,
    about_no_money,
    sure_of_amount,
)
from providers.wire import Fields, fields, masked, money, parse, text

#: What M-Pesa calls the end of a transaction it was asked about. Only Completed is in
#: Safaricom's samples; the others are its organisation portal's words.
STATUSES = {
    "Completed": Meaning(Verdict.SETTLED),
    **dict.fromkeys(("Failed", "Declined"), Meaning(Verdict.REFUSED, Reason.DECLINED)),
    "Cancelled": Meaning(Verdict.REFUSED, Reason.PAYER_CANCELLED),
    "Expired": Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED),
    # The money went and came back: none of it is where it was sent.
    "Reversed": Meaning(Verdict.REFUSED, Reason.REVERSED),
    **dict.fromkeys(("Pending", "Authorized"), Meaning(Verdict.PENDING)),
}
AMOUNTS = ("TransactionAmount", "Amount")
RECEIPTS = ("TransactionReceipt", "ReceiptNo")


def read_payout(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """The result of a B2C or B2B instruction."""
    return _moved(body, Operation.PAYOUT)


def read_timeout(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """Whatever comes to the queue's time-out address, a result with a refusal in it too.

    What is posted there is not documented (contract section 5): it only ever means ask.
    """
    said = parse(body)
    if said is None:
        return UNREADABLE
    about = originator(fields(said.get("Result"))) or originator(said)
    return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, our_reference=about)


def read_reversal(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """The result of a reversal."""
    return _moved(body, Operation.REVERSAL)


def _moved(body: bytes, operation: Operation) -> Reading:
    result, code = envelope(body)
    if code is None:
        return _queue_timeout(body)
    known = meaning(operation, code)
    details = parameters(result)
    reading = replace(
        _outer(result, code, known),
        amount=_amount(details),
        receipt=receipt(first(details, RECEIPTS)) or receipt(result.get("TransactionID")),
    )
    return sure_of_amount(reading, first(details, AMOUNTS))


def read_status(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """What became of an earlier transaction. The outer code and ids belong to the question."""
    result, code = envelope(body)
    if code is None:
        return _queue_timeout(body)
    known = meaning(Operation.PAYOUT, code)
    if code != "0":
        return about_a_question(
            replace(_outer(result, code, known), our_reference=None, provider_reference=None)
        )
    details = parameters(result)
    known = STATUSES.get(text(details.get("TransactionStatus")) or "", UNLISTED)
    reading = replace(
        _outer(result, code, known),
        amount=_amount(details),
        our_reference=originator(details),
        provider_reference=text(details.get("ConversationID")),
        receipt=receipt(first(details, RECEIPTS)),
    )
    return sure_of_amount(reading, first(details, AMOUNTS))


def read_reversal_status(body: bytes, http_status: int = 200) -> Reading:
    """What became of a payment that was to be reversed: reversed, it was given back.

    A payment that stands proves nothing: its reversal may be on its way.
    """
    found = read_status(body, http_status)
    if found.reason is Reason.REVERSED:
        return replace(found, verdict=Verdict.SETTLED, reason=None, our_reference=None)
    if found.verdict is Verdict.SETTLED:
        return replace(found, verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND, receipt=None)
    return about_a_question(found)


def read_balance(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """Balances say nothing about a payment, whether the question worked or not."""
    result, code = envelope(body)
    if code is None:
        return UNREADABLE
    known = meaning(Operation.PAYOUT, code)
    return about_no_money(_outer(result, code, known))


def envelope(body: bytes) -> tuple[Fields, str | None]:
    """The result and its code; empty and None where there is none."""
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


def _amount(details: Fields) -> Money | None:
    return money(first(details, AMOUNTS), text(details.get("Currency")) or CURRENCY)
