"""A partner chooses the languages its people and its clients are written to in."""

from typing import Any

import pytest

from tests.api.partner_world import Partner

PATH = "/v1/messages/languages"


@pytest.fixture
def partner(world: Any) -> Partner:
    return Partner(world)


async def test_english_is_written_until_another_language_is_chosen(partner: Partner) -> None:
    before = (await partner.http.get(PATH)).json()
    after = (await partner.http.put(PATH, json={"people": "sw", "clients": "fr"})).json()
    assert (before["people"], before["clients"]) == ("en", "en")
    assert (after["people"], after["clients"]) == ("sw", "fr")
    assert (await partner.http.get(PATH)).json() == after


async def test_clients_are_written_to_as_people_are_unless_said(partner: Partner) -> None:
    await partner.http.put(PATH, json={"people": "en", "clients": "fr"})
    shown = (await partner.http.put(PATH, json={"people": "sw"})).json()
    assert (shown["people"], shown["clients"]) == ("sw", "sw")


async def test_a_choice_is_the_partners_own(partner: Partner) -> None:
    await partner.http.put(PATH, json={"people": "sw"})
    assert (await Partner(partner.world).http.get(PATH)).json()["people"] == "en"


@pytest.mark.parametrize("wrong", [{}, {"people": "de"}, {"people": "en", "clients": "xx"}])
async def test_what_is_no_language_is_refused(partner: Partner, wrong: dict[str, str]) -> None:
    assert (await partner.http.put(PATH, json=wrong)).status_code == 400
