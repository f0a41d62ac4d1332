"""The address a lender's Mifos X tells us at: it opens the door, and it is the partner's alone."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.partner_world import Partner

PATH = "/v1/credentials/mifos/hook"
HINT = {"entityName": "LOAN", "actionName": "APPROVE", "body": {"loanId": 7}}


@pytest.fixture
def partner(world: Any) -> Partner:
    return Partner(world)


async def test_what_is_told_at_the_address_is_kept_as_a_hint_of_this_partner(
    partner: Partner,
) -> None:
    await partner.enters("mifos")
    told = (await partner.http.get(PATH)).json()
    path = urlsplit(told["url"]).path
    answered = await partner.world.client("").post(path, json=HINT)
    assert (answered.status_code, answered.json()) == (200, {"received": True})
    kept = partner.world.sql("select org_id, kind, slug from inbox where slug = 'mf1'")
    assert [tuple(row) for row in kept] == [(partner.org, "arrival", "mf1")]


async def test_a_changed_letter_of_the_address_opens_nothing(partner: Partner) -> None:
    await partner.enters("mifos")
    path = urlsplit((await partner.http.get(PATH)).json()["url"]).path
    guessed = path[:-2] + ("0/" if path[-2] != "0" else "1/")
    assert (await partner.world.client("").post(guessed, json=HINT)).status_code == 401


async def test_mifos_x_may_ask_whether_somebody_is_there(partner: Partner) -> None:
    await partner.enters("mifos")
    path = urlsplit((await partner.http.get(PATH)).json()["url"]).path
    assert path.endswith("/")
    assert (await partner.world.client("").get(path)).status_code == 200


async def test_without_a_lender_there_is_no_address(partner: Partner) -> None:
    assert (await partner.http.get(PATH)).status_code == 404
