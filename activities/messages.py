"""Messages: rendered and sealed for the step that tells them."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from models.gsm import segments
from models.messages import Channel, Languages, Notice, SealedCopy, SealedMessage
from models.templates import MissingFact, Text, language_of, message_class, rendered

if TYPE_CHECKING:
    from runtime.vault import Vault

#: E.164 without the plus. A spreadsheet's 2.54728E+11 is refused, not repaired.
_NUMBER = re.compile(r"[1-9][0-9]{7,14}")
_MAILBOX = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


async def sealed(
    vault: "Vault",
    org: UUID,
    *,
    livemode: bool,
    notice: Notice,
    languages: Languages = Languages(),  # noqa: B008 - frozen, and nothing in it
) -> SealedMessage:
    """The notice as rows will hold it. Never raises for what it says.

    A notice that lacks a fact becomes a failed message, seen in the statistics: a payment does
    not wait for a sentence, and half a sentence is not sent.
    """
    sealer = _Sealer(vault, org, livemode=livemode)
    language = notice.language or language_of(notice.event, languages)
    fault, text = None, Text(sms="", subject="", mail="")
    try:
        text = rendered(replace(notice, language=language))
    except MissingFact as missing:
        fault = str(missing)
    addresses = ((Channel.SMS, notice.to_phone), (Channel.EMAIL, notice.to_email))
    copies = [
        await sealer.copy(channel, to, text, fault) for channel, to in addresses if to is not None
    ]
    return SealedMessage(
        org=org,
        livemode=livemode,
        event=notice.event,
        key=notice.key,
        about=notice.about or notice.key.partition("/")[0],
        language=language,
        message_class=message_class(notice.event),
        copies=tuple(copies),
    )


class _Sealer:
    """Seals for one organisation in one mode."""

    def __init__(self, vault: "Vault", org: UUID, *, livemode: bool) -> None:
        self._vault, self._org, self._livemode = vault, org, livemode

    async def copy(self, channel: Channel, to: str, text: Text, fault: str | None) -> SealedCopy:
        """The copy of one channel; nothing but its address where it cannot be told."""
        mail = channel is Channel.EMAIL
        fault = fault or _unfit(to, mail=mail)
        body = text.mail if mail else text.sms
        lookup = await self._vault.lookup(self._org, livemode=self._livemode, value=to)
        return SealedCopy(
            channel=channel,
            to_sealed=await self._seal("message_to", to),
            to_lookup=lookup,
            to_masked=masked(to),
            body_sealed=None if fault else await self._seal("message_body", body),
            subject_sealed=await self._seal("message_subject", text.subject) if mail else None,
            segments=0 if mail or fault else segments(body),
            fault=fault,
        )

    async def _seal(self, field: str, text: str) -> bytes:
        return await self._vault.seal(
            self._org, livemode=self._livemode, field=field, plain=text.encode()
        )


def _unfit(to: str, *, mail: bool) -> str | None:
    """Why nothing can be sent there; None when it can."""
    if mail:
        return None if _MAILBOX.fullmatch(to) else "not a mailbox"
    return None if _NUMBER.fullmatch(to) else "not a number in E.164"


def masked(to: str) -> str:
    """What is shown of an address: a number's last three digits, a mailbox's first letter."""
    name, at, host = to.partition("@")
    return f"{name[:1]}…@{host}" if at else f"…{to[-3:]}"
