"""What NCBA says when it says no: classified on status, code and text together. Pure.

The bank publishes no table of codes: 000 is acceptance, everything else a refusal that keeps
its code and text. Sources: MAPPINGS.md.
"""

import re
from collections.abc import Iterable

from models.reading import Reading, Reason, Verdict
from providers.readings import UNREADABLE, Meaning
from providers.wire import Fields, masked, parse, text

_CODES = ("resErrorCode", "resultCode", "ResultCode", "errorCode", "StatusCode", "statusCode")
_WORDS = (
    "resErrorMessage", "resErrorDesc", "statusDescription", "StatusDescription", "StatusMessage",
    "resultDescription", "ResultDesc", "errorMessage", "errorDescription", "message", "Message",
)  # fmt: skip
#: 000 as text; a JSON number cannot be written with leading zeros.
ACCEPTED = frozenset({"000", "0"})
#: The firewall's page: our address is not listed, or it dislikes the caller's User-Agent.
_FIREWALL = re.compile(rb"security\s+notice", re.IGNORECASE)
_REPEATED = re.compile(r"duplicat|already\s+(?:exists?|processed|used)", re.IGNORECASE)
_NO_WORD = re.compile(r"time[sd]?[ -]?out", re.IGNORECASE)
_GOOD_NEWS = re.compile(r"\s*success", re.IGNORECASE)
_TOO_LITTLE = re.compile(r"insufficient", re.IGNORECASE)

STOPPED = Meaning(Verdict.REFUSED, Reason.CONFIGURATION, retryable=True)
_STATUSES = {
    401: Meaning(Verdict.REFUSED, Reason.CREDENTIALS, retryable=True),
    404: Meaning(Verdict.REFUSED, Reason.CONFIGURATION),
    408: Meaning(Verdict.UNKNOWN, Reason.NO_ANSWER),
    409: Meaning(Verdict.UNKNOWN, Reason.DUPLICATE),
    429: Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True),
}
_REPEAT = Meaning(Verdict.UNKNOWN, Reason.DUPLICATE)
_SILENT = Meaning(Verdict.UNKNOWN, Reason.NO_ANSWER)
_BROKEN = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)
_FOREIGN = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error whatever was asked; never raises. An acceptance read here is unknown."""
    if is_firewall(body, http_status):
        return Reading(verdict=STOPPED.verdict, reason=STOPPED.reason, retryable=True)
    answer = parse(body)
    if answer is None and http_status not in _STATUSES:
        return UNREADABLE
    return error_in(answer or {}, http_status)


def is_firewall(body: bytes, http_status: int) -> bool:
    """True for the page that stands before the bank's gateway: nothing was passed on."""
    page = body[:200].lstrip()[:1] == b"<" and _FIREWALL.search(body[:20_000]) is not None
    return http_status == 403 or (page and http_status < 500)


def error_in(answer: Fields, http_status: int) -> Reading:
    """Read a parsed body that is no acceptance."""
    code, words = code_in(answer), words_in(answer)
    if code is None and words is None and http_status // 100 == 2:
        return UNREADABLE
    known = _classified(http_status, code, words or "")
    return known.said(code or (str(http_status) if http_status != 200 else None), words)


def code_in(answer: Fields) -> str | None:
    """The code, under whichever name this rail gives it."""
    return first(answer, _CODES)


def words_in(answer: Fields) -> str | None:
    """The bank's text, without phone or account numbers."""
    return masked(first(answer, _WORDS))


def first(answer: Fields, names: Iterable[str]) -> str | None:
    """The first of these fields that says something."""
    found = (text(answer.get(name)) for name in names)
    return next((value for value in found if value is not None), None)


def _classified(status: int, code: str | None, words: str) -> Meaning:
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return _BROKEN
    if _REPEATED.search(words):
        return _REPEAT
    if _NO_WORD.search(words):
        return _SILENT
    return _refused(status, code, words)


def _refused(status: int, code: str | None, words: str) -> Meaning:
    """A refusal keeps its code; success in code or text where it does not belong proves nothing."""
    unsure = code is None if status // 100 == 2 else not 400 <= status < 500
    mixed = _GOOD_NEWS.match(words) or (code is not None and not code.strip("0"))
    if unsure or mixed:
        return _FOREIGN
    if _TOO_LITTLE.search(words):
        return Meaning(Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS)
    return Meaning(Verdict.REFUSED, Reason.DECLINED if status // 100 == 2 else Reason.BAD_REQUEST)
