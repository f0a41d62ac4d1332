"""Providers as workers use them: every client counts its calls and keeps to the rate."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from activities.rail_clients import Banker, Collector, Line, Payer, Refunder, Turns
from activities.rail_pace import Pacer
from activities.rail_tally import Tally
from models.rail_health import Operation, Rail
from providers.contract import Collects, PaysBanks, PaysOut, Provider, Refunds
from providers.ncba.settings import NcbaSettings
from providers.registry import Ready

#: Payouts to banks: all of its ways go through one account at one bank.
BANK = Rail(provider="ncba", operation=Operation.PAYOUT, country="KE")
_Client = TypeVar("_Client", PaysOut, Refunds)


class Meter:
    """What this process's calls go through: counted, and no faster than each provider allows.

    `ready`: the providers, so that every client made of them is metered.
    """

    def __init__(self, ready: Mapping[str, Ready], bank: NcbaSettings) -> None:
        self.rates = {name: one.rate for name, one in ready.items() if one.rate}
        self.tally = Tally()
        self.pacer = Pacer(self.rates)
        self.ready = watched(ready, self.tally, self.pacer)
        self.rails = (*rails(ready), *((BANK,) if bank.configured else ()))

    def bank(self, client: PaysBanks | None) -> PaysBanks | None:
        """The client of the bank, metered; None where there is none."""
        line = Line(BANK, self.tally, self.pacer)
        return None if client is None else Banker(line, client)


def rails(ready: Mapping[str, Ready]) -> tuple[Rail, ...]:
    """Every rail there is: what each provider has a slot for, where."""
    return tuple(
        rail_of(one, operation)
        for one in ready.values()
        for operation, slot in _slots(one.provider).items()
        if slot is not None
    )


def rail_of(ready: Ready, operation: Operation) -> Rail:
    """The rail of one operation. A provider's settings are those of one country."""
    countries = ready.offer.countries
    country = countries[0] if len(countries) == 1 else ""
    return Rail(provider=ready.provider.name, operation=operation, country=country)


def watched(ready: Mapping[str, Ready], tally: Tally, turns: Turns) -> dict[str, Ready]:
    """The same providers; whatever client is made of them is counted and paced."""
    return {name: _watched(one, tally, turns) for name, one in ready.items()}


def _watched(ready: Ready, tally: Tally, turns: Turns) -> Ready:
    provider = ready.provider

    def line(operation: Operation) -> Line:
        return Line(rail_of(ready, operation), tally, turns)

    seen = replace(
        provider,
        collects=_made(provider.collects, partial(Collector, line(Operation.COLLECT))),
        pays_out=_perhaps(provider.pays_out, partial(Payer, line(Operation.PAYOUT))),
        refunds=_perhaps(provider.refunds, partial(Refunder, line(Operation.REFUND))),
    )
    return replace(ready, provider=seen)


def _made(
    make: Callable[[Any], Collects] | None, around: Callable[[Collects], Collects]
) -> Callable[[Any], Collects] | None:
    return None if make is None else lambda settings: around(make(settings))


def _perhaps(
    make: Callable[[Any], _Client | None] | None, around: Callable[[_Client], _Client]
) -> Callable[[Any], _Client | None] | None:
    """The same where the settings may hold no key for it."""
    if make is None:
        return None

    def made(settings: Any) -> _Client | None:
        client = make(settings)
        return None if client is None else around(client)

    return made


def _slots(provider: Provider) -> dict[Operation, object]:
    return {
        Operation.COLLECT: provider.collects,
        Operation.PAYOUT: provider.pays_out,
        Operation.REFUND: provider.refunds,
    }
