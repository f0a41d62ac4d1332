"""Float: bought through the bank, once, and moved to where payouts leave from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from temporalio import activity

from activities.fence import Fence, Intent
from activities.pulse import beating
from activities.reports import NEVER_SENT, heard, report, silence
from models import faultpoints
from models.banking import BankTransfer, FloatPurchase, ShortCodeCheck, Statement
from models.credentials import NoCredentials
from models.money import Money
from models.payout import Transfer, TransferKind
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Ambiguous, Unreachable
from providers.ncba.amounts import bank_day

_RESULT, _TIMEOUT = "ke2", "ke3"
_UNSET = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.CONFIGURATION)


class SellsFloat(Protocol):
    """A bank. Each call raises Unreachable or Ambiguous."""

    async def buy_float(self, order: FloatPurchase) -> Reading:
        """Order float; at best PENDING."""
        ...

    async def transfer(self, order: BankTransfer) -> Reading:
        """Move money within the bank."""
        ...

    async def statement(self, account: str, first: date, last: date) -> Statement:
        """The lines of those value dates."""
        ...

    async def validate_short_code(self, short_code: str) -> ShortCodeCheck:
        """Whose pay bill it is."""
        ...


class MovesFloat(Protocol):
    """A short code. Each call raises Unreachable or Ambiguous."""

    async def transfer(self, transfer: Transfer) -> Reading:
        """Move its own money."""
        ...

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        """Ask for the balances; the answer comes by callback."""
        ...


class GivesShortCodes(Protocol):
    """Where a partner's short codes are kept."""

    async def mpesa(self, org_id: str, livemode: bool, purpose: str) -> MovesFloat:  # noqa: FBT001 - the second half of the scope
        """The short code of a purpose. Raises NoCredentials."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """One sending between two accounts of ours at the bank. `narration` follows our reference."""

    intent: Intent
    account: str
    to_account: str
    narration: str = "float"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyOrder:
    """One sending of an order for float, paid out of `account`."""

    intent: Intent
    account: str
    short_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOrder:
    """One sending of float from working to utility."""

    intent: Intent
    short_code: str


class FloatBuying:
    """Every call of a purchase that moves money. `phone` is what the bank is told is ours."""

    def __init__(
        self,
        *,
        bank: SellsFloat | None,
        phone: str,
        partners: GivesShortCodes,
        fence: Fence,
        address: Callable[[str, str], str],
    ) -> None:
        self._bank = bank
        self._phone = phone
        self._partners = partners
        self._fence = fence
        self._address = address

    @activity.defn(name="float.transfer")
    async def transfer(self, order: TransferOrder) -> ProviderReport:
        """Bring the money to the account float is bought from, or back from there."""
        bank, intent = self._bank, order.intent
        if bank is None:
            return report(intent.instruction_id, Source.ACK, _UNSET)
        told = BankTransfer(
            reference=intent.our_reference,
            amount=_amount(intent),
            account=order.account,
            to_account=order.to_account,
            to_name="Kauri",
            narration=order.narration,
        )
        return await self._once(intent, lambda: bank.transfer(told))

    @activity.defn(name="float.buy")
    async def buy(self, order: BuyOrder) -> ProviderReport:
        """Order the float; the bank says whose short code it is, and is told that name."""
        bank, intent = self._bank, order.intent
        if bank is None:
            return report(intent.instruction_id, Source.ACK, _UNSET)

        async def call() -> Reading:
            owner = await _owner(bank, order.short_code)
            if isinstance(owner, Reading):
                return owner
            told = FloatPurchase(
                reference=intent.our_reference,
                amount=_amount(intent),
                short_code=order.short_code,
                account=order.account,
                organisation=owner,
                phone=self._phone,
                on=bank_day(datetime.now(UTC)),
            )
            await faultpoints.reach("float.before", intent.saga.id)
            return await bank.buy_float(told)

        return await self._once(intent, call)

    @activity.defn(name="float.move")
    async def move(self, order: MoveOrder) -> ProviderReport:
        """Move float that arrived in working to utility, where payouts leave from."""
        intent = order.intent
        try:
            client = await self._partners.mpesa(intent.saga.org_id, intent.saga.livemode, "b2c")
        except NoCredentials:
            no = Reading(verdict=Verdict.REFUSED, reason=Reason.CREDENTIALS)
            return report(intent.instruction_id, Source.ACK, no)
        told = Transfer(
            instruction_id=intent.instruction_id,
            reference=intent.our_reference,
            amount=_amount(intent),
            kind=TransferKind.WITHIN,
            to_short_code=order.short_code,
            purpose="Float to utility",
            result_url=self._address(intent.instruction_id, _RESULT),
            timeout_url=self._address(intent.instruction_id, _TIMEOUT),
        )
        return await self._once(intent, lambda: client.transfer(told))

    async def _once(self, intent: Intent, call: Callable[[], Awaitable[Reading]]) -> ProviderReport:
        """Send, once: the reference is durable before any byte leaves.

        Run again for the same sending it sends nothing and reports unknown.
        """
        async with beating():
            await faultpoints.reach(f"{intent.rail}.fence.before", intent.saga.id)
            if not await self._fence.open(intent):
                return report(intent.instruction_id, Source.ACK, silence(Reason.DUPLICATE))
            await faultpoints.reach(f"{intent.rail}.before", intent.saga.id)
            reading = await heard(call())
            await faultpoints.reach(f"{intent.rail}.after", intent.saga.id)
            return report(intent.instruction_id, Source.ACK, reading)


async def _owner(bank: SellsFloat, short_code: str) -> str | Reading:
    """The name the bank has for the short code, or why nothing is ordered for it."""
    try:
        found = await bank.validate_short_code(short_code)
    except (Unreachable, Ambiguous):  # only asked: nothing was ordered
        return NEVER_SENT
    if found.name is not None:
        return found.name
    said = found.reading
    refused = said.verdict is Verdict.REFUSED and not said.retryable
    return said if refused else NEVER_SENT


def _amount(intent: Intent) -> Money:
    if intent.amount is None:
        raise ValueError("money that moves has an amount")
    return intent.amount
