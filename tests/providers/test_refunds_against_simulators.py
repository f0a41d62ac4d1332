"""Payments given back by the simulators on real sockets; their money books are the witness."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from models.balances import told
from models.ids import ATTEMPT, INSTRUCTION, mint, momo_reference
from models.money_out import RefundOrder
from models.reading import Reason, Verdict
from providers.contract import Collects
from providers.momo.client import MomoClient
from providers.mpesa.client import MpesaClient
from providers.mpesa.details import read_balances
from providers.mpesa.results import (
    read_balance,
    read_payout,
    read_reversal,
    read_reversal_status,
)
from providers.mpesa.stk import read_callback
from providers.mpesa.wallet import opened as mpesa_opened
from simulators.settings import Settings
from tests.providers.sheets import momo, mpesa
from tests.providers.test_against_simulators import door
from tests.providers.wallets import momo_settings, momo_wallet, mpesa_settings, readable, until
from tests.simulators.peers import World, a_world
from tests.simulators.short_code import certificate

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """Simulators twenty times faster than by default."""
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was taken, and the order that gives it back."""

    refund: RefundOrder
    key: str


async def paid(world: World) -> Paid:
    """A payment of 1500 through MTN."""
    attempt = mint(ATTEMPT)
    charge = replace(momo.SHEET.charge, attempt_id=attempt, payer="237670000000", callback_url="")
    client: Collects = MomoClient(momo_settings(world))
    async with aclosing(client):
        await client.prompt(charge)
        assert await until(lambda: client.inquire(charge), S) is S
    back = replace(momo.REFUND, id=mint(INSTRUCTION), attempt_id=attempt)
    return Paid(back, momo_reference(attempt))


async def test_a_refund_gives_a_payment_back_once(world: World) -> None:
    one = await paid(world)
    async with aclosing(momo_wallet(world)) as wallet:
        assert (await wallet.refund(one.refund)).verdict is P
        assert await until(lambda: wallet.ask_refund(one.refund), S) is S
        assert (await wallet.refund(one.refund)).verdict is U
        another = replace(one.refund, id=mint(INSTRUCTION))
        assert (await wallet.refund(another)).verdict is P
        assert await until(lambda: wallet.ask_refund(another), R) is R
    assert (await world.book("momo"))["given_back"][one.key] == 1500


@pytest.mark.parametrize(
    ("fault", "last", "given"),
    [
        ("lost_answer", S, 1500),
        ("not_received", U, None),
        ("error_after_accept", S, 1500),
        ("declined", R, None),
        ("stale_status", S, 1500),
    ],
)
async def test_what_we_read_of_a_refund_is_what_the_money_book_says(
    world: World, fault: str, last: Verdict, given: int | None
) -> None:
    one = await paid(world)
    await world.order("momo/faults", fault=fault, operation="refund")
    async with aclosing(momo_wallet(world)) as wallet:
        await readable(wallet.refund(one.refund))
        assert await until(lambda: wallet.ask_refund(one.refund), last) is last
    assert (await world.book("momo"))["given_back"].get(one.key) == given


async def test_a_refund_of_nothing_we_took_is_refused(world: World) -> None:
    refund = replace(momo.REFUND, id=mint(INSTRUCTION), attempt_id=mint(ATTEMPT))
    async with aclosing(momo_wallet(world)) as wallet:
        assert (await readable(wallet.refund(refund))) is not None
        assert await until(lambda: wallet.ask_refund(refund), U) is U


async def pushed(world: World) -> RefundOrder:
    """A payment of 150 shillings by M-Pesa, and the order that reverses it."""
    attempt, settings = mint(ATTEMPT), mpesa_settings(world, await certificate(world))
    charge = replace(
        mpesa.SHEET.charge,
        payer="254700000000",
        callback_url=world.listener_url + door(attempt),
        provider_reference=None,
    )
    async with aclosing(MpesaClient(settings)) as client:
        await client.prompt(charge)
        (heard,) = await world.listener.hear(door(attempt))
    instruction = mint(INSTRUCTION)
    return replace(
        mpesa.REFUND,
        id=instruction,
        receipt=read_callback(heard.raw).receipt,
        result_url=f"{world.listener_url}/in/{instruction}",
        timeout_url=f"{world.listener_url}/in/late/{instruction}",
    )


async def test_the_house_reverses_a_push_once_and_is_told_by_asking(world: World) -> None:
    order = await pushed(world)
    wallet = mpesa_opened(mpesa_settings(world, await certificate(world)))
    assert wallet
    path = f"/in/{order.id}"
    async with aclosing(wallet):
        assert (await wallet.refund(order)).verdict is P
        assert read_reversal((await world.listener.hear(path))[0].raw).verdict is S
        assert (await wallet.ask_refund(order)).verdict is P
        assert read_reversal_status((await world.listener.hear(path, 2))[1].raw).verdict is S
        assert (await wallet.refund(order)).verdict is P
        again = read_reversal((await world.listener.hear(path, 3))[2].raw)
    assert (again.verdict, again.reason) == (R, Reason.DUPLICATE)


async def test_the_house_pays_out_and_its_balance_is_told_later(world: World) -> None:
    wallet = mpesa_opened(mpesa_settings(world, await certificate(world)))
    assert wallet
    instruction = mint(INSTRUCTION)
    path = f"/in/{instruction}"
    order = replace(
        mpesa.ORDER,
        id=instruction,
        payee="254700000000",
        result_url=world.listener_url + path,
        timeout_url=world.listener_url + path,
    )
    async with aclosing(wallet):
        assert (await wallet.pay_out(order)).verdict is P
        paid = read_payout((await world.listener.hear(path))[0].raw)
        assert (paid.verdict, paid.amount) == (S, order.amount)
        assert (await wallet.balance(f"{world.listener_url}/in/balance")).amount is None
        raw = (await world.listener.hear("/in/balance"))[0].raw
    held = told(read_balances(raw), read_balance(raw))
    assert held
    assert held.utility
    assert held.utility.minor <= 100_000_000 - order.amount.minor
