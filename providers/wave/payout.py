"""Payouts, refunds, balance and recipients of Wave. Pure; never raises."""

from dataclasses import replace

from models.money_out import Holder
from models.reading import Reading, Reason, Verdict
from providers.readings import UNREADABLE, about_a_question, about_no_money, sure_of_amount
from providers.wave import codes
from providers.wave.errors import read_error
from providers.wave.session import CURRENCY
from providers.wire import Fields, fields, listed, masked, money, parse, text

_MATCHES = {"MATCH": True, "NO_MATCH": False}


def read_payout(body: bytes, http_status: int = 200) -> Reading:
    """A payout, as acknowledged, asked for or found by our reference."""
    answer = parse(body) if http_status // 100 == 2 else None
    if answer and isinstance(answer.get("result"), list):
        found = listed(answer["result"])
        none = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
        return _in_payout(found[0]) if found else none
    return _in_payout(answer) if answer and "status" in answer else read_error(body, http_status)


def read_payout_status(body: bytes, http_status: int = 200) -> Reading:
    """The answer to a question: refused, it says nothing about the money."""
    reading = read_payout(body, http_status)
    return reading if _is_payout(reading) else about_a_question(reading)


def read_refund(body: bytes, http_status: int = 200) -> Reading:
    """200 without a body: given back, all of it, fees too."""
    done = http_status // 100 == 2 and (not body.strip() or parse(body) == {})
    return Reading(verdict=Verdict.SETTLED) if done else read_error(body, http_status)


def read_balance(body: bytes, http_status: int = 200) -> Reading:
    """What the wallet holds: says nothing about any payment."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    if "amount" not in answer:
        return about_no_money(read_error(body, http_status))
    held = money(answer.get("amount"), _currency(answer))
    return Reading(verdict=None, amount=held) if held else UNREADABLE


def read_recipient(body: bytes, http_status: int = 200) -> Holder:
    """Whether the name we know is the holder's; nothing where Wave does not say."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    within = {"true": True, "false": False}.get(text(answer.get("within_limits")) or "")
    return Holder(matches=_MATCHES.get(text(answer.get("name_match")) or ""), within_limits=within)


def _is_payout(reading: Reading) -> bool:
    return reading.provider_reference is not None


def _in_payout(payout: Fields) -> Reading:
    status = text(payout.get("status"))
    known = codes.PAYOUTS.get(status or "", codes.UNLISTED)
    error = fields(payout.get("payout_error"))
    code = text(error.get("error_code")) if known.verdict is Verdict.REFUSED else None
    reading = Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=code or status,
        provider_message=masked(error.get("error_message")) if code else None,
        amount=money(payout.get("receive_amount"), _currency(payout)),
        our_reference=text(payout.get("client_reference")),
        provider_reference=text(payout.get("id")),
    )
    listed_error = codes.ERRORS.get(code or "")
    if listed_error and known.reason is Reason.DECLINED:
        reading = replace(reading, reason=listed_error.reason)
    return sure_of_amount(reading, payout.get("receive_amount"))


def _currency(message: Fields) -> str:
    return (text(message.get("currency")) or CURRENCY).upper()
