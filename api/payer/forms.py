"""What a payer sends: a small form, bound to its session and to the attempt it was meant for."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request

from api.cards import refuse_card_numbers
from api.errors import Conflict
from api.payer.methods import WAITING_FOR

_MAILBOX = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_MOST_FIELDS, _LONGEST = 12, 254


class FormStale(Conflict):
    """The form was not ours, or the session has moved on since it was shown."""

    code, title = "form_stale", "The form is no longer valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How somebody wants to pay. `sure`: the method they insisted on although the number differs.
    `waits`: they agree to wait for the method until it works again.

    Phone and e-mail never print.
    """

    method: str
    sure: str
    waits: bool
    phone: str = field(repr=False)
    email: str = field(repr=False)
    by_sms: bool

    @property
    def bad_email(self) -> bool:
        """Whether what stands there is no mailbox."""
        return bool(self.email) and not is_mailbox(self.email)


def is_mailbox(text: str) -> bool:
    """Whether mail could be sent there."""
    return _MAILBOX.fullmatch(text) is not None


def token(secret: bytes, owner: UUID, number: int) -> str:
    """What proves that a form was shown by us, for this attempt of this session."""
    return hmac.digest(secret, f"form/{owner.hex}/{number}".encode(), "sha256").hex()[:32]


async def sent(request: Request, secret: bytes, owner: UUID, number: int) -> Mapping[str, str]:
    """The form's fields. Raises FormStale, or CardNumberRefused.

    A form sent from a page of somebody else is refused, whatever it says.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormStale("send it from its own page")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise FormStale("it has too many fields") from error
    fields = {name: value.strip()[:_LONGEST] for name, value in pairs}
    given = fields.get("form", "").encode()
    if not hmac.compare_digest(token(secret, owner, number).encode(), given):
        raise FormStale("look at the page again")
    refuse_card_numbers({name: value for name, value in fields.items() if name != "form"})
    return fields


def payment(fields: Mapping[str, str]) -> Payment:
    """The payer's choice; what was left open is empty."""
    method = fields.get("method", "")
    return Payment(
        method=method.removeprefix(WAITING_FOR),
        waits=method.startswith(WAITING_FOR),
        sure=fields.get("sure", ""),
        phone=fields.get("phone", ""),
        email=fields.get("email", ""),
        by_sms=fields.get("sms") == "yes",
    )
