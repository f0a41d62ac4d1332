"""What both SMS gateways are made of: an account with a balance, sender ids, and a stage."""

from collections.abc import Callable

from simulators import codes
from simulators.book import MoneyBook, Payment
from simulators.faults import Fault, Outcome, named
from simulators.inbox import Inbox, Text, units
from simulators.settings import Settings
from simulators.stage import Callback, Stage

#: Cents a unit costs.
_PRICE = 80
#: Numbers that begin so are refused by what they end with.
_MAGIC = "254711"


class Account:
    """One account: what it may still send, under which names, and where reports go."""

    def __init__(
        self,
        name: str,
        inbox: Inbox,
        settings: Settings,
        *,
        callback: Callable[[Payment, Outcome], Callback],
    ) -> None:
        file = settings.state_dir / f"{name}.jsonl" if settings.state_dir else None
        self.stage = Stage(
            book=MoneyBook(name, file),
            speed=settings.speed,
            callback=callback,
            receipt=codes.receipt,
            find=named,
        )
        self.name = name
        self.balance = settings.sms_units
        self.senders = set(settings.sms_senders.split(","))
        self.report_url = ""
        self._inbox = inbox

    async def send(self, text: Text, fault: Fault, *, key: str) -> None:
        """Charge the account and put the text into somebody's hands; reports follow."""
        spent = units(text.text)
        self.balance -= spent
        self._inbox.take(text)
        payment = Payment(
            key=key,
            our_reference=text.reference,
            payer=text.to,
            amount_minor=spent * _PRICE,
            currency="KES",
            callback_url=self.report_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.stage.book.payments),
            names={"message_id": key},
        )
        await self.stage.accept(payment, fault)


def ending(to: str, endings: set[str]) -> str | None:
    """What a magic number ends with, if it is one of these; None for any other number."""
    if not to.startswith(_MAGIC) or len(to) != 12:
        return None
    return next((one for one in endings if to.endswith(one)), None)
