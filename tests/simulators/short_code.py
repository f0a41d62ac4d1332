"""A partner's short code at the simulated Daraja, and a bare client that speaks for it."""

import base64
from dataclasses import dataclass, replace
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.simulators.peers import World

CODE = "600222"
PASSWORD = "partner-initiator-password"


async def certificate(world: World) -> str:
    return (await world.http.get("/control/daraja/certificate")).text


def sealed(pem: str, password: str) -> str:
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    assert isinstance(key, RSAPublicKey)
    return base64.b64encode(key.encrypt(password.encode(), PKCS1v15())).decode()


@dataclass(frozen=True, slots=True)
class ShortCode:
    """Calls of one short code; results come to /in/result, time-outs to /in/timeout."""

    world: World
    code: str
    bearer: str
    credential: str

    async def call(self, path: str, **body: Any) -> httpx.Response:
        """One call; a field given as None is left out."""
        whole = {
            "Initiator": "partner-api",
            "SecurityCredential": self.credential,
            "Remarks": "Test",
            "ResultURL": f"{self.world.listener_url}/in/result",
            "QueueTimeOutURL": f"{self.world.listener_url}/in/timeout",
            **body,
        }
        sent = {name: value for name, value in whole.items() if value is not None}
        headers = {"Authorization": f"Bearer {self.bearer}"}
        return await self.world.http.post(f"/daraja{path}", json=sent, headers=headers)

    async def pay(
        self, reference: str = "K1", *, payee: str = "254700000000", **changes: Any
    ) -> httpx.Response:
        body = {
            "OriginatorConversationID": reference,
            "InitiatorName": "partner-api",
            "Initiator": None,
            "CommandID": "BusinessPayment",
            "Amount": "1000",
            "PartyA": self.code,
            "PartyB": payee,
            "Occassion": "L42",
        }
        return await self.call("/mpesa/b2c/v3/paymentrequest", **{**body, **changes})

    async def transfer(self, **changes: Any) -> httpx.Response:
        body = {
            "CommandID": "BusinessPayToBulk",
            "SenderIdentifierType": "4",
            "RecieverIdentifierType": "4",
            "Amount": "500",
            "PartyA": self.code,
            "PartyB": self.code,
            "AccountReference": "FLOAT",
        }
        return await self.call("/mpesa/b2b/v1/paymentrequest", **{**body, **changes})

    async def ask(self, **named: Any) -> httpx.Response:
        body = {"CommandID": "TransactionStatusQuery", "PartyA": self.code, "IdentifierType": "4"}
        return await self.call(
            "/mpesa/transactionstatus/v1/query",
            **{**body, "ResultURL": f"{self.world.listener_url}/in/asked", **named},
        )

    async def balance(self, **changes: Any) -> httpx.Response:
        body = {"CommandID": "AccountBalance", "PartyA": self.code, "IdentifierType": "4"}
        return await self.call("/mpesa/accountbalance/v1/query", **{**body, **changes})

    async def reverse(self, receipt: str, **changes: Any) -> httpx.Response:
        body = {
            "CommandID": "TransactionReversal",
            "TransactionID": receipt,
            "Amount": "100",
            "ReceiverParty": self.code,
            "RecieverIdentifierType": "11",
        }
        return await self.call("/mpesa/reversal/v1/request", **{**body, **changes})

    async def register(self, **changes: Any) -> httpx.Response:
        body = {
            "ShortCode": self.code,
            "ResponseType": "Completed",
            "ConfirmationURL": f"{self.world.listener_url}/in/confirmed",
            "ValidationURL": f"{self.world.listener_url}/in/asked-first",
        }
        return await self.call("/mpesa/c2b/v2/registerurl", **{**body, **changes})

    async def result(self, path: str = "/in/result", times: int = 1) -> dict[str, Any]:
        """The last of so many results."""
        heard = (await self.world.listener.hear(path, times))[-1]
        told: dict[str, Any] = heard.body["Result"]
        return told

    async def account(self) -> dict[str, Any]:
        """The short code in the money book."""
        shown: dict[str, Any] = (await self.world.book("daraja"))["organisations"][self.code]
        return shown

    async def balances(self) -> dict[str, int]:
        """Its accounts, in cents."""
        held: dict[str, int] = (await self.account())["balances"]
        return held

    def with_password(self, credential: str) -> "ShortCode":
        """The same with another credential."""
        return replace(self, credential=credential)


async def a_short_code(world: World, code: str = CODE, **settings: Any) -> ShortCode:
    """A short code with 10,000 shillings in utility, speaking through an app of its own."""
    order = {
        "short_code": code,
        "name": "PARTNER",
        "consumer_key": f"key-{code}",
        "consumer_secret": f"secret-{code}",
        "initiator": "partner-api",
        "initiator_password": PASSWORD,
        "utility_minor": 1_000_000,
    }
    opened = await world.order("daraja/organisations", **{**order, **settings})
    assert opened.status_code == 200, opened.text
    token = await world.http.get(
        "/daraja/oauth/v1/generate?grant_type=client_credentials",
        auth=(f"key-{code}", f"secret-{code}"),
    )
    credential = sealed(await certificate(world), PASSWORD)
    return ShortCode(world, code, token.json()["access_token"], credential)


def parameters(told: dict[str, Any]) -> dict[str, Any]:
    """Keys and values of a result."""
    items = told["ResultParameters"]["ResultParameter"]
    return {item["Key"]: item.get("Value") for item in items}
