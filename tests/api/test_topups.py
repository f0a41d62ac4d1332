"""Top-ups over HTTP: announced, rung for, seen, and never made twice."""

from typing import Any

import httpx
import pytest

from api.keys import WALLET_READ, WALLET_WRITE
from models import ids, topup

BY_BANK = {"amount": 5_000_000, "currency": "KES", "via": "bank"}
BY_PHONE = {"amount": 500_000, "currency": "KES", "via": "mobile_money", "phone": "0712 000 001"}


@pytest.fixture
def http(world: Any) -> httpx.AsyncClient:
    """A client of the organisation that may read and write its wallet."""
    client: httpx.AsyncClient = world.client(world.make_key(scopes=(WALLET_READ, WALLET_WRITE)))
    return client


async def top_up(http: httpx.AsyncClient, body: Any, key: str = "") -> httpx.Response:
    headers = {"idempotency-key": key or ids.mint("idem")}
    return await http.post("/v1/wallet/topups", json=body, headers=headers)


async def test_a_bank_top_up_says_where_to_pay_and_what_to_write(http: httpx.AsyncClient) -> None:
    answer = await top_up(http, BY_BANK)
    made = answer.json()
    assert answer.status_code == 201
    assert topup.REFERENCE.fullmatch(made["reference"])
    assert made["reference"] in made["instructions"]
    assert (made["status"], made["account"]) == ("awaiting_money", "77445")


async def test_a_live_key_is_not_shown_an_account_that_holds_no_real_money(world: Any) -> None:
    live = world.client(world.make_key(livemode=True, scopes=(WALLET_WRITE,)))
    answer = await top_up(live, BY_BANK)
    assert (answer.status_code, "other mode" in answer.text) == (503, True)


async def test_the_bank_account_is_not_offered_for_another_currency(
    http: httpx.AsyncClient,
) -> None:
    answer = await top_up(http, {**BY_BANK, "currency": "USD"})
    assert (answer.status_code, answer.json()["param"]) == (400, "/currency")


async def test_the_same_key_makes_one_top_up(world: Any, http: httpx.AsyncClient) -> None:
    first, second = await top_up(http, BY_BANK, "k-1"), await top_up(http, BY_BANK, "k-1")
    assert first.content == second.content
    assert world.count("sagas") == 1


async def test_a_top_up_by_phone_is_started_once_it_is_accepted(
    world: Any, http: httpx.AsyncClient
) -> None:
    made = (await top_up(http, BY_PHONE)).json()
    rows = world.sql("select kind from starts where id = %s", made["id"])
    assert rows == [("wallet-topup",)]


async def test_the_phone_of_a_top_up_is_nowhere_in_clear(
    world: Any, http: httpx.AsyncClient
) -> None:
    made = await top_up(http, BY_PHONE)
    rows = world.sql("select data::text from sagas where org_id = %s", world.org)
    assert "712000001" not in made.text
    assert all("712000001" not in row[0] for row in rows)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"phone": None}, "/phone"),
        ({"phone": "+237677000001"}, "/phone"),
        ({"amount": 1_050}, "/amount"),
        ({"currency": "XAF"}, "/currency"),
    ],
)
async def test_what_mobile_money_does_not_carry_is_refused_by_its_field(
    http: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    answer = await top_up(http, {**BY_PHONE, **changes})
    assert answer.status_code in {400, 422}
    assert pointer in answer.text


async def test_a_top_up_and_its_story_are_read_by_their_owner_only(
    world: Any, http: httpx.AsyncClient
) -> None:
    made = (await top_up(http, BY_BANK)).json()
    path = f"/v1/wallet/topups/{made['id']}"
    stranger = world.client(world.make_key(world.make_org(), scopes=(WALLET_READ,)))
    story = (await http.get(f"{path}/timeline")).json()
    assert (await http.get(path)).json() == made
    assert [item["kind"] for item in story["data"]] == ["transition", "event"]
    assert (await stranger.get(path)).status_code == 404


async def test_top_ups_are_listed_newest_first(http: httpx.AsyncClient) -> None:
    made = [(await top_up(http, BY_BANK)).json()["id"] for _ in range(3)]
    page = (await http.get("/v1/wallet/topups?limit=2")).json()
    assert [one["id"] for one in page["data"]] == made[:0:-1]
    assert page["has_more"] is True


async def test_while_the_phones_rail_is_down_the_bank_is_offered_and_nothing_is_made(
    world: Any, http: httpx.AsyncClient
) -> None:
    world.sql(
        "insert into rail_health (provider, country, operation, state)"
        " values ('mpesa', 'KE', 'collect', 'open')"
    )
    by_phone, by_bank = await top_up(http, BY_PHONE), await top_up(http, BY_BANK)
    problem = by_phone.json()
    assert (by_phone.status_code, problem["code"]) == (503, "method_down")
    assert (problem["alternatives"], by_bank.status_code) == (["bank"], 201)
    assert world.count("sagas") == 1
    world.sql("delete from rail_health")
