"""The bank's word on an instruction it took in: float, EFT, RTGS, wallet payout. Pure.

It may never come, come twice or contradict itself; it names our reference and is not signed.
"""

import base64
import binascii
import hmac

from models.reading import Reading, Reason, Verdict
from providers.ncba.amounts import CURRENCY
from providers.ncba.errors import first, words_in
from providers.readings import UNREADABLE, sure_of_amount
from providers.wire import Fields, money, parse, text

_OURS = ("TransactionID", "transactionId", "reference")
_THEIRS = ("bankRef", "hdrTranId", "FTRef")
_RECEIPTS = ("MpesaReceipt", "mpesaReceipt", "receiptNumber")
_AMOUNTS = ("Amount", "amount")
#: It had left, and came back from the other bank.
_CAME_BACK = ("RETURNED", "REVERSED", "BOUNCED")
_VERDICTS = {
    **dict.fromkeys(("SUCCESS", "COMPLETED", "0"), Verdict.SETTLED),
    **dict.fromkeys(("FAILED", "FAILURE", "REJECTED", "DECLINED"), Verdict.REFUSED),
    **dict.fromkeys(_CAME_BACK, Verdict.REFUSED),
    **dict.fromkeys(("PENDING", "PROCESSING", "ACCEPTED"), Verdict.PENDING),
}
#: What the bank wants to hear, at once.
TAKEN = {"resultCode": "0", "resultDescription": "Accepted"}


def read_callback(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """A status nobody listed is unknown, whatever its text says."""
    answer = parse(body) or {}
    status, ours = first(answer, ("Status", "status")), first(answer, _OURS)
    if status is None or ours is None:
        return UNREADABLE
    verdict = _VERDICTS.get(status.upper(), Verdict.UNKNOWN)
    stated = next((answer[name] for name in _AMOUNTS if answer.get(name) is not None), None)
    reading = Reading(
        verdict=verdict,
        reason=_reason(verdict, status),
        provider_code=status,
        provider_message=words_in(answer),
        amount=money(stated, _currency(answer)),
        our_reference=ours,
        provider_reference=first(answer, _THEIRS),
        receipt=first(answer, _RECEIPTS),
    )
    return sure_of_amount(reading, stated)


def is_bank(authorization: str, *, user: str, password: str) -> bool:
    """Whether a Basic header carries the pair agreed with the bank; constant time."""
    scheme, _, sent = authorization.partition(" ")
    try:
        pair = base64.b64decode(sent, validate=True)
    except (binascii.Error, ValueError):
        return False
    return scheme.lower() == "basic" and hmac.compare_digest(pair, f"{user}:{password}".encode())


def _reason(verdict: Verdict, status: str) -> Reason | None:
    if status.upper() in _CAME_BACK:
        return Reason.REVERSED
    reasons = {Verdict.REFUSED: Reason.DECLINED, Verdict.UNKNOWN: Reason.PROVIDER_ERROR}
    return reasons.get(verdict)


def _currency(answer: Fields) -> str:
    return (text(answer.get("Currency")) or text(answer.get("currency")) or CURRENCY).upper()
