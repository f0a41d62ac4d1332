"""The bank's answers to instructions. Pure; never raises.

On a synchronous rail (internal transfer, PesaLink) 000 means done. On an asynchronous one (float
purchase, EFT, RTGS, wallet payout) it means taken in: never success.
"""

from dataclasses import replace

from models.reading import Reading, Reason, Verdict
from providers.ncba.errors import (
    ACCEPTED,
    code_in,
    error_in,
    first,
    is_firewall,
    read_error,
    words_in,
)
from providers.readings import UNREADABLE
from providers.wire import Fields, fields, parse, text

_OURS = ("hdrRefNo", "reqTransactionReferenceNo", "TransactionID", "transactionId")
_THEIRS = ("hdrTranId", "bankRef", "BankReference", "FTRef", "id")


def read_float_ack(body: bytes, http_status: int = 200) -> Reading:
    """A float purchase, EFT, RTGS or wallet payout was taken in, or not."""
    return _read(body, http_status, Verdict.PENDING)


def read_transfer_ack(body: bytes, http_status: int = 200) -> Reading:
    """A transfer or PesaLink payment is done, or not; `succeeded`, others' word: taken in."""
    return _read(body, http_status, Verdict.SETTLED)


def _read(body: bytes, http_status: int, accepted: Verdict) -> Reading:
    answer = parse(body) if http_status // 100 == 2 else None
    if not answer or is_firewall(body, http_status):
        return read_error(body, http_status)
    code, told = code_in(answer), {**answer, **fields(answer.get("data"))}
    if code is None:
        return _queued(answer, told)
    reading = Reading(verdict=accepted, provider_code=code, provider_message=words_in(answer))
    if code not in ACCEPTED:
        reading = error_in(answer, http_status)
    return _named(reading, told)


def _queued(answer: Fields, told: Fields) -> Reading:
    """The wallet rail says `succeeded`, true or false, and no code."""
    said = (text(answer.get("succeeded")) or "").lower()
    verdicts = {"true": Verdict.PENDING, "false": Verdict.REFUSED}
    if said not in verdicts:
        return UNREADABLE
    refused = verdicts[said] is Verdict.REFUSED
    reading = Reading(
        verdict=verdicts[said],
        reason=Reason.DECLINED if refused else None,
        provider_code=said,
        provider_message=words_in(told),
    )
    return _named(reading, told)


def _named(reading: Reading, told: Fields) -> Reading:
    return replace(
        reading, our_reference=first(told, _OURS), provider_reference=first(told, _THEIRS)
    )
