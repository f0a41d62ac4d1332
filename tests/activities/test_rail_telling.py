"""Every organisation with an endpoint hears of a rail once per change, in order."""

from activities.rail_telling import RailTelling
from models import ids
from runtime.database import Database
from tests.activities.rails_world import Rails

_CHANGE = """
insert into rail_changes (id, provider, country, operation, from_state, to_state, reason)
values (%s, 'mpesa', 'KE', 'collect', %s, %s, 'calls without an answer')"""


def change(rails: Rails, old: str, new: str) -> None:
    rails.sql(_CHANGE, ids.uuid7(), old, new)


async def test_who_listens_is_told_of_an_outage_and_of_the_recovery(
    rails: Rails, database: Database
) -> None:
    org = rails.listener("*")
    change(rails, "up", "open")
    change(rails, "half_open", "up")
    assert await RailTelling(database).tell() == 2
    told = rails.told()
    assert [one[:3] for one in told] == [
        (org, "provider.outage", 1),
        (org, "provider.recovered", 2),
    ]
    shown = told[0][3]
    assert (shown["id"], shown["country"], shown["health"]) == ("mpesa", "KE", "open")


async def test_each_organisation_is_told_once_however_often_we_begin_again(
    rails: Rails, database: Database
) -> None:
    orgs = sorted(rails.listener("provider.outage") for _ in range(5))
    rails.listener("payment.succeeded")
    rails.listener("*", state="disabled")
    change(rails, "degraded", "maintenance")
    telling = RailTelling(database, batch=2)
    written = [await telling.tell() for _ in range(2)]
    assert (written, [one[0] for one in rails.told()]) == ([5, 0], orgs)


async def test_a_batch_cut_short_goes_on_where_it_stopped(rails: Rails, database: Database) -> None:
    orgs = sorted(rails.listener("*") for _ in range(3))
    change(rails, "up", "open")
    rails.sql("update rail_changes set told_after = %s", orgs[0])
    await RailTelling(database).tell()
    assert [one[0] for one in rails.told()] == orgs[1:]


async def test_the_delivery_is_made_with_the_event(rails: Rails, database: Database) -> None:
    org = rails.listener("*", livemode=True)
    change(rails, "up", "degraded")
    await RailTelling(database).tell()
    assert rails.sql("select org_id, livemode, state from deliveries") == [(org, True, "pending")]
