"""Airtel's envelope and its errors: whatever HTTP says, the code decides. Pure; never raises."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.reading import Reading
from providers.airtel import codes
from providers.readings import UNREADABLE, Meaning, gave_up
from providers.wire import Fields, fields, masked, parse, text

#: These statuses mean one thing even when the body cannot be read.
_PLAIN_STATUSES = {401, 429}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A business answer. `code`: the `response_code`, else the older `result_code`.

    `good`: HTTP says so too; else nothing in it says that money moved or is on its way.
    """

    good: bool
    transaction: Fields
    data: Fields
    code: str | None
    message: str | None


def opened(body: bytes, http_status: int) -> Envelope | None:
    """The envelope of a business answer; None for anything else.

    Of an HTTP error it is one where it names a code, and Airtel did not give up.
    """
    answer = {} if gave_up(http_status) else parse(body) or {}
    status, data = fields(answer.get("status")), fields(answer.get("data"))
    code = text(status.get("response_code")) or text(status.get("result_code"))
    good = http_status // 100 == 2
    if not status or not (good or code):
        return None
    transaction = fields(data.get("transaction"))
    return Envelope(
        good=good,
        transaction=transaction,
        data=data,
        code=code,
        message=masked(transaction.get("message")) or masked(status.get("message")),
    )


def meaning(code: str | None, table: Mapping[str, Meaning]) -> Meaning:
    """What a code means for one operation. The older success stands for the operation's own."""
    if code == codes.DONE:
        return next(known for name, known in table.items() if name.endswith("1001"))
    return table.get(code or "") or codes.GATEWAY.get(code or "") or codes.UNLISTED


def read_error(body: bytes, http_status: int = 200) -> Reading:
    """Read an error whatever was asked: of the token, the gateway, or inside the envelope."""
    answer = parse(body)
    if answer is None and http_status not in _PLAIN_STATUSES:
        return UNREADABLE
    said = answer or {}
    inside = fields(said.get("status"))
    code = (
        text(said.get("status_code"))
        or text(said.get("error"))
        or text(inside.get("response_code"))
        or text(inside.get("result_code"))
    )
    message = (
        text(said.get("status_message"))
        or text(said.get("error_description"))
        or text(inside.get("message"))
    )
    if code is None and message is None and http_status // 100 == 2:
        return UNREADABLE
    known = _classified(http_status, code or "")
    return known.said(code, masked(message))


def _classified(status: int, code: str) -> Meaning:
    if status == 429:
        return codes.STATUSES[429]
    if gave_up(status):
        return codes.UNLISTED
    known = codes.TOKENS.get(code) or codes.GATEWAY.get(code)
    known = known or codes.COLLECTION.get(code) or codes.DISBURSEMENT.get(code)
    if code == codes.GENERIC_REFUSAL or (known and known.verdict in codes.ONLY_IF_GOOD):
        return codes.UNLISTED
    return known or codes.STATUSES.get(status) or codes.UNLISTED
