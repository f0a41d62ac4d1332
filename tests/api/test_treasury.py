"""The house's floats over HTTP, and what merchants see of the calendar."""

from typing import Any

import httpx
import pytest

from models import ids
from models.floats import FLOAT
from models.ids import PLATFORM_ORG
from tests.api.treasury_rows import HOUSE, RULE, treasurer

_FLOAT = """
insert into floats (id, org_id, livemode, kind, rail, wallet, currency, account, told, told_at,
  told_booked, told_reserved)
values (%s, %s, false, 'wallet', 'wave', %s, 'XOF', %s, 700, now(), 0, 0)"""


@pytest.fixture
def tess(world: Any) -> httpx.AsyncClient:
    client: httpx.AsyncClient = treasurer(world)
    return client


async def test_a_float_shows_what_is_booked_beside_what_its_holder_says(
    world: Any, tess: httpx.AsyncClient
) -> None:
    lane, wallet = ids.uuid7(), f"w{ids.uuid7().hex}"
    world.sql(_FLOAT, lane, PLATFORM_ORG, wallet, f"provider:wave:{wallet}:float")
    path = f"{HOUSE}/floats/{ids.shown(FLOAT, lane)}"
    changed = (await tess.put(path, json={"low_below": 500, "open": False})).json()
    listed = (await tess.get(f"{HOUSE}/floats")).json()["data"]
    assert changed in listed
    assert (changed["booked"], changed["told"], changed["difference"], changed["differs"]) == (
        0, 700, 700, True,
    )  # fmt: skip
    assert (changed["low"], changed["open"], changed["hours_left"]) == (True, False, None)


async def test_the_calendar_decides_what_a_merchant_sees_as_available(
    world: Any, tess: httpx.AsyncClient
) -> None:
    shop = world.client(world.make_key(scopes=("payouts:read",)))
    assert (await shop.get("/v1/balances")).json() == {"object": "list", "data": []}
    made = await tess.post(f"{HOUSE}/settlement_rules", json={**RULE, "rail": "mpesa"})
    again = await tess.post(f"{HOUSE}/settlement_rules", json={**RULE, "rail": "mpesa"})
    assert (made.status_code, again.status_code) == (201, 409)


@pytest.mark.parametrize(
    ("changes", "param"),
    [({"zone": "Mars/Olympus"}, "/zone"), ({"days": 31}, "/days"), ({"working_days": []}, None)],
)
async def test_a_rule_that_cannot_be_names_its_field(
    tess: httpx.AsyncClient, changes: dict[str, Any], param: str | None
) -> None:
    answer = await tess.post(f"{HOUSE}/settlement_rules", json={**RULE, **changes})
    assert answer.status_code == 400
    assert param is None or answer.json()["param"] == param


async def test_nobody_is_set_anything_who_is_not_there(tess: httpx.AsyncClient) -> None:
    nobody = ids.mint(ids.ORG)
    answer = await tess.put(f"{HOUSE}/cooling_off/{nobody}", json={"hours": 1})
    assert answer.status_code == 404


async def test_coverage_is_told_for_every_currency(tess: httpx.AsyncClient) -> None:
    answer = await tess.get(f"{HOUSE}/coverage")
    assert answer.json()["object"] == "coverage"
