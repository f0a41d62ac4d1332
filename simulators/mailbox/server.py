"""A real SMTP server. Some mailboxes misbehave by their name (see `_ANSWERS`)."""

import asyncio
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from simulators.inbox import Inbox, Text

#: The part before the @ decides.
_ANSWERS = {
    "nobody": "550 5.1.1 no such mailbox",
    "full": "552 5.2.2 mailbox full",
    "busy": "451 4.7.1 try again later",
}
#: Nobody of that name may send by this server.
_STRANGER = "stranger"
#: Taken, and the connection is cut before the answer.
_LOST = "lost"


class Mailbox:
    """Listens where it is told to and keeps every mail in the shared inbox."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one, which `port` tells."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, loop=loop, enable_SMTPUTF8=True, ident="mailbox"), host, port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a sender, or say why not."""
        if address.startswith(f"{_STRANGER}@"):
            return "550 5.7.60 may not send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or say why not."""
        refused = _ANSWERS.get(address.partition("@")[0])
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail."""
        content: Any = envelope.content
        mail = message_from_bytes(content, policy=default)
        body = mail.get_body(("plain",))
        for address in envelope.rcpt_tos:
            text = Text(
                via="smtp",
                to=address,
                sender=envelope.mail_from or "",
                subject=str(mail["Subject"] or ""),
                text=body.get_content() if body else "",
                reference=str(mail["Message-ID"] or "").strip("<>").partition("@")[0],
            )
            self._inbox.take(text)
        if any(address.startswith(f"{_LOST}@") for address in envelope.rcpt_tos):
            transport: Any = server.transport
            transport.abort()
        return "250 OK"
