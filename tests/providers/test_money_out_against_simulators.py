"""Our wallets against the simulators on real sockets; their money books are the witness."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from models.ids import ATTEMPT, INSTRUCTION, mint, momo_reference
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.reading import Reading, Verdict
from providers.contract import Ambiguous, Collects
from providers.momo.client import MomoClient
from providers.momo.settings import MomoSettings
from providers.momo.wallet import MomoWallet, opened
from providers.wave.settings import WaveSettings
from providers.wave.wallet import WaveWallet
from simulators.settings import Settings
from tests.providers.sheets import momo, wave
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
# Last digits of the payee's number (docs/simulators.md), what sending says (None: nothing
# readable came back), what asking ends with.
MOMO = [
    ("00", P, S), ("01", P, R), ("03", P, R), ("07", P, R), ("08", P, R), ("09", P, P),
    ("10", P, S), ("12", P, S), ("13", P, S), ("15", P, S), ("16", P, S), ("17", P, R),
    ("20", None, S), ("21", None, U), ("22", None, S), ("23", None, S), ("24", P, S),
    ("25", U, U), ("26", U, S), ("27", R, U), ("28", R, U), ("29", P, S), ("30", P, S),
    ("31", U, S), ("32", P, S), ("33", R, U), ("42", P, S),
]  # fmt: skip
WAVE = [
    ("00", P, S), ("01", P, R), ("07", P, R), ("08", P, R), ("09", P, P), ("20", None, S),
    ("21", None, U), ("22", None, S), ("23", None, S), ("24", P, S), ("26", U, S), ("27", R, U),
    ("30", U, S), ("31", U, S), ("33", R, U), ("42", P, S),
]  # fmt: skip
CASES = [*[("momo", *case) for case in MOMO], *[("wave", *case) for case in WAVE]]
RETRYABLE = {"27", "28"}


def momo_settings(world: World) -> MomoSettings:
    """As the demo's own."""
    return MomoSettings(
        base_url=f"{world.base}/momo",
        subscription_key="sim-subscription-key",
        api_user="3fa85f64-5717-4562-b3fc-2c963f66afa6",
        api_key="sim-api-key",
        disbursement_subscription_key="sim-disbursement-key",
        disbursement_api_user="4fa85f64-5717-4562-b3fc-2c963f66afa7",
        disbursement_api_key="sim-disbursement-api-key",
        target_environment="mtncameroon",
    )


def momo_wallet(world: World) -> MomoWallet:
    """The wallet of those settings."""
    wallet = opened(momo_settings(world))
    assert wallet
    return wallet


def wave_wallet(world: World) -> WaveWallet:
    """As the demo's own."""
    return WaveWallet(WaveSettings(base_url=f"{world.base}/wave", api_key="sim-wave-key"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One rail: its client, a sample order, its magic numbers and how it names an order."""

    wallet: Callable[[World], Any]
    order: PayoutOrder
    numbers: str
    named: Callable[[str], str]


PEERS = {
    "momo": Peer(wallet=momo_wallet, order=momo.ORDER, numbers="2376700000", named=momo_reference),
    "wave": Peer(wallet=wave_wallet, order=wave.ORDER, numbers="2217700000", named=str),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """Simulators twenty times faster than by default."""
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


def an_order(world: World, rail: str, digits: str) -> PayoutOrder:
    """A payout to the number that ends in `digits`."""
    peer, instruction = PEERS[rail], mint(INSTRUCTION)
    return replace(
        peer.order,
        id=instruction,
        amount=Money(1000, peer.order.amount.currency),
        payee=peer.numbers + digits,
        result_url=f"{world.listener_url}/in/{instruction}",
    )


async def readable(call: Awaitable[Reading]) -> Reading | None:
    """What a call says; None when it left and nothing readable came back."""
    try:
        return await call
    except Ambiguous:
        return None


async def until(ask: Callable[[], Awaitable[Reading]], wanted: Verdict) -> Verdict | None:
    """Asks until the answer is `wanted`, half a minute at most; gives the last word."""
    said: Verdict | None = None
    try:
        async with asyncio.timeout(30):
            while said is not wanted:
                reading = await readable(ask())
                said = reading.verdict if reading else None
                await asyncio.sleep(0.02)
    except TimeoutError:
        return said
    return said


async def left(world: World, rail: str, named: str) -> int:
    """What left the wallet for good under that name, in minor units."""
    lines = (await world.book(rail))["payouts"]
    mine = [one for one in lines if one["reference"] == named and one["outcome"] == "paid"]
    return sum(int(one["amount_minor"]) for one in mine)


@pytest.mark.parametrize(("rail", "digits", "first", "last"), CASES)
async def test_what_we_read_of_a_payout_is_what_the_money_book_says(
    world: World, rail: str, digits: str, first: Verdict | None, last: Verdict
) -> None:
    peer, order = PEERS[rail], an_order(world, rail, digits)
    async with aclosing(peer.wallet(world)) as wallet:
        said = await readable(wallet.pay_out(order))
        assert (said.verdict if said else None) is first
        assert bool(said and said.retryable) is (digits in RETRYABLE)
        order = replace(order, provider_reference=said.provider_reference if said else None)
        assert await until(lambda: wallet.ask_payout(order), last) is last
    assert await left(world, rail, peer.named(order.id)) == (1000 if last is S else 0)


@pytest.mark.parametrize("rail", PEERS)
async def test_the_same_payout_sent_twice_leaves_once(world: World, rail: str) -> None:
    peer, order = PEERS[rail], an_order(world, rail, "00")
    async with aclosing(peer.wallet(world)) as wallet:
        await wallet.pay_out(order)
        again = await wallet.pay_out(order)
        assert again.verdict in {P, U}
        assert await until(lambda: wallet.ask_payout(order), S) is S
    assert await left(world, rail, peer.named(order.id)) == 1000


@pytest.mark.parametrize("rail", PEERS)
async def test_the_balance_falls_by_what_was_paid(world: World, rail: str) -> None:
    peer, order = PEERS[rail], an_order(world, rail, "00")
    async with aclosing(peer.wallet(world)) as wallet:
        before = (await wallet.balance()).amount
        await wallet.pay_out(order)
        assert await until(lambda: wallet.ask_payout(order), S) is S
        after = (await wallet.balance()).amount
    fee = 10 if rail == "wave" else 0
    assert before.minor - after.minor == 1000 + fee


async def test_an_empty_wallet_refuses(world: World) -> None:
    order = replace(an_order(world, "momo", "00"), amount=Money(999_000_000, "XAF"))
    async with aclosing(momo_wallet(world)) as wallet:
        assert (await wallet.pay_out(order)).verdict is P
        assert await until(lambda: wallet.ask_payout(order), R) is R


async def test_mtn_calls_back_about_a_transfer_and_the_answer_can_be_read(world: World) -> None:
    order = an_order(world, "momo", "00")
    async with aclosing(momo_wallet(world)) as wallet:
        await wallet.pay_out(order)
        (heard,) = await world.listener.hear(f"/in/{order.id}")
    said = momo.SHEET.provider.messages["callback"](heard.raw)
    assert (said.verdict, said.our_reference) == (S, order.id)
    assert said.amount == order.amount


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


@pytest.mark.parametrize(("digits", "active", "matches"), [("00", True, True), ("07", False, None)])
async def test_the_holder_is_told_before_money_leaves(
    world: World, digits: str, active: bool, matches: bool | None
) -> None:
    async with aclosing(momo_wallet(world)) as wallet:
        holder = await wallet.holder(an_order(world, "momo", digits))
    assert (holder.active, holder.matches) == (active, matches)
