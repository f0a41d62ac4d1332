"""Africa's Talking: a form per message, JSON when asked for it, delivery reports by POST.

No idempotency key and no question by our id: after a time-out the message may have gone.
"""

import re

import httpx

from models.messages import Channel
from providers.http import Line, Patience
from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown
from providers.sms.carrying import carried
from providers.sms.settings import AfricasTalkingSettings
from providers.wire import Fields, fields, listed, parse, text

PATH = "/version1/messaging"

_ACCEPTED = {"100", "101", "102"}
_REFUSALS = {
    "401": Scope.MESSAGE,  # RiskHold: a person at the gateway decides
    "402": Scope.MESSAGE,  # InvalidSenderId
    "403": Scope.ADDRESS,  # InvalidPhoneNumber
    "404": Scope.ADDRESS,  # UnsupportedNumberType: a landline
    "405": Scope.GATEWAY,  # InsufficientBalance
    "406": Scope.ADDRESS,  # UserInBlacklist
    "407": Scope.MESSAGE,  # CouldNotRoute
    "409": Scope.ADDRESS,  # DoNotDisturbRejection
    "501": Scope.MOMENT,  # GatewayError
    "502": Scope.MESSAGE,  # RejectedByGateway
}
#: An empty list of recipients gives its reason in words only.
_WORDS = (
    (re.compile(r"balance", re.IGNORECASE), "405"),
    (re.compile(r"sender", re.IGNORECASE), "402"),
)


def read_answer(body: bytes, status: int) -> Sent:
    """What an answer means. 401 is plain text, not JSON; 429 was not acted upon."""
    if status == 401:
        return Rejected(code="http_401", scope=Scope.GATEWAY)
    if status == 429:
        return Rejected(code="http_429", scope=Scope.MOMENT)
    if status == 400:
        return Rejected(code="http_400", scope=Scope.MESSAGE)
    said = fields((parse(body) or {}).get("SMSMessageData"))
    if status not in {200, 201} or not said:
        return Unknown(code=f"http_{status}")
    recipients = listed(said.get("Recipients"))
    return _recipient(recipients[0]) if recipients else _nobody(text(said.get("Message")) or "")


def _recipient(said: Fields) -> Sent:
    code = text(said.get("statusCode")) or "none"
    if code in _ACCEPTED:
        named = text(said.get("messageId"))
        return Submitted(provider_ref=None if named == "None" else named)
    scope = _REFUSALS.get(code)
    return Rejected(code=code, scope=scope) if scope else Unknown(code=code)


def _nobody(why: str) -> Sent:
    """No recipient was taken: a refusal, whatever the words."""
    code = next((code for words, code in _WORDS if words.search(why)), None)
    if code is None:
        return Rejected(code="no_recipients", scope=Scope.MESSAGE)
    return Rejected(code=code, scope=_REFUSALS[code])


class AfricasTalking:
    """Sends text messages."""

    name = "africastalking"
    channel = Channel.SMS

    def __init__(
        self,
        settings: AfricasTalkingSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )

    async def send(self, message: Outgoing) -> Sent:
        """Send once."""
        headers = {"apiKey": self._settings.api_key.get_secret_value()}
        call = self._line.send("POST", PATH, headers=headers, form=self._form(message))
        return await carried(call, read_answer)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    def _form(self, message: Outgoing) -> dict[str, str]:
        form = {
            "username": self._settings.username,
            "to": f"+{message.to}",
            "message": message.text,
            "bulkSMSMode": "1",
        }
        sender = message.sender or self._settings.sender
        return {**form, "from": sender} if sender else form
