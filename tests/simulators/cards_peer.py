"""A bare client of the simulated card gateway."""

from typing import Any

import httpx

from tests.simulators.peers import World

BASE = "/cards/api/rest/version/100/merchant/TESTKAURI"
LOGIN = ("merchant.TESTKAURI", "sim-cards-password")


def a_checkout(suffix: str = "00", key: str = "ORDER-1", **changes: Any) -> dict[str, Any]:
    """A session as it is asked for; `changes` are those of its order."""
    return {
        "apiOperation": "INITIATE_CHECKOUT",
        "interaction": {
            "operation": "PURCHASE",
            "merchant": {"name": "Duka"},
            "returnUrl": "https://shop.example/ok",
            "cancelUrl": "https://shop.example/no",
        },
        "order": {
            "id": key,
            "amount": f"7000{suffix}.00",
            "currency": "KES",
            "description": "Order 42",
            **changes,
        },
    }


class CardsPeer:
    """Speaks to the gateway on behalf of a test, and acts for the payer on its page."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self._world.http.request(method, BASE + path, json=body, auth=LOGIN)

    async def opened(self, suffix: str = "00", key: str = "ORDER-1") -> dict[str, Any]:
        """A session that was made."""
        answer = await self.call("POST", "/session", a_checkout(suffix, key))
        assert answer.status_code == 201, answer.text
        session: dict[str, Any] = answer.json()
        return session

    async def order(self, key: str = "ORDER-1") -> dict[str, Any]:
        """The order as it stands."""
        order: dict[str, Any] = (await self.call("GET", f"/order/{key}")).json()
        return order

    async def choose(self, session: dict[str, Any], word: str) -> httpx.Response:
        """A button of the page."""
        page = f"/cards/checkout/pay/{session['session']['id']}/{word}"
        return await self._world.http.post(page)

    async def refund(
        self, amount: str, name: str = "refund-1", key: str = "ORDER-1"
    ) -> httpx.Response:
        transaction = {"amount": amount, "currency": "KES"}
        body = {"apiOperation": "REFUND", "transaction": transaction}
        return await self.call("PUT", f"/order/{key}/transaction/{name}", body)
