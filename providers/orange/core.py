"""Merchant payments of Orange Money Cameroon's core API. Pure; never raises."""

from dataclasses import replace

from models.reading import Reading, Reason, Verdict
from providers.orange import codes
from providers.orange.errors import platform_code, read_error
from providers.readings import about_a_question, gave_up, sure_of_amount
from providers.wire import Fields, fields, masked, money, parse, text

#: The one currency of the core API.
CURRENCY = "XAF"
_DONE = "200"


def read_init(body: bytes, http_status: int = 200) -> Reading:
    """A pay token: nothing has been asked of a payer yet."""
    data = fields((parse(body) or {}).get("data"))
    token = text(data.get("payToken"))
    if http_status // 100 != 2 or token is None:
        return read_error(body, http_status)
    return Reading(verdict=Verdict.PENDING, provider_reference=token)


def read_pay(body: bytes, http_status: int = 200) -> Reading:
    """A payment just asked for: waiting or refused, never paid."""
    reading = _told(body, http_status) or read_error(body, http_status)
    if reading.verdict is Verdict.SETTLED:
        return replace(reading, verdict=Verdict.UNKNOWN)
    return reading


def read_status(body: bytes, http_status: int = 200) -> Reading:
    """What became of a payment; without a status it was never started."""
    return _told(body, http_status) or about_a_question(read_error(body, http_status))


def _told(body: bytes, http_status: int) -> Reading | None:
    if gave_up(http_status):
        return None
    answer = parse(body) or {}
    data = fields(answer.get("data"))
    status = text(data.get("status"))
    if status is None:
        started = not data.get("payToken") or text(data.get("inittxnstatus"))
        return None if started else _never_started(data)
    known = codes.CORE.get(status.upper(), codes.UNLISTED)
    if known.verdict is not Verdict.REFUSED and http_status // 100 != 2:
        return None
    return read_data(answer, data)


def read_data(answer: Fields, data: Fields) -> Reading:
    """What `data` says where it has a status; `answer` may say why it failed."""
    status = text(data.get("status")) or ""
    known = codes.CORE.get(status.upper(), codes.UNLISTED)
    refused = known.verdict is Verdict.REFUSED
    code = _code(answer, data) if refused else None
    reason = codes.FAILURES.get(code or "", known.reason) if refused else known.reason
    reading = Reading(
        verdict=known.verdict,
        reason=reason,
        provider_code=code or status,
        provider_message=_message(answer, data) if refused else None,
        amount=money(data.get("amount"), CURRENCY),
        our_reference=text(data.get("txnmode")),
        provider_reference=text(data.get("payToken")),
        receipt=text(data.get("txnid")),
    )
    return sure_of_amount(reading, data.get("amount"))


def _never_started(data: Fields) -> Reading:
    token = text(data.get("payToken"))
    return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND, provider_reference=token)


def _code(answer: Fields, data: Fields) -> str | None:
    """Why it failed: the confirmation's word, the initiation's, the message's."""
    told = (text(data.get(name)) for name in ("confirmtxnstatus", "inittxnstatus"))
    said = next((one for one in told if one not in {None, _DONE}), None)
    return said or platform_code(text(answer.get("message")))


def _message(answer: Fields, data: Fields) -> str | None:
    told = (data.get("confirmtxnmessage"), data.get("inittxnmessage"), answer.get("message"))
    return next((shown for one in told if (shown := masked(one))), None)
