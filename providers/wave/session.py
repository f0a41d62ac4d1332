"""Checkout sessions and webhooks of Wave. Pure; never raises."""

from dataclasses import replace

from models.reading import Reading, Reason, Verdict
from providers.readings import UNREADABLE, Meaning, about_a_question, sure_of_amount
from providers.wave import codes
from providers.wave.errors import read_error
from providers.wire import Fields, fields, listed, masked, money, page, parse, text

#: The wallet's currency where a message names none.
CURRENCY = "XOF"
_ABOUT_SESSIONS = "checkout.session."
_FOUND_NONE = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
#: Of several sessions of one attempt, the one that says most about the money.
_RANK = (Verdict.SETTLED, Verdict.UNKNOWN, Verdict.PENDING, Verdict.REFUSED)


def read_ack(body: bytes, http_status: int = 200) -> Reading:
    """A session just made: waiting, never paid."""
    reading = _told(body, http_status)
    if reading is None:
        return read_error(body, http_status)
    return replace(reading, verdict=Verdict.UNKNOWN) if _is_final(reading) else reading


def read_session(body: bytes, http_status: int = 200) -> Reading:
    """A session, made or asked for, or what a search by our reference found."""
    return _told(body, http_status) or read_error(body, http_status)


def read_asked(body: bytes, http_status: int = 200) -> Reading:
    """The answer to a question: refused, it says nothing about the money."""
    return _told(body, http_status) or about_a_question(read_error(body, http_status))


def read_webhook(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a webhook has no status
    """An event. A failed payment leaves its session open: the payer may try again."""
    event = parse(body) or {}
    kind, data = text(event.get("type")), fields(event.get("data"))
    if kind is None:
        return UNREADABLE
    if kind == "test.test_event":
        return Reading(verdict=None, provider_code=kind)
    if kind.startswith(_ABOUT_SESSIONS):
        return in_session(data, failed=kind.endswith(".payment_failed"))
    return _arrived(kind, data)


def in_session(session: Fields, *, failed: bool = False) -> Reading:
    """Read a session. `failed`: an event says that a try failed, its statuses may be missing."""
    statuses = text(session.get("checkout_status")), text(session.get("payment_status"))
    if failed and statuses == (None, None):
        statuses = ("open", "cancelled")
    known = codes.SESSIONS.get((statuses[0] or "", statuses[1] or ""), codes.UNLISTED)
    error = fields(session.get("last_payment_error"))
    code = None if known.verdict is Verdict.SETTLED else text(error.get("code"))
    reading = Reading(
        verdict=known.verdict,
        reason=_reason(known, code),
        provider_code=code or _telling(statuses),
        provider_message=masked(error.get("message")) if code else None,
        amount=money(session.get("amount"), _currency(session)),
        our_reference=text(session.get("client_reference")),
        provider_reference=text(session.get("id")),
        receipt=text(session.get("transaction_id")),
        redirect_url=page(session.get("wave_launch_url")),
    )
    return sure_of_amount(reading, session.get("amount"))


def _told(body: bytes, http_status: int) -> Reading | None:
    answer = parse(body) if http_status // 100 == 2 else None
    if not answer:
        return None
    if isinstance(answer.get("result"), list):
        found = [in_session(session) for session in listed(answer["result"])]
        return min(found, key=_rank) if found else _FOUND_NONE
    is_session = {"checkout_status", "payment_status"} & answer.keys()
    return in_session(answer) if is_session else None


def _rank(reading: Reading) -> int:
    return _RANK.index(reading.verdict or Verdict.UNKNOWN)


def _is_final(reading: Reading) -> bool:
    return reading.verdict is not None and reading.verdict.final


def _telling(statuses: tuple[str | None, str | None]) -> str | None:
    checkout, payment = statuses
    return checkout if checkout == "expired" else payment or checkout


def _reason(known: Meaning, code: str | None) -> Reason | None:
    if known.reason is Reason.PROMPT_EXPIRED or known.verdict is Verdict.UNKNOWN:
        return known.reason
    return codes.FAILURES.get(code or "", known.reason)


def _arrived(kind: str, data: Fields) -> Reading:
    known = codes.MONEY_EVENTS.get(kind, codes.UNLISTED)
    reading = Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=kind,
        amount=money(data.get("amount"), _currency(data)),
        our_reference=text(data.get("client_reference")),
        receipt=text(data.get("id")),
    )
    return sure_of_amount(reading, data.get("amount"))


def _currency(message: Fields) -> str:
    return (text(message.get("currency")) or CURRENCY).upper()
