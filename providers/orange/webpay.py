"""Web Payment: the page just made, its status, its notification. Pure; never raises."""

from models.reading import Reading, Verdict
from providers.orange import codes
from providers.orange.errors import read_error
from providers.readings import UNREADABLE, about_a_question
from providers.wire import Fields, page, parse, text


def read_init(body: bytes, http_status: int = 200) -> Reading:
    """A page just made: waiting, never paid."""
    answer = parse(body) or {}
    token = text(answer.get("pay_token"))
    if http_status // 100 != 2 or token is None:
        return read_error(body, http_status)
    return Reading(
        verdict=Verdict.PENDING,
        provider_code=text(answer.get("status")),
        provider_reference=token,
        redirect_url=page(answer.get("payment_url")),
    )


def read_status(body: bytes, http_status: int = 200) -> Reading:
    """What became of a page. It names no amount: order, amount and token had to match."""
    answer = parse(body) or {}
    if http_status // 100 != 2 or _status(answer) is None:
        return about_a_question(read_error(body, http_status))
    return _told(answer)


def read_notification(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a notification has no status
    """A notification: unsigned, and it names neither order nor amount."""
    answer = parse(body) or {}
    return UNREADABLE if _status(answer) is None else _told(answer)


def _status(answer: Fields) -> str | None:
    """The word; an HTTP status of that name is none."""
    status = text(answer.get("status"))
    return None if status is None or status.isdecimal() else status.upper()


def _told(answer: Fields) -> Reading:
    status = _status(answer)
    known = codes.PAGES.get(status or "", codes.UNLISTED)
    return Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=status,
        our_reference=text(answer.get("order_id")),
        provider_reference=text(answer.get("pay_token")),
        receipt=text(answer.get("txnid")),
    )
