"""The page an escrow's customer opens: without a key, a script or an account."""

import re
from typing import Any

import httpx
import pytest

from tests.api.escrow_world import Keeper


@pytest.fixture
def keeper(world: Any) -> Keeper:
    """A merchant with escrows."""
    return Keeper(world)


class Customer:
    """A browser with the link of one escrow."""

    def __init__(self, world: Any, escrow: dict[str, Any]) -> None:
        self._http: httpx.AsyncClient = world.client()
        self.link = f"/e/{escrow['confirm_url'].rpartition('/e/')[2]}"

    async def looks(self, language: str = "en") -> httpx.Response:
        headers = {"accept-language": language}
        return await self._http.get(f"{self.link}/page", headers=headers)

    async def says(self, word: str, reason: str = "", form: str = "") -> httpx.Response:
        found = re.search(r'name="form" value="([0-9a-f]+)"', (await self.looks()).text)
        given = form or (found.group(1) if found else "")
        fields = {"form": given, "word": word, "reason": reason}
        return await self._http.post(f"{self.link}/page", data=fields)

    async def opens(self) -> httpx.Response:
        return await self._http.get(self.link, headers={"accept": "text/html,*/*"})


async def test_a_browser_is_shown_the_page_and_a_program_the_object(
    world: Any, keeper: Keeper
) -> None:
    customer = Customer(world, await keeper.funded())
    opened = await customer.opens()
    assert (opened.status_code, opened.headers["location"]) == (303, f"{customer.link}/page")
    assert (await world.client().get(customer.link)).json()["object"] == "escrow"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "I have what I ordered"), ("fr", "commande"), ("sw", "Nimepokea nilichoagiza")],
)
async def test_the_page_speaks_its_readers_language(
    world: Any, keeper: Keeper, language: str, words: str
) -> None:
    told = await Customer(world, await keeper.funded()).looks(language)
    assert words in told.text
    assert f'<html lang="{language}">' in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]


async def test_the_customer_confirms_on_the_page_without_a_script(
    world: Any, keeper: Keeper
) -> None:
    escrow = await keeper.funded()
    customer = Customer(world, escrow)
    said = await customer.says("confirm")
    assert (said.status_code, said.headers["location"]) == (303, f"{customer.link}/page")
    assert keeper.parts(escrow["id"]) == [("release", 100_000, "customer")]
    assert "Nothing is kept for this order any more" in (await customer.looks()).text


async def test_the_customer_complains_on_the_page(world: Any, keeper: Keeper) -> None:
    escrow = await keeper.funded()
    customer = Customer(world, escrow)
    assert (await customer.says("dispute", "two bags are missing")).status_code == 303
    assert "We know that something is wrong" in (await customer.looks()).text
    assert keeper.taken(escrow["id"]) == 0


@pytest.mark.parametrize(
    ("word", "reason", "form"),
    [("confirm", "", "0" * 32), ("dispute", "", ""), ("anything", "", "")],
)
async def test_what_the_page_does_not_offer_changes_nothing(
    world: Any, keeper: Keeper, word: str, reason: str, form: str
) -> None:
    escrow = await keeper.funded()
    said = await Customer(world, escrow).says(word, reason, form)
    assert said.status_code == 409
    assert keeper.parts(escrow["id"]) == []


async def test_where_only_proof_releases_the_page_offers_no_confirmation(
    world: Any, keeper: Keeper
) -> None:
    escrow = await keeper.funded()
    world.sql(
        "update sagas set data = data || '{\"on_confirmation\": false}' where id = %s",
        keeper.id(escrow["id"]),
    )
    told = (await Customer(world, escrow).looks()).text
    assert "I have what I ordered" not in told
    assert "Stop the money" in told


async def test_an_unpaid_order_is_told_as_such(world: Any, keeper: Keeper) -> None:
    told = await Customer(world, await keeper.made()).looks()
    assert "This order is not paid yet" in told.text
