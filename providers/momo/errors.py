"""MTN's synchronous errors: classified on status, code and message together."""

from models.reading import Reading, Reason, Verdict
from providers.momo import codes
from providers.readings import UNREADABLE, Meaning
from providers.wire import Fields, masked, parse, text

#: These statuses mean one thing even when the body cannot be read.
_PLAIN_STATUSES = {401, 409, 429}


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked; never raises."""
    answer = parse(body)
    if answer is None and http_status not in _PLAIN_STATUSES:
        return UNREADABLE
    return error_in(answer or {}, http_status)


def error_in(answer: Fields, http_status: int) -> Reading:
    """Read a parsed error body; the gateway writes `statusCode` and `message`, no `code`."""
    code = text(answer.get("code")) or text(answer.get("error"))
    message = text(answer.get("message")) or text(answer.get("error_description"))
    status = _status(answer, http_status)
    if code is None and message is None and status // 100 == 2:
        return UNREADABLE
    known = _classified(status, (code or "").upper(), (message or "").lower())
    return known.said(code, masked(message))


def _status(answer: Fields, http_status: int) -> int:
    """The HTTP status; where none is known the gateway's own word for it."""
    named = text(answer.get("statusCode")) or ""
    known = http_status != 200 or not (named.isdecimal() and len(named) == 3)
    return http_status if known else int(named)


def _classified(status: int, code: str, message: str) -> Meaning:
    if code in codes.ERRORS:
        return codes.ERRORS[code]
    if status == 401 and "subscription key" in message:
        return codes.WRONG_KEY
    if code == "SERVICE_UNAVAILABLE" and status in {200, 503}:
        return codes.CLOSED
    return _refused_for(status, code) or codes.STATUSES.get(status) or _by_status(status)


def _refused_for(status: int, code: str) -> Meaning | None:
    """A 4xx that names the reason of a refusal."""
    reason = codes.REASONS.get(code) if 400 <= status < 500 else None
    named = reason is not None and reason is not Reason.PROVIDER_ERROR
    return Meaning(Verdict.REFUSED, reason) if named else None


def _by_status(status: int) -> Meaning:
    return codes.BAD_REQUEST if 400 <= status < 500 and status != 408 else codes.FAILED
