"""Who may be sent on a rail, and who waits: seen by every process alike."""

import pytest

from activities.rail_gates import RailGates, Turn
from models import ids
from models.rail_health import Operation, RailState
from runtime.database import Database
from runtime.rail_health import RailHealth
from tests.activities.rails_world import Rails
from tests.conftest import Urls

ORG = ids.mint(ids.ORG)


@pytest.fixture
def health(database: Database) -> RailHealth:
    """Of one process, which looks every time."""
    return RailHealth(database, believed=0.0)


def turn(number: int = 1, provider: str = "mpesa") -> Turn:
    waits_as = ids.instruction_id("po_1", provider, number)
    return Turn(
        org_id=ORG,
        livemode=False,
        waits_as=waits_as,
        workflow_id=f"po_{number}",
        provider=provider,
        operation=Operation.COLLECT,
    )


async def test_a_rail_nobody_knows_of_is_up(rails: Rails, health: RailHealth) -> None:
    assert await health.of("mpesa") is RailState.UP
    assert rails.waiting() == []


async def test_the_worst_country_speaks_for_a_provider(rails: Rails, health: RailHealth) -> None:
    rails.stand("airtel", "up", country="KE")
    rails.stand("airtel", "open", country="UG")
    assert await health.of("airtel") is RailState.OPEN
    assert await health.of("airtel", Operation.PAYOUT) is RailState.UP


@pytest.mark.parametrize("state", ["open", "maintenance"])
async def test_what_comes_while_a_rail_is_down_waits_once_and_in_order(
    rails: Rails, health: RailHealth, database: Database, state: str
) -> None:
    rails.stand("mpesa", state)
    gates = RailGates(database, health)
    sent = [await gates.turn(turn(number)) for number in (1, 2, 1)]
    assert (sent, rails.waiting()) == ([False] * 3, ["po_1", "po_2"])


@pytest.mark.parametrize("state", ["up", "degraded"])
async def test_a_rail_that_carries_lets_everything_through(
    rails: Rails, health: RailHealth, database: Database, state: str
) -> None:
    rails.stand("mpesa", state)
    assert await RailGates(database, health).turn(turn())
    assert rails.waiting() == []


async def test_half_open_all_processes_together_let_through_the_few_trials(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "half_open", trials=2)
    processes = [RailGates(database, RailHealth(database)) for _ in range(4)]
    sent = [await gates.turn(turn(number)) for number, gates in enumerate(processes)]
    assert (sent, rails.waiting()) == ([True, True, False, False], ["po_2", "po_3"])


async def test_half_open_whose_turn_has_come_is_let_through_without_a_trial(
    rails: Rails, health: RailHealth, database: Database
) -> None:
    gates = RailGates(database, health)
    rails.stand("mpesa", "half_open")
    await gates.turn(turn())
    rails.sql("update rail_queue set freed_at = now()")
    assert await gates.turn(turn())
    assert rails.waiting() == []


async def test_a_turn_whose_answer_was_lost_is_not_lost_with_it_but_ends(
    rails: Rails, health: RailHealth, database: Database
) -> None:
    gates = RailGates(database, health)
    rails.stand("mpesa", "half_open")
    await gates.turn(turn())
    rails.sql("update rail_queue set freed_at = now()")
    assert [await gates.turn(turn()) for _ in range(2)] == [True, True]
    rails.sql("update rail_queue set freed_at = now() - interval '121 s'")
    assert not await gates.turn(turn())
    assert rails.waiting() == ["po_1"]


async def test_whose_turn_has_come_waits_on_when_the_rail_is_down_again(
    rails: Rails, health: RailHealth, database: Database
) -> None:
    gates = RailGates(database, health)
    rails.stand("mpesa", "open")
    await gates.turn(turn())
    rails.sql("update rail_queue set freed_at = now()")
    assert not await gates.turn(turn())
    assert rails.waiting() == ["po_1"]


async def test_who_is_canceled_waits_no_more(
    rails: Rails, health: RailHealth, database: Database
) -> None:
    rails.stand("mpesa", "open")
    gates = RailGates(database, health)
    await gates.turn(turn())
    await gates.leave(turn())
    assert rails.waiting() == []


async def test_a_look_is_believed_for_a_moment_and_what_was_known_outlives_the_database(
    rails: Rails, urls: Urls
) -> None:
    now = [0.0]
    database = Database(urls.app)
    await database.open()
    looks = RailHealth(database, clock=lambda: now[0])
    rails.stand("mpesa", "open")
    assert await looks.of("mpesa") is RailState.OPEN
    rails.stand("mpesa", "up")
    assert await looks.of("mpesa") is RailState.OPEN
    await database.close()
    now[0] = 2.0
    assert await looks.of("mpesa") is RailState.OPEN
