"""Answers to commands: booked, parked for a checker, or an error. Pure; never raises.

HTTP 200 alone proves nothing: a parked command is answered 200 and booked nowhere.
"""

from collections.abc import Callable
from dataclasses import replace

from models.lender_orders import Booking, Disbursement
from models.lending import LoanStatus
from models.reading import Reading, Reason, Verdict
from providers.contract import Decodes
from providers.mifos.errors import is_error, read_refused_post
from providers.readings import UNREADABLE, sure_of_amount
from providers.wire import Fields, fields, masked, money, parse, text

#: Where no message names one: the books of a Kenyan lender.
CURRENCY = "KES"
_Reads = Callable[[Fields, str], Reading]


def disburse_reader(currency: str = CURRENCY) -> Decodes:
    """A reader of disbursement answers: settled only by the loan's new status."""
    return _reader(_disbursed, currency)


def transaction_reader(currency: str = CURRENCY) -> Decodes:
    """A reader of repayment and deposit answers: settled by the transaction's id."""
    return _reader(_booked, currency)


def undo_reader(currency: str = CURRENCY) -> Decodes:
    """A reader of undone disbursements: settled only by the loan's old status."""
    return _reader(_undone, currency)


def as_ordered(reading: Reading, body: bytes, order: Booking, owner: tuple[str, int]) -> Reading:
    """A success that speaks of another account, amount or transaction proves nothing of ours.

    `owner`: the key of the answer that names the account, and the account. A disbursement is
    proven by the loan's status and may name no amount.
    """
    if reading.verdict is not Verdict.SETTLED:
        return reading
    key, account = owner
    told = fields(parse(body)).get(key)
    same = text(told) == str(account) and reading.our_reference in {None, order.external_id}
    silent = reading.amount is None and isinstance(order, Disbursement)
    if same and (silent or reading.amount == order.amount):
        return replace(reading, our_reference=order.external_id)
    return replace(reading, verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)


def _reader(reads: _Reads, currency: str) -> Decodes:
    def read(body: bytes, http_status: int = 200) -> Reading:
        answer = parse(body) if http_status // 100 == 2 else None
        if answer is None or is_error(answer):
            return read_refused_post(body, http_status)
        if text(answer.get("rollbackTransaction")) == "true":
            return _parked(answer)
        return sure_of_amount(reads(answer, currency), _changes(answer).get("transactionAmount"))

    return read


def _parked(answer: Fields) -> Reading:
    """Validated, rolled back, waiting for a checker: nothing is booked, and may be yet."""
    return Reading(
        verdict=Verdict.PENDING,
        reason=Reason.PARKED,
        provider_code="rollbackTransaction",
        provider_reference=text(answer.get("commandId")),
    )


def _disbursed(answer: Fields, currency: str) -> Reading:
    status = _status(answer)
    reading = _told(answer, currency, transaction="subResource")
    return _proven(reading, answer, status == LoanStatus.ACTIVE, status)


def _undone(answer: Fields, currency: str) -> Reading:
    status = _status(answer)
    reading = _told(answer, currency, transaction="subResource")
    return _proven(reading, answer, status == LoanStatus.APPROVED, status)


def _booked(answer: Fields, currency: str) -> Reading:
    owned = any(text(answer.get(key)) for key in ("loanId", "savingsId"))
    reading = _told(answer, currency, transaction="resource")
    return _proven(reading, answer, owned and reading.provider_reference is not None, None)


def _proven(reading: Reading, answer: Fields, done: bool, status: int | None) -> Reading:  # noqa: FBT001 - said by the three callers above
    if done:
        return reading
    if text(answer.get("resourceId")) is None:
        return UNREADABLE
    code = None if status is None else str(status)
    verdict, reason = Verdict.UNKNOWN, Reason.PROVIDER_ERROR
    return replace(reading, verdict=verdict, reason=reason, provider_code=code)


def _told(answer: Fields, currency: str, *, transaction: str) -> Reading:
    changes = _changes(answer)
    return Reading(
        verdict=Verdict.SETTLED,
        amount=money(changes.get("transactionAmount"), currency),
        our_reference=text(answer.get(f"{transaction}ExternalId")),
        provider_reference=text(answer.get(f"{transaction}Id")),
        receipt=masked(changes.get("receiptNumber")),
    )


def _changes(answer: Fields) -> Fields:
    return fields(answer.get("changes"))


def _status(answer: Fields) -> int | None:
    named = text(fields(_changes(answer).get("status")).get("id")) or ""
    return int(named) if named.isdecimal() and len(named) < 6 else None
