"""Payouts to accounts at banks: sent once; our own account's statement says what became of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx

from models.banking import Side, Statement
from models.float_proof import Left, left
from models.money_out import BankPayoutOrder, BankRail, Holder
from models.reading import Reading, Reason, Verdict
from providers.ncba.amounts import bank_day
from providers.ncba.client import NcbaClient
from providers.ncba.keys import NcbaKeys
from providers.ncba.settings import NcbaSettings

#: Days after the order in which a payment is looked for, bounced ones too.
WATCHED = timedelta(days=31)


def _now() -> datetime:
    return datetime.now(UTC)


class NcbaPayer:
    """Pays out of one account. The bank has no query and promises no idempotency."""

    def __init__(
        self,
        keys: NcbaKeys,
        account: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._bank = NcbaClient(keys, transport=transport)
        self._account = account
        self._now = now

    async def pay_bank(self, order: BankPayoutOrder) -> Reading:
        """Send, once. PesaLink and transfers are done when answered, EFT and RTGS are taken in.

        Raises Unreachable or Ambiguous.
        """
        return await self._bank.pay(order, self._account)

    async def ask_bank_payout(self, order: BankPayoutOrder) -> Reading:
        """What our account's statement shows, from the day of the order on.

        SETTLED: it left and stayed away. REFUSED, REVERSED: it left and came back. Raises
        Unreachable or Ambiguous.
        """
        last = min(bank_day(self._now()), order.on + WATCHED)
        said = await self._bank.statement(self._account, order.on, last)
        return _shown(said, order)

    async def bank_holder(self, order: BankPayoutOrder) -> Holder:
        """Whether the account is there, by PesaLink alone; the bank names nobody.

        Raises Unreachable or Ambiguous.
        """
        if order.rail is not BankRail.PESALINK:
            return Holder()
        return await self._bank.validate_account(order, self._account)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._bank.aclose()


def opened(settings: NcbaSettings) -> NcbaPayer | None:
    """The payer of these settings; None where no bank is configured."""
    return NcbaPayer(settings.keys(), settings.pool_account) if settings.configured else None


def _shown(said: Statement, order: BankPayoutOrder) -> Reading:
    found = left(said, reference=order.id, amount=order.amount)
    if found is Left.UNSAID:
        return replace(said.reading, verdict=Verdict.UNKNOWN, retryable=False)
    if found is Left.NEVER:
        return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
    back = found is Left.BACK
    side = Side.CREDIT if back else Side.DEBIT
    lines = said.witnesses(reference=order.id, side=side, amount=order.amount)
    return Reading(
        verdict=Verdict.REFUSED if back else Verdict.SETTLED,
        reason=Reason.REVERSED if back else None,
        amount=order.amount,
        our_reference=order.id,
        receipt=lines[0].reference,
    )
