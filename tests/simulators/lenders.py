"""Who talks to the simulated Fineract in these tests: a bare client with one user."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.simulators.peers import World

BASE = "/fineract/fineract-provider/api/v1"
DAY = {"dateFormat": "yyyy-MM-dd", "locale": "en"}
TODAY = "2026-11-21"


@dataclass
class Lender:
    """One tenant as one user sees it. `key` numbers idempotency keys where none is named."""

    world: World
    tenant: str = "default"
    user: str = "kauri"
    password: str = "sim-mifos-password"
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self._send("GET", path, params=query)

    async def post(self, path: str, body: Any, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self._send("POST", path, json=body, headers=headers)

    async def disburse(
        self, loan: int, *, key: str | None = None, **changes: Any
    ) -> httpx.Response:
        body = {"actualDisbursementDate": TODAY, "transactionAmount": 10000, **DAY, **changes}
        return await self.post(f"/loans/{loan}?command=disburse", body, key=key)

    async def repay(self, loan: int, *, key: str | None = None, **changes: Any) -> httpx.Response:
        body = {"transactionDate": TODAY, "transactionAmount": 100, **DAY, **changes}
        return await self.post(f"/loans/{loan}/transactions?command=repayment", body, key=key)

    async def loan(self, key: int) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.get(f"/loans/{key}", associations="all")).json()
        return shown

    async def new_loans(self, **order: Any) -> list[int]:
        made = await self.order("loans", tenant=self.tenant, **order)
        ids: list[int] = made.json()["loan_ids"]
        return ids

    async def new_loan(self, **order: Any) -> int:
        return (await self.new_loans(**order))[0]

    async def turn(self, **switches: Any) -> httpx.Response:
        return await self.order(f"switches/{self.tenant}", **switches)

    async def order(self, path: str, **body: Any) -> httpx.Response:
        return await self.world.order(f"fineract/{path}", **body)

    async def book(self) -> dict[str, Any]:
        return await self.world.book("fineract")

    async def times(self, loan: int) -> int:
        """How often the loan was given out."""
        times: int = (await self.book())["times"].get(f"{self.tenant}/{loan}", 0)
        return times

    async def _send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        named = {"Fineract-Platform-TenantId": self.tenant, **self.headers, **(headers or {})}
        auth = (self.user, self.password)
        return await self.world.http.request(method, BASE + path, headers=named, auth=auth, **more)


async def a_lender(world: World, tenant: str = "default") -> Lender:
    """A tenant with everything forgotten, whose business date is TODAY."""
    lender = Lender(world, tenant)
    await lender.order("reset")
    await lender.turn(business_date=TODAY)
    return lender


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an error."""
    body = answer.json()
    details = body["errors"] or [body]
    return answer.status_code, details[0]["userMessageGlobalisationCode"]
