"""Our wallets against the simulators on real sockets; their money books are the witness."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest
import pytest_asyncio

from models.ids import INSTRUCTION, mint
from models.money import Money
from models.money_out import PayoutOrder
from models.reading import Verdict
from providers.orange_cm.notices import read_notification
from simulators.settings import Settings
from tests.providers.sheets import momo
from tests.providers.wallets import PEERS, momo_wallet, orange_cm_wallet, sent, until
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
AIRTEL = [
    ("00", S, S), ("01", R, R), ("07", R, R), ("08", R, R), ("09", P, P), ("20", None, S),
    ("21", None, U), ("22", None, S), ("23", None, S), ("26", U, S), ("27", R, U), ("30", U, S),
    ("31", U, S), ("33", R, U), ("42", S, S),
]  # fmt: skip
CAMTEL = [
    ("00", P, S), ("01", P, R), ("03", P, R), ("07", P, R), ("09", P, P), ("10", P, S),
    ("13", P, S), ("16", P, S), ("20", None, S), ("21", None, U), ("22", None, S),
    ("23", None, S), ("26", U, S), ("27", R, U), ("29", P, S), ("30", U, S), ("33", R, U),
    ("42", P, S),
]  # fmt: skip
WAVE = [
    ("00", P, S), ("01", P, R), ("07", P, R), ("08", P, R), ("09", P, P), ("20", None, S),
    ("21", None, U), ("22", None, S), ("23", None, S), ("24", P, S), ("26", U, S), ("27", R, U),
    ("30", U, S), ("31", U, S), ("33", R, U), ("42", P, S),
]  # fmt: skip
#: Asked by its token alone: refused before acting, there is none.
ORANGE_CM = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("03", R, R), ("05", P, R), ("07", P, R),
    ("08", P, R), ("09", P, P), ("10", P, S), ("12", P, S), ("13", P, S), ("15", P, S),
    ("16", P, S), ("17", P, R), ("20", None, S), ("21", None, U), ("22", None, S),
    ("23", None, S), ("24", P, S), ("25", U, U), ("26", U, S), ("27", R, U), ("28", R, U),
    ("29", P, S), ("30", U, S), ("31", U, S), ("32", P, S), ("33", R, U), ("42", P, S),
]  # fmt: skip
CASES = [
    *[("momo", *case) for case in MOMO],
    *[("wave", *case) for case in WAVE],
    *[("orange_cm", *case) for case in ORANGE_CM],
    *[("airtel", *case) for case in AIRTEL],
    *[("camtel", *case) for case in CAMTEL],
]
#: Orange takes the same order under two tokens and pays both: nothing is sent again there.
KNOWS_REPEATS = ("airtel", "camtel", "momo", "wave")
RETRYABLE = {"27", "28"}


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
        verdict, retryable, handle = await sent(wallet.pay_out(order))
        assert verdict is first
        assert retryable is (digits in RETRYABLE)
        order = replace(order, provider_reference=handle)
        assert await until(lambda: wallet.ask_payout(order), last) is last
    assert await left(world, rail, peer.named(order.id)) == (1000 if last is S else 0)


@pytest.mark.parametrize("rail", KNOWS_REPEATS)
async def test_the_same_payout_sent_twice_leaves_once(world: World, rail: str) -> None:
    peer, order = PEERS[rail], an_order(world, rail, "00")
    async with aclosing(peer.wallet(world)) as wallet:
        await wallet.pay_out(order)
        again = await wallet.pay_out(order)
        assert again.verdict in {P, S, U}
        assert await until(lambda: wallet.ask_payout(order), S) is S
    assert await left(world, rail, peer.named(order.id)) == 1000


@pytest.mark.parametrize("rail", KNOWS_REPEATS)
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


@pytest.mark.parametrize(("digits", "active", "matches"), [("00", True, True), ("07", False, None)])
async def test_the_holder_is_told_before_money_leaves(
    world: World, digits: str, active: bool, matches: bool | None
) -> None:
    async with aclosing(momo_wallet(world)) as wallet:
        holder = await wallet.holder(an_order(world, "momo", digits))
    assert (holder.active, holder.matches) == (active, matches)


async def test_orange_is_told_by_a_notification_that_names_the_token(world: World) -> None:
    order = an_order(world, "orange_cm", "00")
    async with aclosing(orange_cm_wallet(world)) as wallet:
        said = await wallet.pay_out(order)
        (heard,) = await world.listener.hear(f"/in/{order.id}")
        assert read_notification(heard.raw).provider_reference == said.provider_reference
        holder = await wallet.holder(order)
        nobody = await wallet.holder(an_order(world, "orange_cm", "07"))
    assert (holder.active, holder.matches, nobody.active) == (True, True, None)


async def test_a_second_cash_in_under_one_token_is_refused(world: World) -> None:
    order = an_order(world, "orange_cm", "00")
    async with aclosing(orange_cm_wallet(world)) as wallet:
        said = await wallet.pay_out(order)
        again = await wallet.pay_out(replace(order, provider_reference=said.provider_reference))
    assert again.verdict is R
    assert await left(world, "orange_cm", order.id) in {0, 1000}
