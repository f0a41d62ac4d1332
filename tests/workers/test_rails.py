"""Whatever client is made of a provider counts its calls; its rate is shared by the workers."""

from dataclasses import replace
from typing import Any, cast

import pytest

from activities.rail_pace import Pacer
from models.rail_health import Counts, Operation, Rail
from models.reading import Reading, Verdict
from providers.contract import NoTurn
from providers.ncba.settings import NcbaSettings
from providers.registry import Ready
from providers.wave.provider import PROVIDER as WAVE
from providers.wave.settings import WaveSettings
from workers.rails import BANK, Meter, rails

BANKLESS = NcbaSettings()


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, [0.0]

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))


class Wallet:
    """Takes every order."""

    def __getattr__(self, _name: str) -> Any:
        async def answered(_order: Any) -> Reading:
            return Reading(verdict=Verdict.PENDING)

        return answered


def ready(**slots: Any) -> Ready:
    settings = WaveSettings(api_key="k", webhook_secret="s", calls_per_second=50.0)
    provider = replace(WAVE, **slots)
    return Ready(
        provider=provider,
        settings=settings,
        offer=provider.offer(settings),
        terms=provider.terms(settings),
        callbacks=None,
    )


async def test_prompts_payouts_and_refunds_are_counted_each_on_its_own_rail() -> None:
    def wallet(_settings: Any) -> Any:
        return Wallet()

    one = ready(collects=wallet, pays_out=wallet, refunds=wallet)
    meter = Meter({"wave": one}, BANKLESS)
    made = cast(Any, meter.ready["wave"].provider)
    for client, call in (
        (made.collects, "prompt"),
        (made.pays_out, "pay_out"),
        (made.pays_out, "ask_payout"),
        (made.refunds, "refund"),
    ):
        await getattr(client(one.settings), call)(None)
    country = one.offer.countries[0]
    assert meter.tally.take() == {
        Rail(provider="wave", operation=Operation.COLLECT, country=country): Counts(answered=1),
        Rail(provider="wave", operation=Operation.PAYOUT, country=country): Counts(
            answered=1, asked_answered=1
        ),
        Rail(provider="wave", operation=Operation.REFUND, country=country): Counts(answered=1),
    }


async def test_payouts_to_banks_are_a_rail_of_their_own() -> None:
    bank = NcbaSettings(base_url="http://127.0.0.1/test/apigateway", pool_account="77445")
    meter = Meter({}, bank)
    client = meter.bank(cast(Any, Wallet()))
    assert client is not None
    await client.pay_bank(cast(Any, None))
    await client.ask_bank_payout(cast(Any, None))
    assert meter.tally.take() == {BANK: Counts(answered=1, asked_answered=1)}
    assert meter.bank(None) is None


def test_a_provider_has_a_rail_for_each_thing_it_can_do() -> None:
    one = ready(refunds=None)
    meter = Meter({"wave": one}, BANKLESS)
    assert {rail.operation for rail in rails(meter.ready)} == {
        Operation.COLLECT,
        Operation.PAYOUT,
    }
    assert meter.rates == {"wave": 50.0}


async def test_two_workers_take_half_the_rate_each() -> None:
    clock = Clock()
    pacer = Pacer({"wave": 10.0}, clock=clock, sleep=clock.sleep)
    pacer.shared_by(2)
    for _ in range(3):
        await pacer.turn("wave")
    assert clock.slept == [0.0, 0.2, 0.4]


async def test_who_would_wait_too_long_has_no_turn() -> None:
    clock = Clock()
    pacer = Pacer({"wave": 1.0}, clock=clock, sleep=clock.sleep)
    for _ in range(11):
        await pacer.turn("wave")
    with pytest.raises(NoTurn):
        await pacer.turn("wave")
    assert clock.slept[-1] == 10.0


async def test_a_provider_without_a_rate_waits_for_nothing() -> None:
    clock = Clock()
    pacer = Pacer({}, clock=clock, sleep=clock.sleep)
    for _ in range(1000):
        await pacer.turn("momo")
    assert clock.slept == [0.0]
