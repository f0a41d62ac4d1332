"""Loan products over HTTP: synced, enabled within limits, and stopped when they change."""

from datetime import date
from typing import Any

import pytest

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import QuestionRefused, Unreachable
from tests.api.partner_world import Partner, a_product

PATH = "/v1/loan_products"
LIMITS = {"per_loan_limit": 100, "per_day_limit": 1_000, "per_client_day_limit": 200}


@pytest.fixture
def partner(world: Any) -> Partner:
    return Partner(world)


async def synced(partner: Partner, *products: Any) -> dict[str, Any]:
    if products:
        partner.lender.told = list(products)
    answer = await partner.http.post(f"{PATH}/sync")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def listed(partner: Partner) -> dict[int, dict[str, Any]]:
    data = (await partner.http.get(PATH)).json()["data"]
    return {product["product_id"]: product for product in data}


async def enabled(partner: Partner) -> dict[str, Any]:
    await synced(partner)
    product = (await listed(partner))[1]
    answer = await partner.http.patch(f"{PATH}/{product['id']}", json={"enabled": True, **LIMITS})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_sync_keeps_what_the_lender_says_and_enables_nothing(partner: Partner) -> None:
    assert (await synced(partner))["added"] == 2
    assert (await synced(partner))["added"] == 0
    products = await listed(partner)
    assert [product["in_use"] for product in products.values()] == [False, False]
    assert products[1]["terms"]["maximum"] == 5_000_000


async def test_a_product_is_enabled_only_with_all_its_limits(partner: Partner) -> None:
    await synced(partner)
    product = (await listed(partner))[1]
    lacking = await partner.http.patch(
        f"{PATH}/{product['id']}", json={"enabled": True, "per_loan_limit": 100}
    )
    assert (lacking.status_code, lacking.json()["param"]) == (400, "/per_day_limit")
    shown = await enabled(partner)
    assert (shown["in_use"], shown["per_day_limit"]) == (True, 1_000)
    assert set(await listed(partner)) == {1, 2}
    assert len((await partner.http.get(f"{PATH}?enabled=true")).json()["data"]) == 1


async def test_an_old_version_changes_nothing(partner: Partner) -> None:
    product = await enabled(partner)
    path = f"{PATH}/{product['id']}"
    tag = (await partner.http.get(path)).headers["etag"]
    first = await partner.http.patch(path, json={"per_loan_limit": 90}, headers={"if-match": tag})
    late = await partner.http.patch(path, json={"per_loan_limit": 80}, headers={"if-match": tag})
    assert (first.json()["per_loan_limit"], late.status_code) == (90, 412)


@pytest.mark.parametrize(
    "changed",
    [{"maximum": Money(9_000_000, "KES")}, {"multi_disburse": True}, {"currency": "UGX"}],
)
async def test_changed_terms_stop_the_product_until_they_are_confirmed(
    partner: Partner, changed: dict[str, Any]
) -> None:
    product = await enabled(partner)
    assert (await synced(partner, a_product(1, **changed), a_product(2)))["changed"] == 1
    shown = (await listed(partner))[1]
    assert (shown["state"], shown["enabled"], shown["in_use"]) == ("changed", True, False)
    assert (await synced(partner))["changed"] == 0
    events = (await partner.http.get("/v1/events?type=loan_product.changed")).json()["data"]
    assert [event["data"]["object"]["id"] for event in events] == [product["id"]]
    confirmed = await partner.http.patch(f"{PATH}/{product['id']}", json={"enabled": True})
    assert (confirmed.json()["state"], confirmed.json()["in_use"]) == ("open", True)


@pytest.mark.parametrize(
    "left", [[], [a_product(1, active=False)], [a_product(1, closes_on=date(2020, 1, 1))]]
)
async def test_a_closed_product_is_noticed_and_cannot_be_enabled(
    partner: Partner, left: list[Any]
) -> None:
    product = await enabled(partner)
    assert (await synced(partner, *left, a_product(2)))["closed"] == 1
    assert (await listed(partner))[1]["in_use"] is False
    answer = await partner.http.patch(f"{PATH}/{product['id']}", json={"enabled": True})
    assert answer.json()["code"] == "loan_product_closed"
    await synced(partner, a_product(1), a_product(2))
    assert (await listed(partner))[1]["state"] == "changed"


async def test_a_rename_stops_nothing(partner: Partner) -> None:
    await enabled(partner)
    await synced(partner, a_product(1, name="Boda boda"), a_product(2))
    shown = (await listed(partner))[1]
    assert (shown["name"], shown["in_use"]) == ("Boda boda", True)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unreachable("away"), 502, "partner_system_silent"),
        (
            QuestionRefused("no", Reading(verdict=Verdict.UNKNOWN, reason=Reason.CREDENTIALS)),
            502,
            "partner_system_refuses",
        ),
    ],
)
async def test_a_lender_that_does_not_tell_changes_nothing(
    partner: Partner, error: Exception, status: int, code: str
) -> None:
    await enabled(partner)
    partner.lender.told = error
    answer = await partner.http.post(f"{PATH}/sync")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await listed(partner))[1]["in_use"] is True


async def test_without_a_valid_credential_nobody_is_asked(partner: Partner) -> None:
    partner.world.parts.partners.lender = None
    answer = await partner.http.post(f"{PATH}/sync")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_valid_credential")


async def test_another_partner_sees_no_product(partner: Partner) -> None:
    product = await enabled(partner)
    other = Partner(partner.world)
    assert (await other.http.get(PATH)).json()["data"] == []
    assert (await other.http.get(f"{PATH}/{product['id']}")).status_code == 404
