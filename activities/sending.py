"""Money that leaves by a rail: the holder is asked, it is sent once, it is asked about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from temporalio import activity

from activities import payout_rows
from activities.fence import Intent, shut
from activities.pulse import beating
from activities.reports import heard, report
from activities.reports import silence as nothing_said
from activities.top_ups import Opens
from models import faultpoints, ids, money_out
from models.loan_receiver import same_person
from models.money_out import BankPayoutOrder, BankRail, Holder
from models.payout_calls import HolderLook, PayoutCall
from models.payout_order import PayoutOrder, instruction, our_reference
from models.payout_rail import PaysTo
from models.payout_states import PayoutState
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import (
    Ambiguous,
    AnswersAt,
    NamesHolders,
    PaysBanks,
    PaysOut,
    Unreachable,
)

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

#: The bank's days are Nairobi's.
_BANK_ZONE = timezone(timedelta(hours=3))
_GONE = Reading(verdict=Verdict.REFUSED, reason=Reason.CONFIGURATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Senders:
    """The clients of everything that sends money, by rail; one for all rails of banks.

    `answers`: the doors at which a provider tells later what became of it.
    """

    wallets: Mapping[str, PaysOut]
    namers: Mapping[str, NamesHolders]
    answers: Mapping[str, AnswersAt] = field(default_factory=dict)
    banks: PaysBanks | None = None


class Sending:
    """Sends payouts. `address` makes the URL of an owner and a slug."""

    def __init__(
        self,
        senders: Senders,
        fence: Opens,
        address: Callable[[str, str], str],
    ) -> None:
        self._senders = senders
        self._fence = fence
        self._address = address

    @activity.defn(name="money_out.send")
    async def send(self, call: PayoutCall) -> ProviderReport:
        """Send, once: what is about to leave is durable before it does.

        Run again for the same sending it sends nothing and reports unknown; while an earlier
        instruction may have paid it sends nothing and says so.
        """
        named, about = instruction(call.order, call.number), call.order.saga.id
        async with beating():
            await faultpoints.reach("money_out.fence.before", about)
            unsent = await shut(self._fence, _intent(call))
            if unsent is not None:
                return report(named, Source.ACK, unsent)
            await faultpoints.reach("money_out.send.before", about)
            reading = await self._sent(call)
            await faultpoints.reach("money_out.send.after", about)
        return report(named, Source.ACK, reading)

    @activity.defn(name="money_out.ask")
    async def ask(self, call: PayoutCall) -> ProviderReport:
        """Ask what became of it."""
        about = call.order.saga.id
        await faultpoints.reach("money_out.ask.before", about)
        async with beating():
            reading = await self._asked(call)
        await faultpoints.reach("money_out.ask.after", about)
        return report(instruction(call.order, call.number), Source.QUERY, reading)

    async def _sent(self, call: PayoutCall) -> Reading:
        order = call.order
        if order.rail.pays_to is PaysTo.BANK:
            bank = self._senders.banks
            return _GONE if bank is None else await heard(bank.pay_bank(bank_order(call)))
        wallet = self._senders.wallets.get(order.rail.name)
        return (
            _GONE
            if wallet is None
            else await heard(wallet.pay_out(self._wallet_order(call, asks=False)))
        )

    async def _asked(self, call: PayoutCall) -> Reading:
        """Raises Unreachable or Ambiguous: then it is asked again."""
        rail = call.order.rail
        if rail.pays_to is PaysTo.BANK and self._senders.banks is not None:
            return await self._senders.banks.ask_bank_payout(bank_order(call))
        wallet = self._senders.wallets.get(rail.name)
        if wallet is None:
            return nothing_said(Reason.CONFIGURATION)
        return await wallet.ask_payout(self._wallet_order(call, asks=True))

    def _wallet_order(self, call: PayoutCall, *, asks: bool) -> money_out.PayoutOrder:
        order, named = call.order, instruction(call.order, call.number)
        at = self._senders.answers.get(order.rail.name, AnswersAt())
        result = at.asked if asks else at.payout
        return money_out.PayoutOrder(
            id=named,
            amount=order.amount,
            payee=order.payee.wallet or "",
            purpose=order.purpose,
            name=order.payee.name,
            provider_reference=call.handle,
            result_url=self._address(named, result) if result else None,
            timeout_url=self._address(named, at.timeout) if at.timeout else None,
        )


class Holders:
    """Asks who holds the payee's wallet, and keeps the name told, sealed, with the payout."""

    def __init__(self, senders: Senders, database: "Database", vault: "Vault") -> None:
        self._senders = senders
        self._database = database
        self._vault = vault

    @activity.defn(name="money_out.holder")
    async def holder(self, order: PayoutOrder) -> HolderLook:
        """What is known before money is sent; nothing where nobody answers. Moves nothing."""
        async with beating():
            try:
                found = await self._found(order)
            except (Unreachable, Ambiguous) as error:
                activity.logger.warning("the holder is not told: %s", error)
                return HolderLook()
        await self._keep(order, found)
        matches = found.matches
        if matches is None and found.name and order.payee.name:
            matches = same_person(found.name, order.payee.name)
        return HolderLook(
            active=found.active,
            named=found.name is not None,
            matches=matches,
            within_limits=found.within_limits,
        )

    async def _found(self, order: PayoutOrder) -> Holder:
        asked = PayoutCall(order=order, number=1, first_sent_at=activity.info().started_time)
        if order.rail.pays_to is PaysTo.BANK:
            bank = self._senders.banks
            return Holder() if bank is None else await bank.bank_holder(bank_order(asked))
        namer = self._senders.namers.get(order.rail.name)
        if namer is None:
            return Holder()
        question = money_out.PayoutOrder(
            id=instruction(order),
            amount=order.amount,
            payee=order.payee.wallet or "",
            purpose=order.purpose,
            name=order.payee.name,
        )
        return await namer.holder(question)

    async def _keep(self, order: PayoutOrder, found: Holder) -> None:
        if found.name is None:
            return
        org, livemode = ids.parsed(ids.ORG, order.saga.org_id), order.saga.livemode
        sealed = await self._vault.seal(
            org, livemode=livemode, field=payout_rows.PAYEE_FIELD, plain=found.name.encode()
        )
        async with self._database.scoped(org, livemode) as connection:
            await payout_rows.keep_holder(connection, order.saga.id, sealed)


def bank_order(call: PayoutCall) -> BankPayoutOrder:
    """The order to the bank. Raises ValueError for a payout that names no account."""
    order, payee = call.order, call.order.payee.bank
    if payee is None:
        raise ValueError("a payout by bank names an account")
    return BankPayoutOrder(
        id=instruction(order, call.number),
        rail=BankRail(order.rail.name),
        amount=order.amount,
        bank=payee.bank,
        account=payee.account,
        name=payee.name,
        purpose=order.purpose,
        on=call.first_sent_at.astimezone(_BANK_ZONE).date(),
    )


def _intent(call: PayoutCall) -> Intent:
    order, named = call.order, instruction(call.order, call.number)
    return Intent(
        saga=order.saga,
        instruction_id=named,
        rail=order.rail.name,
        number=call.number,
        our_reference=our_reference(order, call.number),
        believes=call.state,
        sending=PayoutState.PROCESSING,
        amount=order.amount,
        sends=call.sends,
    )
