"""Daraja's synchronous errors: classified on status, code and message together."""

from collections.abc import Callable

from models.reading import Reading, Reason, Verdict
from providers.readings import UNREADABLE, Meaning
from providers.wire import Fields, fields, masked, parse, text

_STALE_TOKEN = Meaning(Verdict.REFUSED, Reason.CREDENTIALS, retryable=True)
_THROTTLED = Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True)
_BAD_REQUEST = Meaning(Verdict.REFUSED, Reason.BAD_REQUEST)
_MISCONFIGURED = Meaning(Verdict.REFUSED, Reason.CONFIGURATION)
_NO_CREDIT = Meaning(Verdict.REFUSED, Reason.CREDENTIALS)
_FAILED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)

#: Codes that mean one thing whatever the message.
CODES = {
    **dict.fromkeys(("400.002.02", "400.002.05", "400.003.02"), _BAD_REQUEST),
    **dict.fromkeys(("400.003.01", "401.002.01", "401.003.01", "404.001.03"), _STALE_TOKEN),
    **dict.fromkeys(("404.001.04", "405.001"), _BAD_REQUEST),
    **dict.fromkeys(("404.002.01", "404.003.01"), _MISCONFIGURED),
    **dict.fromkeys(("500.003.02", "500.003.03"), _THROTTLED),
}

#: Codes that cover unrelated conditions: (part of the message, in lower case) decides.
OVERLOADED: dict[str, dict[str, Meaning]] = {
    "500.001.1001": {
        "being processed": Meaning(Verdict.PENDING),
        "wrong credentials": _NO_CREDIT,
        "merchant does not exist": _MISCONFIGURED,
        "unable to lock subscriber": Meaning(Verdict.REFUSED, Reason.PAYER_BUSY),
    },
    "500.002.1001": {
        "duplicate originatorconversationid": Meaning(Verdict.UNKNOWN, Reason.DUPLICATE),
        "maintenance": Meaning(Verdict.UNKNOWN, Reason.MAINTENANCE),
    },
    "500.003.1001": {
        "already registered": Meaning(Verdict.UNKNOWN, Reason.DUPLICATE),
    },
}
#: A valid token of an app that was never given the product reuses the invalid-token codes.
_NO_PRODUCT = "no apiproduct match"


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked; never raises.

    A wrong key or secret is answered with 400 and no body at all (contract section 1, V2).
    """
    if http_status == 400 and not body.strip():
        return Reading(verdict=Verdict.REFUSED, reason=Reason.CREDENTIALS)
    return read_failure(body, http_status)


def read_failure(body: bytes, http_status: int) -> Reading:
    """Read an answer that is not the one hoped for. Too many requests needs no body."""
    answer = parse(body)
    if answer is None and http_status != 429:
        return UNREADABLE
    return error_in(answer or {}, http_status)


def said(body: bytes, http_status: int, read: Callable[[Fields], Reading | None]) -> Reading | None:
    """What `read` finds in an answer of success; None when there is none."""
    answer = parse(body) if http_status // 100 == 2 else None
    return None if answer is None else read(answer)


def error_in(answer: Fields, http_status: int) -> Reading:
    """Read a parsed error body."""
    code, message = _named(answer)
    if code is None and http_status // 100 == 2:
        return UNREADABLE
    known = _classified(http_status, code or "", (message or "").lower())
    return known.said(code, masked(message))


def _named(answer: Fields) -> tuple[str | None, str | None]:
    """Code and message; the gateway in front of Daraja writes them as a `fault`."""
    fault = fields(answer.get("fault"))
    if fault:
        return text(fields(fault.get("detail")).get("errorcode")), text(fault.get("faultstring"))
    return text(answer.get("errorCode")), text(answer.get("errorMessage"))


def _classified(status: int, code: str, message: str) -> Meaning:
    if _NO_PRODUCT in message:
        return _MISCONFIGURED
    if code in CODES:
        return CODES[code]
    if code in OVERLOADED:
        for part, meaning in OVERLOADED[code].items():
            if part in message:
                return meaning
        return _FAILED
    return _by_status(status)


def _by_status(status: int) -> Meaning:
    """An unlisted code: a 4xx is refused by the gateway before any money is touched."""
    if status == 429:
        return _THROTTLED
    if status in {401, 403}:
        return _NO_CREDIT
    if 400 <= status < 500 and status != 408:
        return _BAD_REQUEST
    return _FAILED
