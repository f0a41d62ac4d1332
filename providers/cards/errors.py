"""Mastercard Gateway's errors: classified on status and cause. Pure; never raises."""

from models.reading import Reading
from providers.cards import codes
from providers.cards.plain import plain
from providers.readings import UNREADABLE, Meaning, gave_up
from providers.wire import Fields, fields, masked, parse, text

#: These statuses mean one thing even when the body cannot be read.
_PLAIN = {401: codes.CREDENTIALS, 429: codes.BUSY}
#: The one answer of 5xx the gateway gives before it acts.
_TURNED_AWAY = (503, "SERVER_BUSY")


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked."""
    answer = parse(body)
    if answer is None and http_status not in _PLAIN:
        return UNREADABLE
    error = fields((answer or {}).get("error"))
    cause, said = plain(error.get("cause")), text(error.get("explanation"))
    if cause is None and said is None and http_status // 100 == 2:
        return UNREADABLE
    known = _classified(http_status, cause or "", said or "")
    return known.said(cause, masked(said))


def is_error(answer: Fields) -> bool:
    """Whether the answer says that nothing was done, and not what became of a card."""
    return bool(fields(answer.get("error"))) or text(answer.get("result")) == "ERROR"


def _classified(status: int, cause: str, said: str) -> Meaning:
    if status in _PLAIN:
        return _PLAIN[status]
    if gave_up(status) and (status, cause) != _TURNED_AWAY:
        return codes.STATUSES.get(status) or codes.UNLISTED
    if cause == "INVALID_REQUEST" and said.lower().startswith(codes.MISSING):
        return codes.NOT_FOUND
    return codes.ERRORS.get(cause) or codes.STATUSES.get(status) or codes.UNLISTED
