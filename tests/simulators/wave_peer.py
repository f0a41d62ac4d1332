"""A bare client of the simulated Wave."""

from typing import Any

import httpx

from tests.simulators.peers import World

SESSIONS = "/wave/v1/checkout/sessions"
HEADERS = {"Authorization": "Bearer sim-wave-key"}


def a_session(phone: str = "221770000000", **changes: Any) -> dict[str, Any]:
    """A session as it is asked for; a change to None leaves the field out."""
    body = {
        "amount": "1500",
        "currency": "XOF",
        "success_url": "https://shop.example/ok",
        "error_url": "https://shop.example/no",
        "client_reference": "ORDER-42",
        "restrict_payer_mobile": f"+{phone}",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def a_payout(phone: str = "221770000000", **changes: Any) -> dict[str, Any]:
    """A payout as it is ordered."""
    body = {
        "currency": "XOF",
        "receive_amount": "15000",
        "mobile": f"+{phone}",
        "client_reference": "PO-42",
    }
    return body | changes


class WavePeer:
    """Speaks to Wave on behalf of a test."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self._world.http.post(path, json=body, headers={**HEADERS, **headers})

    async def get(self, path: str, **params: str) -> httpx.Response:
        return await self._world.http.get(path, params=params, headers=HEADERS)

    async def opened(self, phone: str = "221770000000", **changes: Any) -> dict[str, Any]:
        """A session that was made."""
        answer = await self.post(SESSIONS, a_session(phone, **changes))
        assert answer.status_code == 200, answer.text
        session: dict[str, Any] = answer.json()
        return session

    async def shown(self, key: str) -> tuple[str, str]:
        """The two statuses of a session."""
        session = (await self.get(f"{SESSIONS}/{key}")).json()
        return session["checkout_status"], session["payment_status"]

    async def pay_out(self, key: str = "K1", **changes: Any) -> httpx.Response:
        return await self.post("/wave/v1/payout", a_payout(**changes), **{"Idempotency-Key": key})

    async def ended(self, key: str) -> dict[str, Any]:
        """A payout once it is not under way any more."""
        payout: dict[str, Any] = {"status": "processing"}
        for _ in range(200):
            payout = (await self.get(f"/wave/v1/payout/{key}")).json()
            if payout["status"] != "processing":
                break
        return payout
