"""Clients of providers whose every call waits its turn and is counted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from activities.rail_tally import Tally
from models.charge import Charge
from models.money_out import BankPayoutOrder, Holder, PayoutOrder, RefundOrder
from models.rail_health import Rail
from models.reading import Reading
from providers.contract import Collects, PaysBanks, PaysOut, Refunds


class Turns(Protocol):
    """The provider's rate: `activities.rail_pace.Pacer`, or a fake."""

    async def turn(self, provider: str) -> None:
        """Wait for room. Raises NoTurn when there is none: nothing has left."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One rail of one provider, with whom counts and paces its calls."""

    rail: Rail
    tally: Tally
    turns: Turns

    async def sends(self, call: Callable[[], Awaitable[Reading]]) -> Reading:
        """A call that moves money."""
        await self.turns.turn(self.rail.provider)
        return await self.tally.sent(self.rail, call())

    async def asks(self, call: Callable[[], Awaitable[Reading]]) -> Reading:
        """A question."""
        await self.turns.turn(self.rail.provider)
        return await self.tally.asked(self.rail, call())


class Collector:
    """A counted `Collects`."""

    def __init__(self, line: Line, client: Collects) -> None:
        self._line = line
        self._client = client

    async def prompt(self, charge: Charge) -> Reading:
        """Ring the payer's phone, once. Raises Unreachable or Ambiguous."""
        return await self._line.sends(lambda: self._client.prompt(charge))

    async def inquire(self, charge: Charge) -> Reading:
        """Ask what became of the charge. Raises Unreachable or Ambiguous."""
        return await self._line.asks(lambda: self._client.inquire(charge))

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._client.aclose()


class Payer:
    """A counted `PaysOut`."""

    def __init__(self, line: Line, client: PaysOut) -> None:
        self._line = line
        self._client = client

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send, once. Raises Unreachable or Ambiguous."""
        return await self._line.sends(lambda: self._client.pay_out(order))

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask what became of it. Raises Unreachable or Ambiguous."""
        return await self._line.asks(lambda: self._client.ask_payout(order))

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._client.aclose()


class Banker:
    """A counted `PaysBanks`. What it tells of accounts is not counted: it says nothing of money."""

    def __init__(self, line: Line, client: PaysBanks) -> None:
        self._line = line
        self._client = client

    async def pay_bank(self, order: BankPayoutOrder) -> Reading:
        """Send, once. Raises Unreachable or Ambiguous."""
        return await self._line.sends(lambda: self._client.pay_bank(order))

    async def ask_bank_payout(self, order: BankPayoutOrder) -> Reading:
        """Ask what our account shows of it. Raises Unreachable or Ambiguous."""
        return await self._line.asks(lambda: self._client.ask_bank_payout(order))

    async def bank_holder(self, order: BankPayoutOrder) -> Holder:
        """What is known of the beneficiary's account. Raises Unreachable or Ambiguous."""
        return await self._client.bank_holder(order)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._client.aclose()


class Refunder:
    """A counted `Refunds`."""

    def __init__(self, line: Line, client: Refunds) -> None:
        self._line = line
        self._client = client

    async def refund(self, order: RefundOrder) -> Reading:
        """Give back, once. Raises Unreachable or Ambiguous."""
        return await self._line.sends(lambda: self._client.refund(order))

    async def ask_refund(self, order: RefundOrder) -> Reading:
        """Ask what became of it. Raises Unreachable or Ambiguous."""
        return await self._line.asks(lambda: self._client.ask_refund(order))

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._client.aclose()
