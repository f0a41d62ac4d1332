"""A bare client of the simulated Airtel Money."""

from typing import Any

import httpx

from tests.simulators.peers import World

PUSH = "/airtel/merchant/v1/payments/"
CREDENTIALS = {
    "client_id": "sim-airtel-client",
    "client_secret": "sim-airtel-secret",
    "grant_type": "client_credentials",
}


def a_push(number: str = "700000000", key: str = "T1", **changes: Any) -> dict[str, Any]:
    """A USSD push as it is asked for."""
    return {
        "reference": "Order42",
        "subscriber": {"country": "UG", "currency": "UGX", "msisdn": number},
        "transaction": {"amount": 500, "country": "UG", "currency": "UGX", "id": key},
        **changes,
    }


def a_payout(number: str = "700000000", key: str = "P1", amount: int = 500) -> dict[str, Any]:
    """A disbursement as it is ordered."""
    return {
        "payee": {"currency": "UGX", "msisdn": number},
        "reference": "Loan42",
        "pin": "sealed",
        "transaction": {"amount": amount, "id": key, "type": "B2C"},
    }


class AirtelPeer:
    """Speaks to Airtel on behalf of a test."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.headers = {"X-Country": "UG", "X-Currency": "UGX"}

    async def token(self, **changes: str) -> httpx.Response:
        """Fetch a token and carry it from now on."""
        asked = CREDENTIALS | changes
        answer = await self._world.http.post("/airtel/auth/oauth2/token", json=asked)
        if answer.status_code == 200:
            self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self._world.http.post(path, json=body, headers=self.headers)

    async def get(self, path: str) -> httpx.Response:
        return await self._world.http.get(f"/airtel/standard/{path}", headers=self.headers)

    async def pushed(self, number: str = "700000000", key: str = "T1") -> httpx.Response:
        return await self.post(PUSH, a_push(number, key))

    async def enquiry(self, key: str = "T1") -> tuple[str | None, str]:
        """State and code of a push."""
        answer = (await self.get(f"v1/payments/{key}")).json()
        state = answer["data"].get("transaction", {}).get("status")
        return state, answer["status"]["response_code"]

    async def pay_out(self, **changes: Any) -> dict[str, Any]:
        answer = await self.post("/airtel/standard/v2/disbursements/", a_payout(**changes))
        said: dict[str, Any] = answer.json()
        return said
