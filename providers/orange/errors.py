"""Orange's errors, of both APIs and their gateways. Pure; never raises."""

import re
from dataclasses import replace

from models.reading import Reading, Verdict
from providers.orange import codes
from providers.readings import UNREADABLE, Meaning, gave_up
from providers.wire import Fields, fields, masked, parse, text

_PLATFORM = re.compile(r"([0-9]{4,6}) :: ")


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error answer whatever was asked. 429 is the same whatever its body."""
    answer = parse(body)
    if answer is None and http_status != 429:
        return UNREADABLE
    said = fields((answer or {}).get("fault")) or answer or {}
    message = _message(said)
    code = text(said.get("code")) or text(said.get("error")) or platform_code(message)
    if code is None and message is None and http_status // 100 == 2:
        return UNREADABLE
    known = _classified(http_status, code, message, failed=_failed(said))
    refused = known.verdict is Verdict.REFUSED and _failed(said)
    reason = codes.FAILURES.get(code or "", known.reason) if refused else known.reason
    return replace(known, reason=reason).said(code, masked(message))


def _message(said: Fields) -> str | None:
    told = (text(said.get(name)) for name in ("message", "description", "error_description"))
    return next((one for one in told if one), None)


def platform_code(message: str | None) -> str | None:
    """`60019 :: Le solde du compte du payeur est insuffisant`: the code; None without one."""
    told = _PLATFORM.match(message or "")
    return told[1] if told else None


def _failed(said: Fields) -> bool:
    return (text(fields(said.get("data")).get("status")) or "").upper() == "FAILED"


def _classified(status: int, code: str | None, message: str | None, *, failed: bool) -> Meaning:
    if gave_up(status):
        return codes.STATUSES.get(status) or codes.UNLISTED
    if status == 429 or (code or "").startswith(codes.THROTTLED):
        return codes.RATE_LIMITED
    if failed:
        return codes.CORE["FAILED"]
    if code in codes.ERRORS:
        return codes.ERRORS[code]
    if code is None or platform_code(message):
        return codes.SAYINGS.get((message or "").lower(), _uncoded(status))
    return codes.STATUSES.get(status) or codes.UNLISTED


def _uncoded(status: int) -> Meaning:
    """The core API refuses a payment by a code or in words we know; all else says nothing."""
    listed = codes.STATUSES.get(status)
    return listed if listed and status in {401, 403, 503} else codes.UNLISTED
