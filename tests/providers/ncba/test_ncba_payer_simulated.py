"""Payments to other banks through the simulated one; the bank's book is the witness."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from models.ids import INSTRUCTION, mint
from models.money_out import BankPayoutOrder, BankRail
from models.reading import Reading, Reason, Verdict
from providers.ncba.amounts import bank_day
from providers.ncba.callbacks import read_callback
from providers.ncba.keys import NcbaKeys
from providers.ncba.payer import NcbaPayer
from simulators.settings import Settings
from tests.providers.sheets.ncba import BY_RTGS, ORDER
from tests.providers.wallets import readable, until
from tests.simulators.bank_peer import POOL, Bank
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
EFT = replace(ORDER, rail=BankRail.EFT)
# Last digits of the beneficiary's account, what sending says (None: nothing readable came back),
# what our statement ends with.
PESALINK = [
    ("00", S, S), ("03", R, U), ("07", R, U), ("20", None, S), ("21", None, U), ("23", None, S),
    ("26", U, S), ("27", R, U), ("30", U, S), ("31", U, S), ("33", R, U), ("90", S, R),
]  # fmt: skip
LATER = [
    ("00", P, S), ("01", P, R), ("10", P, S), ("20", None, S), ("26", U, S),
    ("31", U, S), ("90", P, R),
]  # fmt: skip
CASES = [
    *[(ORDER, *case) for case in PESALINK],
    *[(EFT, *case) for case in LATER],
    *[(BY_RTGS, *case) for case in LATER],
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def payer(world: World) -> AsyncIterator[NcbaPayer]:
    keys = NcbaKeys(
        base_url=f"{world.base}/ncba/test/apigateway",
        user_id="sim-bank-user",
        password="sim-bank-password",
        subscription_key="sim-bank-key",
    )
    async with aclosing(NcbaPayer(keys, POOL)) as opened:
        yield opened


def to(order: BankPayoutOrder, digits: str) -> BankPayoutOrder:
    """The order under a new id, to the account that ends in `digits`."""
    today = bank_day(datetime.now(UTC))
    return replace(order, id=mint(INSTRUCTION), account=f"9990000000{digits}", on=today)


async def left(world: World, order: BankPayoutOrder) -> int:
    """What our account is short of for this order, in cents."""
    lines = (await world.book("ncba"))["lines"]
    return -sum(int(line["minor"]) for line in lines if line["cause"] == order.id)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0].rail}-{case[1]}")
async def test_what_we_read_of_a_payment_is_what_the_banks_book_says(
    world: World,
    payer: NcbaPayer,
    case: tuple[BankPayoutOrder, str, Verdict | None, Verdict],
) -> None:
    order, digits, first, last = case
    order = to(order, digits)
    said: Reading | None = await readable(payer.pay_bank(order))
    assert (said.verdict if said else None) is first
    assert await until(lambda: payer.ask_bank_payout(order), last) is last
    assert await left(world, order) == (150_000 if last is S else 0)


@pytest.mark.parametrize("order", [EFT, BY_RTGS], ids=["eft", "rtgs"])
async def test_a_bounce_is_called_back_and_stays_on_the_statement(
    world: World, payer: NcbaPayer, order: BankPayoutOrder
) -> None:
    order, path = to(order, "90"), f"/in/{order.rail}"
    await Bank(world).order("register", account=POOL, callback_url=world.listener_url + path)
    await payer.pay_bank(order)
    heard = [read_callback(one.raw) for one in await world.listener.hear(path, 2)]
    assert [(one.verdict, one.reason) for one in heard] == [(S, None), (R, Reason.REVERSED)]
    assert {one.our_reference for one in heard} == {order.id}
    assert (await payer.ask_bank_payout(order)).reason is Reason.REVERSED


async def test_a_repeat_would_pay_twice_and_the_statement_shows_it(
    world: World, payer: NcbaPayer
) -> None:
    order = to(ORDER, "00")
    await asyncio.gather(payer.pay_bank(order), payer.pay_bank(order))
    assert await left(world, order) == 2 * 150_000


@pytest.mark.parametrize(("digits", "there"), [("00", True), ("07", False)])
async def test_an_account_is_asked_for_before_money_leaves(
    payer: NcbaPayer, digits: str, there: bool
) -> None:
    assert (await payer.bank_holder(to(ORDER, digits))).active is there
