"""Wave's errors: classified on status and code. Pure; never raises."""

from models.reading import Reading
from providers.readings import UNREADABLE, Meaning, gave_up
from providers.wave import codes
from providers.wire import Fields, fields, masked, parse, text


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked. 429 is the same whatever its body."""
    answer = parse(body)
    if answer is None and http_status != 429:
        return UNREADABLE
    said = _inner(answer or {})
    code, message = text(said.get("code")), text(said.get("message"))
    status = _status(said, http_status)
    if code is None and message is None and status // 100 == 2:
        return UNREADABLE
    known = _classified(status, code or "")
    return known.said(code, masked(message))


def _inner(answer: Fields) -> Fields:
    """The documents show the error bare, one SDK expects it under `error`."""
    return fields(answer.get("error")) or answer


def _status(said: Fields, http_status: int) -> int:
    """The HTTP status; where none is known the error's own word for it."""
    named = text(said.get("httpcode")) or ""
    known = http_status != 200 or not (named.isdecimal() and len(named) == 3)
    return http_status if known else int(named)


def _classified(status: int, code: str) -> Meaning:
    if status == 429:
        return codes.RATE_LIMITED
    if gave_up(status):
        return codes.STATUSES.get(status) or codes.UNLISTED
    return codes.ERRORS.get(code) or codes.STATUSES.get(status) or codes.UNLISTED
