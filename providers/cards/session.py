"""Hosted checkout sessions. Pure; never raises."""

import re

from models.reading import Reading, Verdict
from providers.cards import codes
from providers.cards.errors import is_error, read_error
from providers.cards.plain import plain
from providers.wire import Fields, fields, parse, text

_SESSION = re.compile(r"[A-Za-z0-9]{1,64}")
_MADE = {None, "SUCCESS", "NO_UPDATE"}


def read_session(body: bytes, http_status: int = 200) -> Reading:
    """A session just made: waiting, never paid. Its success indicator is read by nobody."""
    answer = parse(body) if http_status // 100 == 2 else None
    if not answer or is_error(answer) or not fields(answer.get("session")):
        return read_error(body, http_status)
    return _in_session(answer, fields(answer.get("session")))


def _in_session(answer: Fields, session: Fields) -> Reading:
    result, named = plain(answer.get("result")), plain(session.get("id")) or ""
    made = result == "SUCCESS" and text(session.get("updateStatus")) in _MADE
    known = codes.PENDING if made and _SESSION.fullmatch(named) else codes.UNLISTED
    return Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=result,
        our_reference=plain(fields(answer.get("order")).get("id")),
        provider_reference=named if known.verdict is Verdict.PENDING else None,
    )
