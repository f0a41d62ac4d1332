"""What a run that was terminated left reserved is given back; what goes on keeps its own."""

import pytest

from activities.float_gates import FloatGates
from activities.float_leftovers import FloatLeftovers
from models.float_gate import FloatAsk, Gate
from models.money import Money
from models.payout_order import PayoutOrder, instruction
from models.places import ProviderWallet
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.float_lanes import Lane
from tests.activities.payout_world import AMOUNT, PayoutWorld, uuid_of
from tests.conftest import Urls


class Left:
    """A payout, and what it has reserved of a float of its own."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.world, self.lane = PayoutWorld(urls, database, vault), Lane(urls, database)
        self.gates = FloatGates(database)
        self.leftovers = FloatLeftovers(database, self.gates)

    async def reserved(self, state: str, *, ended: str = "10 min", asked: str = "10 min") -> None:
        """One whose row stands there for so long, and that asked so long ago."""
        await self.lane.moved(40_000)
        await self.world.owed(40_000)
        self.order: PayoutOrder = await self.world.order()
        assert (await self.asks()) is Gate.GRANTED
        self.world.read(
            "update sagas set state = %s, updated_at = now() - %s::interval where id = %s"
            " returning 1",
            *[state, ended, uuid_of(self.order)],
        )
        self.world.read(
            "update float_reservations set asked_at = now() - %s::interval where saga_id = %s"
            " returning 1",
            *[asked, self.order.saga.id],
        )

    async def asks(self) -> Gate:
        place = ProviderWallet(provider="wave", wallet=self.lane.place.wallet)
        ask = FloatAsk(id=instruction(self.order), saga=self.order.saga, place=place, amount=AMOUNT)
        return (await self.gates.reserve(ask)).gate


@pytest.fixture
def left(urls: Urls, database: Database, vault: Vault) -> Left:
    return Left(urls, database, vault)


@pytest.mark.parametrize("state", ["failed", "canceled", "paid"])
async def test_what_a_payout_that_has_ended_left_reserved_is_ended(left: Left, state: str) -> None:
    await left.reserved(state)
    assert await left.leftovers.round() >= 1
    assert (left.lane.reserved, await left.asks()) == (0, Gate.ENDED)


@pytest.mark.parametrize(
    ("state", "ended", "asked"),
    [
        ("queued", "10 min", "10 min"),
        ("unknown", "10 min", "10 min"),
        ("failed", "1 min", "10 min"),
        ("failed", "10 min", "1 min"),
    ],
)
async def test_what_goes_on_or_has_just_ended_keeps_its_own(
    left: Left, state: str, ended: str, asked: str
) -> None:
    await left.reserved(state, ended=ended, asked=asked)
    await left.leftovers.round()
    assert (left.lane.reserved, await left.asks()) == (AMOUNT.minor, Gate.GRANTED)


async def test_one_that_nobody_waits_with_any_more_does_not_stand_before_others(left: Left) -> None:
    await left.reserved("failed")
    left.lane.read("update float_reservations set state = 'waiting' where saga_id = %s returning 1",
                   left.order.saga.id)  # fmt: skip
    left.lane.read("update floats set reserved = 0 where wallet = %s returning 1",
                   left.lane.place.wallet)  # fmt: skip
    assert (await left.lane.reserve("next", 30_000)).gate is Gate.SHORT
    await left.leftovers.round()
    assert (await left.lane.reserve("next", 30_000)).gate is Gate.GRANTED
    assert left.lane.reserved == Money(30_000, "KES").minor
