"""Mail by SMTP (RFC 5321): one connection per message, no resend after the body left us."""

from email.message import EmailMessage
from email.utils import formatdate

import aiosmtplib

from models.messages import Channel
from providers.mail.settings import MailSettings
from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown

#: Permanent answers to a recipient that are about its mailbox (RFC 5321, 4.2.3; RFC 3463).
_MAILBOX = {550, 551, 553}


class Mail:
    """Sends mail."""

    name = "smtp"
    channel = Channel.EMAIL

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, message: Outgoing) -> Sent:
        """Send once."""
        client = self._client()
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            return Rejected(code=str(error.code), scope=Scope.GATEWAY)
        except (aiosmtplib.SMTPException, OSError):
            return Rejected(code="unreachable", scope=Scope.MOMENT)
        try:
            return await self._handed_over(client, message)
        finally:
            client.close()

    async def aclose(self) -> None:
        """Nothing stays open."""

    async def _handed_over(self, client: aiosmtplib.SMTP, message: Outgoing) -> Sent:
        try:
            await client.send_message(self._mail(message))
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = refused.recipients[0].code
            return _refused(code, Scope.ADDRESS if code in _MAILBOX else Scope.MESSAGE)
        except aiosmtplib.SMTPSenderRefused as refused:
            return _refused(refused.code, Scope.GATEWAY)
        except aiosmtplib.SMTPResponseException as refused:
            return _refused(refused.code, Scope.MESSAGE)
        except (aiosmtplib.SMTPException, OSError):
            return Unknown(code="no_answer")
        return Submitted()

    def _client(self) -> aiosmtplib.SMTP:
        known = self._settings
        return aiosmtplib.SMTP(
            hostname=known.host,
            port=known.port,
            username=known.username or None,
            password=known.password.get_secret_value() or None,
            use_tls=known.security == "tls",
            start_tls=known.security == "starttls",
            timeout=known.call_deadline,
        )

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._settings.sender
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.id}@{self._settings.sender.partition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _refused(code: int, scope: Scope) -> Sent:
    """4xx: not now. 5xx: never, and the step that was refused says what it is about."""
    return Rejected(code=str(code), scope=scope if code >= 500 else Scope.MOMENT)
