"""Statuses, callbacks, acknowledgements and balances of MTN. Pure; never raises.

`reason` comes as text, as an object or not at all; amounts as text or number.
"""

import re

from models.reading import Reading, Reason, Verdict
from providers.contract import Decodes
from providers.momo.codes import REASONS
from providers.momo.errors import read_error
from providers.readings import UNREADABLE, about_a_question, about_no_money, sure_of_amount
from providers.wire import Fields, fields, masked, money, parse, text

#: The wallet's currency where a message names none.
CURRENCY = "XAF"
_VERDICTS = {
    "PENDING": Verdict.PENDING,
    "SUCCESSFUL": Verdict.SETTLED,
    "FAILED": Verdict.REFUSED,
}
_PLACEHOLDER = re.compile(r"0+|n/?a|null|none|-+", re.IGNORECASE)


def read_ack(body: bytes, http_status: int = 200) -> Reading:
    """202 and an empty body: accepted, never paid."""
    if http_status == 202:
        return Reading(verdict=Verdict.PENDING)
    return read_error(body, http_status)


def status_reader(currency: str = CURRENCY) -> Decodes:
    """A reader of GET answers for a wallet of `currency`."""

    def read_status(body: bytes, http_status: int = 200) -> Reading:
        answer = parse(body) if http_status // 100 == 2 else None
        found = _operation(answer, currency) if answer else None
        return found or about_a_question(read_error(body, http_status))

    return read_status


def callback_reader(currency: str = CURRENCY) -> Decodes:
    """A reader of callbacks: the body of a status answer, unsigned."""

    def read_callback(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
        return _operation(parse(body) or {}, currency) or UNREADABLE

    return read_callback


def read_balance(body: bytes, http_status: int = 200) -> Reading:
    """What the wallet holds: says nothing about any payment."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    if "availableBalance" not in answer:
        return about_no_money(read_error(body, http_status))
    held = money(answer.get("availableBalance"), _currency(answer, CURRENCY))
    return Reading(verdict=None, amount=held) if held else UNREADABLE


def _operation(answer: Fields, currency: str) -> Reading | None:
    status = text(answer.get("status"))
    if status is None:
        return None
    verdict = _VERDICTS.get(status, Verdict.UNKNOWN)
    code, message = _why(answer)
    reading = Reading(
        verdict=verdict,
        reason=_reason(verdict, code),
        provider_code=code or status,
        provider_message=message,
        amount=money(answer.get("amount"), _currency(answer, currency)),
        our_reference=text(answer.get("externalId")),
        provider_reference=text(answer.get("referenceId")),
        receipt=_receipt(answer.get("financialTransactionId")),
    )
    return sure_of_amount(reading, answer.get("amount"))


def _currency(answer: Fields, wallet: str) -> str:
    return (text(answer.get("currency")) or wallet).upper()


def _why(answer: Fields) -> tuple[str | None, str | None]:
    reason = answer.get("reason")
    if isinstance(reason, str):
        return masked(reason), None
    detail = fields(reason)
    return text(detail.get("code")), masked(detail.get("message"))


def _reason(verdict: Verdict, code: str | None) -> Reason | None:
    if verdict is Verdict.REFUSED:
        return REASONS.get((code or "").upper(), Reason.DECLINED)
    return Reason.PROVIDER_ERROR if verdict is Verdict.UNKNOWN else None


def _receipt(value: object) -> str | None:
    shown = text(value)
    return None if shown is None or _PLACEHOLDER.fullmatch(shown) else shown
