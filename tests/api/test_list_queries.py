"""What is asked of lists: every parameter of every list route, as the API describes itself."""

import re
from typing import Any

import pytest
from httpx import Response

from api.description import described
from api.keys import OPERATOR, TREASURY
from models import ids
from models.ids import PLATFORM_ORG
from tests.api.test_authorisation import TABLE

#: Where a page begins and how long it is; test_reading.py holds them.
PAGING = {"limit", "cursor", "starting_after", "ending_before"}
#: Words of the caller's own: any text may be one.
FREE = {"reference", "to"}
NONSENSE = "nonsense zz"


async def asked(world: Any, path: str, **query: str) -> Response:
    scope = TABLE["GET", path][0]
    home = PLATFORM_ORG if scope in {OPERATOR, TREASURY} else world.org
    client = world.client(world.make_key(home, scopes=(scope,)))
    answer: Response = await client.get(re.sub(r"{\w+}", "x", path), params=query)
    return answer


def lists(world: Any) -> dict[str, list[dict[str, Any]]]:
    """The query parameters of each route that answers a page."""
    found = {}
    for path, methods in described(world.app)["paths"].items():
        asked = [
            one for one in methods.get("get", {}).get("parameters", ()) if one["in"] == "query"
        ]
        if any(one["name"] == "limit" for one in asked) or path == "/v1/reports/messages":
            found[path] = [one for one in asked if one["name"] not in PAGING]
    return found


def words_of(world: Any, parameter: dict[str, Any]) -> list[str]:
    """The closed set a parameter is one of; empty for numbers, times and ids."""
    schemas = described(world.app)["components"]["schemas"]
    for shape in parameter["schema"].get("anyOf", [parameter["schema"]]):
        named = schemas[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
        if "enum" in named:
            return list(named["enum"])
    return []


async def test_what_cannot_exist_is_refused_by_every_filter_of_every_list(world: Any) -> None:
    wrong = {}
    for path, parameters in lists(world).items():
        for name in {one["name"] for one in parameters} - FREE:
            answer = await asked(world, path, **{name: NONSENSE})
            told = answer.json().get("param"), answer.headers["content-type"]
            if (answer.status_code, *told) != (400, f"query/{name}", "application/problem+json"):
                wrong[path, name] = (answer.status_code, *told)
    assert wrong == {}


async def test_every_closed_filter_names_what_it_takes(world: Any) -> None:
    silent, named = [], 0
    for path, parameters in lists(world).items():
        for one in parameters:
            words = words_of(world, one)
            answer = await asked(world, path, **{one["name"]: NONSENSE})
            silent += [(path, one["name"], word) for word in words if word not in answer.text]
            named += bool(words)
    assert silent == []
    assert named > 15


async def test_a_parameter_nothing_reads_is_refused_and_not_passed_over(world: Any) -> None:
    passed_over = {}
    for path in [path for method, path in TABLE if method == "GET" and path.startswith("/v1/")]:
        answer = await asked(world, path, kind="zz")
        if (answer.status_code, answer.json().get("param")) != (400, "query/kind"):
            passed_over[path] = answer.status_code
    assert passed_over == {}


async def test_pages_and_callbacks_take_what_links_to_them_add(world: Any) -> None:
    answer = await world.client().get("/status", params={"utm_source": "mail"})
    assert answer.status_code == 200


async def test_the_names_a_list_takes_are_told(world: Any) -> None:
    answer = await world.http.get("/v1/checkouts", params={"currency": "zz", "status": "open"})
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "query/currency"
    for name in ("status", "reference", "created_after", "cursor"):
        assert name in error["detail"]


@pytest.mark.parametrize("text", [ids.mint(ids.CHECKOUT), "pay_1", "zz"])
async def test_a_filter_by_id_takes_ids_of_its_kind_only(world: Any, text: str) -> None:
    answer = await world.http.get("/v1/refunds", params={"payment": text})
    assert (answer.status_code, answer.json()["param"]) == (400, "query/payment")
    assert "pay_…" in answer.json()["detail"]


async def test_events_are_found_by_whatever_object_they_are_about(world: Any) -> None:
    made = await world.created()
    for kind in (ids.PAYOUT, ids.REFUND, ids.ESCROW, ids.LOAN, ids.CREDENTIAL):
        answer = await world.http.get("/v1/events", params={"object": ids.mint(kind)})
        assert (answer.status_code, answer.json()["data"]) == (200, [])
    about = {"object": made["payment"]["id"], "type": "payment.created"}
    assert len((await world.http.get("/v1/events", params=about)).json()["data"]) == 1
