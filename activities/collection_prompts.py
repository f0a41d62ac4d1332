"""Collections a partner asks for: its own short code rings the payer's phone, once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from temporalio import activity

from activities.fence import Fence, Intent
from activities.pulse import beating
from activities.reports import heard, report, silence
from models import faultpoints, ids
from models.charge import Charge
from models.collection import CollectionState
from models.collection_order import PROMPT, CollectionOrder
from models.credentials import NoCredentials
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Collects

SLUG = "ke1"


class GivesPrompts(Protocol):
    """Where a partner's credentials are kept."""

    async def stk(self, org_id: str, livemode: bool) -> Collects:  # noqa: FBT001 - the second half of the scope
        """The short code that rings payers' phones. Raises NoCredentials."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RingOrder:
    """One sending of the prompt. `state`: where the collection stood when it was decided."""

    order: CollectionOrder
    sends: int
    state: str

    @property
    def intent(self) -> Intent:
        """What the fence writes."""
        named = prompt_id(self.order.saga.id)
        return Intent(
            saga=self.order.saga,
            instruction_id=named,
            rail=PROMPT,
            number=1,
            our_reference=ids.account_reference(named),
            believes=self.state,
            sending=CollectionState.SENDING,
            amount=self.order.amount,
            sends=self.sends,
        )


class CollectionPrompts:
    """Rings and asks. `address` makes the URL of an owner and a slug."""

    def __init__(
        self, partners: GivesPrompts, fence: Fence, address: Callable[[str, str], str]
    ) -> None:
        self._partners = partners
        self._fence = fence
        self._address = address

    @activity.defn(name="collection.ring")
    async def ring(self, ring: RingOrder) -> ProviderReport:
        """Ring the phone, once. Run again for the same sending it sends nothing."""
        named, saga = ring.intent.instruction_id, ring.order.saga
        async with beating():
            try:
                client = await self._partners.stk(saga.org_id, saga.livemode)
            except NoCredentials:
                no = Reading(verdict=Verdict.REFUSED, reason=Reason.CREDENTIALS)
                return report(named, Source.ACK, no)
            await faultpoints.reach("collection.ring.fence.before", saga.id)
            if not await self._fence.open(ring.intent):
                return report(named, Source.ACK, silence(Reason.DUPLICATE))
            await faultpoints.reach("collection.ring.before", saga.id)
            reading = await heard(client.prompt(self._charge(ring.order)))
            await faultpoints.reach("collection.ring.after", saga.id)
        return report(named, Source.ACK, reading)

    @activity.defn(name="collection.ask")
    async def ask(self, order: CollectionOrder, handle: str | None) -> ProviderReport:
        """Ask what became of the prompt with the provider's own handle."""
        await faultpoints.reach("collection.ask.before", order.saga.id)
        async with beating():
            client = await self._partners.stk(order.saga.org_id, order.saga.livemode)
            reading = await client.inquire(self._charge(order, handle))
        await faultpoints.reach("collection.ask.after", order.saga.id)
        return report(prompt_id(order.saga.id), Source.QUERY, reading)

    def _charge(self, order: CollectionOrder, handle: str | None = None) -> Charge:
        if order.payer is None:
            raise ValueError("a prompt names its payer")
        named = prompt_id(order.saga.id)
        return Charge(
            attempt_id=named,
            amount=order.amount,
            payer=order.payer,
            callback_url=self._address(named, SLUG),
            description="Payment",
            livemode=order.saga.livemode,
            provider_reference=handle,
        )


def prompt_id(saga_id: str) -> str:
    """The one prompt of a collection."""
    return ids.instruction_id(saga_id, PROMPT, 1)
