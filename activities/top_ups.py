"""Top-ups by mobile money: ring our own short code's prompt once, ask as often as needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from temporalio import activity

from activities.fence import Intent
from activities.pulse import beating
from activities.reports import heard, report, silence
from models import faultpoints, ids
from models.charge import Charge
from models.reading import ProviderReport, Reason, Source
from models.topup import TopUpOrder, TopUpState
from providers.contract import Collects

RAIL, PROVIDER, SLUG = "mpesa_stk", "mpesa", "ke1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptOrder:
    """One sending of the prompt. `state`: where the top-up stood when it was decided."""

    order: TopUpOrder
    sends: int
    state: str

    @property
    def intent(self) -> Intent:
        """What the fence writes."""
        return Intent(
            saga=self.order.saga,
            instruction_id=instruction(self.order),
            rail=RAIL,
            number=1,
            our_reference=ids.account_reference(instruction(self.order)),
            believes=self.state,
            sending=TopUpState.SENDING,
            amount=self.order.amount,
            sends=self.sends,
        )


class Opens(Protocol):
    """The fence before a call: `activities.fence.Fence`, or a fake."""

    async def open(self, intent: Intent) -> bool:
        """True for the one who may send."""
        ...


class TopUps:
    """Rings a phone for a partner's wallet. `address` makes the URL of an owner and a slug."""

    def __init__(
        self,
        providers: Mapping[str, Collects],
        fence: Opens,
        address: Callable[[str, str], str],
    ) -> None:
        self._providers = providers
        self._fence = fence
        self._address = address

    @activity.defn(name="topup.prompt")
    async def prompt(self, prompt: PromptOrder) -> ProviderReport:
        """Ring the phone, once. Run again for the same sending it sends nothing."""
        named, about = instruction(prompt.order), prompt.order.saga.id
        async with beating():
            await faultpoints.reach("topup.fence.before", about)
            if not await self._fence.open(prompt.intent):
                return report(named, Source.ACK, silence(Reason.DUPLICATE))
            await faultpoints.reach("topup.prompt.before", about)
            reading = await heard(self._providers[PROVIDER].prompt(self._charge(prompt.order)))
            await faultpoints.reach("topup.prompt.after", about)
        return report(named, Source.ACK, reading)

    @activity.defn(name="topup.ask")
    async def ask(self, order: TopUpOrder, handle: str | None) -> ProviderReport:
        """Ask what became of the prompt with the provider's own handle."""
        async with beating():
            charge = self._charge(order, handle)
            reading = await self._providers[PROVIDER].inquire(charge)
        return report(instruction(order), Source.QUERY, reading)

    def _charge(self, order: TopUpOrder, handle: str | None = None) -> Charge:
        if order.payer is None:
            raise ValueError("a top-up by mobile money names its payer")
        return Charge(
            attempt_id=instruction(order),
            amount=order.amount,
            payer=order.payer,
            callback_url=self._address(instruction(order), SLUG),
            description="Top-up",
            livemode=order.saga.livemode,
            provider_reference=handle,
        )


def instruction(order: TopUpOrder) -> str:
    """The one prompt of a top-up."""
    return ids.instruction_id(order.saga.id, RAIL, 1)
