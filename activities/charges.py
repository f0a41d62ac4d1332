"""Charges: what a provider did, as evidence a workflow can decide on."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from temporalio import activity

from activities.pulse import beating
from activities.reports import heard, report, silence
from models import faultpoints
from models.charge import Question
from models.checkout import PromptOrder
from models.reading import ProviderReport, Reading, Reason, Source
from providers.contract import Collects

if TYPE_CHECKING:
    from activities.intents import Intents

#: How often the acknowledgement is written again while the database is away, and how long.
_ACK_TRIES, _ACK_PAUSE = 20, 0.5


class Charges:
    """Rings phones once and asks as often as needed."""

    def __init__(
        self,
        providers: Mapping[str, Collects],
        intents: "Intents",
        by_ours: frozenset[str] = frozenset(),
    ) -> None:
        self._providers = providers
        self._intents = intents
        self._by_ours = by_ours

    @activity.defn(name="charge.prompt")
    async def prompt(self, order: PromptOrder) -> ProviderReport:
        """Ring the payer's phone, once: the intent is durable before any byte leaves.

        Run again for the same sending (a redelivered task), it sends nothing and reports
        unknown, which is answered by asking.
        """
        async with beating():
            await faultpoints.reach("fence.before", order.checkout_id)
            if not await self._intents.sending(order):
                return report(order.attempt.id, Source.ACK, silence(Reason.DUPLICATE))
            await faultpoints.reach("prompt.before", order.checkout_id)
            answer = await self._send(order)
            await faultpoints.reach("prompt.after", order.checkout_id)
            await self._acknowledge(order, answer)
            await faultpoints.reach("acknowledged.after", order.checkout_id)
            return answer

    @activity.defn(name="charge.ask")
    async def ask(self, question: Question) -> ProviderReport:
        """Ask what became of it. A question without an answer is retried by the policy."""
        await faultpoints.reach("ask.before", question.charge.attempt_id)
        async with beating():
            reading = await self._ask(question)
        await faultpoints.reach("ask.after", question.charge.attempt_id)
        return report(question.charge.attempt_id, Source.QUERY, reading)

    async def _ask(self, question: Question) -> Reading:
        """Ask with the handle the row holds where the workflow knows none, and tell it which.

        A provider asked by our reference alone has no use for one: the row is not read.
        """
        client, charge = self._providers[question.provider], question.charge
        known = charge.provider_reference is not None and not question.hinted
        if known or question.provider in self._by_ours:
            return await client.inquire(charge)
        kept = await self._intents.remembered(charge.attempt_id)
        reading = await client.inquire(replace(charge, **kept))
        handle = reading.provider_reference or kept.get("provider_reference")
        return replace(reading, provider_reference=handle)

    async def _acknowledge(self, order: PromptOrder, answer: ProviderReport) -> None:
        """Show the acknowledgement; were it to fail for good, the report itself still counts."""
        for _ in range(_ACK_TRIES):
            try:
                await self._intents.acknowledged(order, answer)
            except Exception as error:  # noqa: BLE001 - the provider's handle must not be lost
                activity.logger.warning("acknowledgement not written yet: %s", type(error).__name__)
                await asyncio.sleep(_ACK_PAUSE)
            else:
                return

    async def _send(self, order: PromptOrder) -> ProviderReport:
        client = self._providers[order.attempt.provider]
        reading = await heard(client.prompt(order.attempt.charge))
        return report(order.attempt.id, Source.ACK, reading)
