"""Refunds: a payment is given back once, by its rail or by a payout, and asked about after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from temporalio import activity

from activities.fence import Intent
from activities.pulse import beating
from activities.reports import heard, report, silence
from activities.top_ups import Opens
from models import faultpoints
from models.money_out import PayoutOrder, RefundOrder
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.refund import RefundState
from models.refund_order import RefundPlan, Way
from providers.contract import AnswersAt, PaysOut, Refunds

_GONE = Reading(verdict=Verdict.REFUSED, reason=Reason.CONFIGURATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """One sending. `state`: where the refund stood when it was decided."""

    plan: RefundPlan
    sends: int
    state: str

    @property
    def intent(self) -> Intent:
        """What the fence writes."""
        return Intent(
            saga=self.plan.saga,
            instruction_id=self.plan.instruction,
            rail=self.plan.rail,
            number=1,
            our_reference=self.plan.our_reference,
            believes=self.state,
            sending=RefundState.PROCESSING,
            amount=self.plan.amount,
            sends=self.sends,
        )


class Refunding:
    """Calls of both ways. `address` makes the URL of an owner and a slug.

    `answers`: the doors at which a provider tells later what became of it.
    """

    def __init__(
        self,
        refunders: Mapping[str, Refunds],
        payers: Mapping[str, PaysOut],
        fence: Opens,
        address: Callable[[str, str], str],
        answers: Mapping[str, AnswersAt],
    ) -> None:
        self._refunders = refunders
        self._payers = payers
        self._fence = fence
        self._address = address
        self._answers = answers

    @activity.defn(name="refund.give_back")
    async def give_back(self, order: GiveBack) -> ProviderReport:
        """Give back, once. Run again for the same sending it sends nothing."""
        plan, about = order.plan, order.plan.saga.id
        async with beating():
            await faultpoints.reach("refund.fence.before", about)
            if not await self._fence.open(order.intent):
                return report(plan.instruction, Source.ACK, silence(Reason.DUPLICATE))
            await faultpoints.reach("refund.send.before", about)
            reading = await self._sent(plan)
            await faultpoints.reach("refund.send.after", about)
        return report(plan.instruction, Source.ACK, reading)

    @activity.defn(name="refund.ask")
    async def ask(self, plan: RefundPlan, handle: str | None) -> ProviderReport:
        """Ask what became of it; `handle`: what the provider calls it, once it told."""
        await faultpoints.reach("refund.ask.before", plan.saga.id)
        async with beating():
            reading = await self._asked(plan, handle)
        await faultpoints.reach("refund.ask.after", plan.saga.id)
        return report(plan.instruction, Source.QUERY, reading)

    async def _sent(self, plan: RefundPlan) -> Reading:
        provider = plan.out_of.provider
        if plan.way is Way.NATIVE:
            rail = self._refunders.get(provider)
            return (
                _GONE if rail is None else await heard(rail.refund(self._refund(plan, asks=False)))
            )
        payer = self._payers.get(provider)
        return _GONE if payer is None else await heard(payer.pay_out(self._payout(plan)))

    async def _asked(self, plan: RefundPlan, handle: str | None) -> Reading:
        """Raises Unreachable or Ambiguous: then it is asked again."""
        provider = plan.out_of.provider
        if plan.way is Way.NATIVE and provider in self._refunders:
            return await self._refunders[provider].ask_refund(self._refund(plan, asks=True))
        if plan.way is Way.PAYOUT and provider in self._payers:
            return await self._payers[provider].ask_payout(self._payout(plan, handle, asks=True))
        return silence(Reason.CONFIGURATION)

    def _refund(self, plan: RefundPlan, *, asks: bool) -> RefundOrder:
        at = self._answers.get(plan.out_of.provider, AnswersAt())
        return RefundOrder(
            id=plan.instruction,
            amount=plan.amount,
            attempt_id=plan.attempt_id,
            paid=plan.paid,
            provider_reference=plan.provider_reference,
            receipt=plan.receipt,
            result_url=self._door(plan, at.refund_asked if asks else at.refund),
            timeout_url=self._door(plan, at.timeout),
        )

    def _payout(
        self, plan: RefundPlan, handle: str | None = None, *, asks: bool = False
    ) -> PayoutOrder:
        at = self._answers.get(plan.out_of.provider, AnswersAt())
        return PayoutOrder(
            id=plan.instruction,
            amount=plan.amount,
            payee=plan.payer,
            purpose="Refund",
            provider_reference=handle,
            result_url=self._door(plan, at.asked if asks else at.payout),
            timeout_url=self._door(plan, at.timeout),
        )

    def _door(self, plan: RefundPlan, slug: str | None) -> str | None:
        """Where this instruction is answered; None where nothing is told later."""
        return None if slug is None else self._address(plan.instruction, slug)
