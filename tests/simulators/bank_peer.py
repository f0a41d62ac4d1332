"""Who talks to the simulated bank in these tests: a bare client with a token, and its control."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.simulators.peers import SHORT_CODE, World

BASE = "/ncba/test/apigateway/api/v1"
POOL = "7744510018"
AGENT = {"User-Agent": "Tests/1.0"}


def today() -> str:
    return datetime.now(UTC).astimezone(ZoneInfo("Africa/Nairobi")).strftime("%d%m%Y")


@dataclass(slots=True)
class Bank:
    """A customer of the bank."""

    world: World
    bearer: str = ""

    async def token(self, **changes: str) -> httpx.Response:
        pair = {"userID": "sim-bank-user", "password": "sim-bank-password", **changes}
        answer = await self.post("/Auth/generate-token", pair)
        if answer.status_code == 200:
            said = answer.json()
            self.bearer = next(said[name] for name in said if name != "tokenType")
        return answer

    async def buy(self, reference: str = "fp_1", **changes: Any) -> httpx.Response:
        body = {
            "reqTransactionReferenceNo": reference,
            "reqDebitAccountNumber": POOL,
            "reqDebitAmount": "1000",
            "reqCreditAmount": "1000",
            "reqPayBillTillNo": SHORT_CODE,
            "reqMobileNumber": "254712000001",
            "reqTxnDate": "20261121",
            "reqPaymentType": "FloatPurchase",
        }
        return await self.post("/FloatPurchase/floatpurchase", {**body, **changes})

    async def transfer(self, to: str, **changes: Any) -> httpx.Response:
        body = {
            "TransactionID": "tr_1",
            "SenderAccountNumber": POOL,
            "SenderCIF": "774451",
            "BeneficiaryAccountNumber": to,
            "Currency": "KES",
            "Amount": "15.50",
            "Narration": "tr_1 to the pool",
        }
        return await self.post("/IFTTransaction/ifttransaction", {**body, **changes})

    async def lines(self, account: str = POOL) -> list[dict[str, str]]:
        day = today()
        asked = {"fromDate": day, "toDate": day, "country": "Kenya", "accountNo": account}
        said = (await self.post("/AccountStatement/accountstatement", asked)).json()
        rows: list[dict[str, str]] = said if isinstance(said, list) else said["transactions"]
        return rows

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        sent = {
            **AGENT,
            "Ocp-Apim-Subscription-Key": "sim-bank-key",
            "Authorization": f"Bearer {self.bearer or 'none'}",
            **headers,
        }
        return await self.world.http.post(BASE + path, json=body, headers=sent)

    async def order(self, what: str, **body: Any) -> httpx.Response:
        return await self.world.order(f"ncba/{what}", **body)

    async def book(self) -> dict[str, Any]:
        return await self.world.book("ncba")

    async def registered(self, **urls: str) -> None:
        """Tell these paths of the listener about the pool account."""
        at = self.world.listener_url
        await self.order(
            "register", account=POOL, **{name: at + path for name, path in urls.items()}
        )


async def a_bank(world: World) -> Bank:
    """A customer with a fresh token, the bank's books empty."""
    await world.order("ncba/reset")
    bank = Bank(world)
    await bank.token()
    return bank


async def until(told: Callable[[], Awaitable[bool]]) -> None:
    """Asks until it is so; fails after half a minute."""
    async with asyncio.timeout(30):
        while not await told():  # noqa: ASYNC110 - what is asked lives in another server
            await asyncio.sleep(0.01)
