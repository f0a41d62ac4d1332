"""Fineract's error envelope: classified on status, codes and, for one class, its fixed text."""

from dataclasses import replace

from models.reading import Reading, Reason, Verdict
from providers.mifos import codes
from providers.readings import UNREADABLE, Meaning
from providers.wire import Fields, listed, masked, parse, text

#: These statuses mean one thing even when the body cannot be read.
_PLAIN_STATUSES = {401, 425, 429}
_CODE = "userMessageGlobalisationCode"
#: Every integrity error opens so, whatever its code.
_INTEGRITY = "data integrity issue"


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked; never raises."""
    answer = parse(body)
    if answer is None and http_status not in _PLAIN_STATUSES:
        return UNREADABLE
    return error_in(answer or {}, http_status)


def read_refused_post(body: bytes, http_status: int = 200) -> Reading:
    """An error that answers a command: what is not there was not booked on."""
    reading = read_error(body, http_status)
    if reading.reason is Reason.NOT_FOUND:
        return replace(reading, verdict=Verdict.REFUSED)
    return reading


def is_error(answer: Fields) -> bool:
    """Whether a body is the error envelope, where no status tells."""
    return "httpStatusCode" in answer or "developerMessage" in answer


def error_in(answer: Fields, http_status: int) -> Reading:
    """Read a parsed error body."""
    details = listed(answer.get("errors"))
    found = [text(part.get(_CODE)) for part in (*details, answer)]
    named = [code for code in found if code]
    message = _message(answer, details)
    status = _status(answer, http_status)
    if not named and message is None and status // 100 == 2:
        return UNREADABLE
    known = _classified(status, [code.lower() for code in named], answer)
    return known.said(named[0] if named else None, message)


def _message(answer: Fields, details: list[Fields]) -> str | None:
    said = [
        masked(part.get(key))
        for part in (*details[:1], answer)
        for key in ("defaultUserMessage", "developerMessage", "message")
    ]
    return next((words for words in said if words), None)


def _status(answer: Fields, http_status: int) -> int:
    """The HTTP status; where none is known the envelope's own word for it."""
    named = text(answer.get("httpStatusCode")) or ""
    known = http_status != 200 or not (named.isdecimal() and len(named) == 3)
    return http_status if known else int(named)


def _classified(status: int, named: list[str], answer: Fields) -> Meaning:
    if status >= 500 and status != 503:
        return codes.FAILED
    refused = 400 <= status < 500
    if refused:
        for fragment, meaning in codes.FRAGMENTS:
            if any(fragment in code for code in named):
                return meaning
        if status == 403 and _INTEGRITY in (text(answer.get("developerMessage")) or "").lower():
            return codes.DUPLICATE
    return codes.STATUSES.get(status) or (codes.BAD_REQUEST if refused else codes.FAILED)
