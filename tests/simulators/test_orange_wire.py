"""Orange Web Payment as Orange speaks it, quirks included."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from simulators.settings import Settings
from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACE = "/orange/orange-money-webpay/cm/v1"


class OrangePeer:
    """Speaks to Orange on behalf of a test."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.headers: dict[str, str] = {}

    async def token(self, secret: str = "sim-orange-secret") -> httpx.Response:
        """Fetch a token and carry it from now on."""
        answer = await self._world.http.post(
            "/orange/oauth/v3/token",
            data={"grant_type": "client_credentials"},
            auth=("sim-orange-client", secret),
        )
        if answer.status_code == 200:
            self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self._world.http.post(path, json=body, headers=self.headers)

    async def asked_for(self, amount: int = 1200, **changes: Any) -> httpx.Response:
        body = {
            "merchant_key": "sim-orange-merchant",
            "currency": "XAF",
            "order_id": "ORDER-42",
            "amount": amount,
            "return_url": "https://shop.example/ok",
            "cancel_url": "https://shop.example/no",
            "notif_url": f"{self._world.listener_url}/in/o",
            "lang": "fr",
            "reference": "Shop",
        }
        return await self.post(f"{PLACE}/webpayment", body | changes)

    async def made(self, amount: int = 1200, **changes: Any) -> dict[str, Any]:
        """A page that was made."""
        answer = await self.asked_for(amount, **changes)
        assert answer.status_code == 201, answer.text
        page: dict[str, Any] = answer.json()
        return page

    async def status(self, page: dict[str, Any], amount: int = 1200, **more: Any) -> httpx.Response:
        asked = {"order_id": "ORDER-42", "amount": amount, "pay_token": page["pay_token"]}
        return await self.post(f"{PLACE}/transactionstatus", asked | more)


@pytest_asyncio.fixture(loop_scope="session")
async def orange(world: World) -> OrangePeer:
    """A client that holds a token."""
    peer = OrangePeer(world)
    await peer.token()
    return peer


async def test_a_page_is_made_with_201_and_shows_its_amount(
    world: World, orange: OrangePeer
) -> None:
    await world.order("orange/settings", payer_opens_page=True)
    page = await orange.made()
    asked = await orange.status(page)
    shown = await world.http.get(page["payment_url"])
    assert (page["status"], len(page["pay_token"]), len(page["notif_token"])) == (201, 64, 32)
    assert "XAF 1200" in shown.text
    assert (asked.status_code, asked.json()["status"]) == (201, "INITIATED")


async def test_a_paid_page_is_told_by_its_token_and_shown_with_its_receipt(
    world: World, orange: OrangePeer
) -> None:
    page = await orange.made()
    (heard,) = await world.listener.hear("/in/o")
    (debit,) = (await world.book("orange"))["debits"]
    shown = (await orange.status(page)).json()
    assert heard.body == {
        "status": "SUCCESS", "notif_token": page["notif_token"], "txnid": debit["receipt"],
    }  # fmt: skip
    assert shown == {"status": "SUCCESS", "order_id": "ORDER-42", "txnid": debit["receipt"]}
    assert (debit["amount_minor"], debit["currency"]) == (1200, "XAF")


@pytest.mark.parametrize("suffix", ["01", "03", "04", "07", "08"])
async def test_every_refusal_is_failed(world: World, orange: OrangePeer, suffix: str) -> None:
    amount = int(f"7000{suffix}")
    page = await orange.made(amount)
    (heard,) = await world.listener.hear("/in/o")
    assert heard.body["status"] == "FAILED"
    assert (await orange.status(page, amount)).json()["status"] == "FAILED"
    assert (await world.book("orange"))["debits"] == []


@pytest.mark.parametrize(
    ("suffix", "told"), [("11", ["SUCCESS"] * 2), ("12", ["SUCCESS", "PENDING"])]
)
async def test_notifications_come_twice_and_out_of_order(
    world: World, orange: OrangePeer, suffix: str, told: list[str]
) -> None:
    await orange.made(int(f"7000{suffix}"))
    heard = await world.listener.hear("/in/o", 2)
    assert [one.body["status"] for one in heard] == told


async def test_a_forged_notification_does_not_know_the_token(
    world: World, orange: OrangePeer
) -> None:
    page = await orange.made(700_017)
    (heard,) = await world.listener.hear("/in/o")
    assert heard.body["status"] == "SUCCESS"
    assert heard.body["notif_token"] != page["notif_token"]


async def test_a_page_that_lapses_is_told_to_nobody(world: World, orange: OrangePeer) -> None:
    page = await orange.made(700_005)
    await orange.made(order_id="AFTER")
    await world.listener.hear("/in/o")
    assert (await orange.status(page, 700_005)).json()["status"] == "EXPIRED"
    assert [one.body["status"] for one in world.listener.on("/in/o")] == ["SUCCESS"]


async def test_a_page_whose_answer_was_lost_is_paid_by_nobody(
    world: World, orange: OrangePeer
) -> None:
    with pytest.raises(httpx.TransportError):
        await orange.asked_for(700_020)
    await orange.made(order_id="AFTER")
    await world.listener.hear("/in/o")
    book = await world.book("orange")
    assert (book["accepted"], list(book["times"])) == (2, ["AFTER"])


async def test_an_order_is_taken_once(world: World, orange: OrangePeer) -> None:
    await orange.made()
    again = await orange.asked_for()
    assert (again.status_code, again.json()["code"]) == (400, 1204)
    assert (await world.book("orange"))["accepted"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "x" * 31},
        {"order_id": ""},
        {"reference": "x" * 31},
        {"notif_url": f"https://pay.example/{'x' * 120}"},
        {"return_url": "shop"},
        {"amount": "1200"},
        {"amount": 0},
        {"amount": 12.5},
        {"currency": "OUV"},
        {"merchant_key": "other"},
    ],
)
async def test_a_malformed_order_is_400(
    world: World, orange: OrangePeer, changes: dict[str, Any]
) -> None:
    answer = await orange.asked_for(**changes)
    assert (answer.status_code, answer.json()["code"]) == (400, 1200)
    assert (await world.book("orange"))["accepted"] == 0


@pytest.mark.parametrize("wrong", [{"order_id": "ORDER-1"}, {"amount": 1}, {"pay_token": "x"}])
async def test_a_page_is_shown_only_to_who_knows_all_three(
    orange: OrangePeer, wrong: dict[str, Any]
) -> None:
    page = await orange.made()
    assert (await orange.status(page, **wrong)).status_code == 400


async def test_wrong_credentials_tokens_and_places_have_words_of_their_own(
    orange: OrangePeer,
) -> None:
    elsewhere = await orange.post(PLACE.replace("/cm/", "/dev/") + "/webpayment", {})
    wrong = await orange.token("other")
    orange.headers["Authorization"] = "Bearer dead"
    dead = await orange.asked_for()
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, 60)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (dead.status_code, dead.json()["code"]) == (401, 42)


async def test_the_sandbox_takes_play_money_only() -> None:
    assert Settings(orange_place="dev").orange_wire_currency == "OUV"
    assert Settings().orange_wire_currency == "XAF"
