"""Resources, callbacks, errors and look-ups of the proposed contract. Pure; never raises."""

from dataclasses import replace

from models.money_out import Holder
from models.reading import Reading, Verdict
from providers.camtel import codes
from providers.readings import (
    UNREADABLE,
    Meaning,
    about_a_question,
    about_no_money,
    gave_up,
    sure_of_amount,
)
from providers.wire import Fields, fields, masked, money, parse, text

CURRENCY = "XAF"


def read_ack(body: bytes, http_status: int = 200) -> Reading:
    """A collection just asked for: waiting, never paid."""
    reading = _told(body, http_status) or read_error(body, http_status)
    settled = reading.verdict is Verdict.SETTLED
    return replace(reading, verdict=Verdict.UNKNOWN) if settled else reading


def read_sent(body: bytes, http_status: int = 200) -> Reading:
    """A transfer or refund just ordered: it may be done at once."""
    return _told(body, http_status) or read_error(body, http_status)


def read_status(body: bytes, http_status: int = 200) -> Reading:
    """The answer to a question: refused, it says nothing about the money."""
    return _told(body, http_status) or about_a_question(read_error(body, http_status))


def read_callback(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """An event: its `data` is the resource."""
    data = fields((parse(body) or {}).get("data"))
    return _in_resource(data) if "status" in data else UNREADABLE


def read_balance(body: bytes, http_status: int = 200) -> Reading:
    """What the wallet holds: says nothing about any payment."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    if "available" not in answer:
        return about_no_money(read_error(body, http_status))
    held = money(answer.get("available"), _currency(answer))
    return Reading(verdict=None, amount=held) if held else UNREADABLE


def read_account(body: bytes, http_status: int = 200) -> Reading:
    """Whether a wallet is open: says nothing about money."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    if "active" not in answer:
        return about_no_money(read_error(body, http_status))
    return Reading(verdict=None, provider_code=text(answer.get("active")))


def holder_in(body: bytes, http_status: int) -> Holder:
    """Whether a wallet is open. The name is masked: it is shown and not compared."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    active = {"true": True, "false": False}.get(text(answer.get("active")) or "")
    return Holder(active=active, name=text(answer.get("name_masked")) if active else None)


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked. 429 is the same whatever its body."""
    answer = parse(body)
    if answer is None and http_status != 429:
        return UNREADABLE
    said = fields((answer or {}).get("error"))
    code, message = text(said.get("code")), text(said.get("message"))
    if code is None and message is None and http_status // 100 == 2:
        return UNREADABLE
    known = _classified(http_status, code or "")
    return known.said(code, masked(message))


def _classified(status: int, code: str) -> Meaning:
    if status == 429:
        return codes.RATE_LIMITED
    if gave_up(status):
        return codes.UNLISTED
    return codes.ERRORS.get(code) or codes.UNLISTED


def _told(body: bytes, http_status: int) -> Reading | None:
    answer = parse(body) if http_status // 100 == 2 else None
    return _in_resource(answer) if answer and "status" in answer else None


def _in_resource(resource: Fields) -> Reading:
    status = text(resource.get("status"))
    known = codes.STATUSES.get(status or "", codes.UNLISTED)
    error = fields(resource.get("error"))
    code = text(error.get("code")) if known.verdict is Verdict.REFUSED else None
    reading = Reading(
        verdict=known.verdict,
        reason=codes.FAILURES.get(code or "", known.reason) if code else known.reason,
        provider_code=code or status,
        provider_message=masked(error.get("message")) if code else None,
        amount=money(resource.get("amount"), _currency(resource)),
        our_reference=text(resource.get("client_reference")),
        provider_reference=text(resource.get("id")),
        receipt=text(resource.get("provider_receipt")),
    )
    return sure_of_amount(reading, resource.get("amount"))


def _currency(message: Fields) -> str:
    return (text(message.get("currency")) or CURRENCY).upper()
