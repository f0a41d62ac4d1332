"""What a channel does with its own money: cash-ins, and whose a number is."""

import httpx

from models.money_out import Holder, PayoutOrder
from models.reading import Reading
from providers.bearer import TokenRefused
from providers.names import same_name
from providers.orange_cm.channel import Channel, national
from providers.orange_cm.settings import OrangeCmSettings
from providers.orange_cm.words import plain
from providers.wire import fields, parse, text

SUBSCRIBER = "/infos/subscriber/customer/"


class OrangeCmWallet:
    """Calls of one channel, each made once.

    Whether a second cash-in under one token pays twice is not documented: none is ever sent, and
    where the token is lost people decide.
    """

    def __init__(
        self, settings: OrangeCmSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._channel = Channel(settings, "cashin", transport=transport)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send money. Raises Unreachable or Ambiguous."""
        unfit = self._channel.unfit(order.amount, order.payee)
        if unfit:
            return unfit
        body = {
            "notifUrl": order.result_url or "",
            "amount": str(order.amount.whole()),
            "subscriberMsisdn": national(order.payee),
            "orderId": order.id,
            "description": plain(order.purpose),
        }
        return await self._channel.pay(body, handle=order.provider_reference)

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask by the pay token. Raises Unreachable or Ambiguous."""
        return await self._channel.ask(order.provider_reference)

    async def holder(self, order: PayoutOrder) -> Holder:
        """Whose number it is, as far as Orange says. Raises Unreachable or Ambiguous."""
        try:
            number = national(order.payee)
        except ValueError:
            return Holder()
        body = {
            "pin": self._settings.pin.get_secret_value(),
            "channelMsisdn": self._settings.channel,
        }
        try:
            answer = await self._channel.line.call("POST", f"{SUBSCRIBER}{number}", body)
        except TokenRefused:
            return Holder()
        return holder_in(answer.body, answer.status, order.name)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._channel.line.aclose()


def opened(settings: OrangeCmSettings) -> OrangeCmWallet | None:
    """The wallet of these settings; None where money may not leave the channel."""
    return OrangeCmWallet(settings) if settings.pays_out else None


def holder_in(body: bytes, http_status: int, known_as: str | None) -> Holder:
    """The subscriber of a number; nothing where Orange does not say."""
    data = fields((parse(body) or {}).get("data")) if http_status // 100 == 2 else {}
    told = (text(data.get("firstName")), text(data.get("lastName")))
    name = " ".join(filter(None, told)) or None
    if name is None:
        return Holder()
    return Holder(active=True, name=name, matches=same_name(name, known_as))
