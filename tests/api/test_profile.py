"""Who a merchant is to its payers, and how it knows that a payer's return was signed by us."""

from typing import Any

from models.return_address import is_ours
from tests.api.page_world import Browser, session

PROFILE = {
    "name": "Duka la Amina",
    "complaint_phone": "+254 711 000 111",
    "languages": ["sw", "en"],
}


async def test_a_profile_is_what_payers_read_in_its_first_language(world: Any) -> None:
    kept = await world.http.put("/v1/profile", json=PROFILE)
    assert kept.json()["name"] == "Duka la Amina"
    made = await world.created()
    page = await Browser(world, language="de").open(made["url"])
    assert page.heading == "Malipo yako"
    assert "Maswali? Duka la Amina: +254 711 000 111" in page.text
    assert "Français" not in page.text


async def test_a_merchant_without_a_profile_is_its_name(world: Any) -> None:
    told = (await world.http.get("/v1/profile")).json()
    assert (told["name"], told["complaint_phone"]) == ("Acme", None)
    assert told["languages"] == ["en", "fr", "sw"]


async def test_a_profile_names_a_way_to_complain(world: Any) -> None:
    refused = await world.http.put("/v1/profile", json={"name": "Duka"})
    wrong = await world.http.put("/v1/profile", json={"name": "Duka", "complaint_email": "x"})
    script = {"name": "Duka", "complaint_url": "javascript:alert(1)"}
    no_page = await world.http.put("/v1/profile", json=script)
    assert [one.json()["param"] for one in (refused, wrong, no_page)] == [
        "/complaint_phone",
        "/complaint_email",
        "/complaint_url",
    ]


async def test_a_return_is_signed_with_the_merchants_key_until_it_takes_another(world: Any) -> None:
    first = (await world.http.get("/v1/profile/return_secret")).json()
    _made, browser, page = await session(world, cancel_url="https://shop.example/b?x=1")
    link = (await browser.send(page, form=1)).links["Back to Acme"]
    assert is_ours(link, first["secret"])
    headers = {"idempotency-key": "k1"}
    second = (await world.http.post("/v1/profile/return_secret", headers=headers)).json()
    again = (await world.http.post("/v1/profile/return_secret", headers=headers)).json()
    assert again == second
    assert second["number"] == 2
    assert not is_ours(link, second["secret"])
    assert is_ours((await browser.open(browser.at)).links["Back to Acme"], second["secret"])


async def test_the_other_mode_and_the_other_merchant_have_other_keys(world: Any) -> None:
    keys = [world.make_key(livemode=True), world.make_key(world.make_org())]
    secrets = {
        (await world.client(key).get("/v1/profile/return_secret")).json()["secret"] for key in keys
    }
    own = (await world.http.get("/v1/profile/return_secret")).json()["secret"]
    assert len(secrets | {own}) == 3
