"""The demo's two lenders: what each has at M-Pesa and in its own Mifos X, entered and checked."""

from dataclasses import dataclass, field
from typing import Any

from cli.demo.client import DemoClient
from models.credentials import CredentialState
from simulators.fineract.seeds import USER
from simulators.settings import Settings

#: The one answer to a checked credential that lets the demo go on.
_VALID = "valid"
_WAIT = 25
#: How often a check that is not done by then is waited for again.
_LOOKS = 6
_FEES_PAID_IN = 1_000_000
_LIMITS = {
    "per_loan_limit": 10_000_000,
    "per_day_limit": 100_000_000,
    "per_client_day_limit": 10_000_000,
}


class NotEnrolled(Exception):
    """A lender could not be set up; the text says which step failed and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """A partner as the outside knows it. Passwords are the demo's own.

    `payer` is the short code that pays loans out, `pay_bill` the one repayments come to;
    `lent`: what lies in `payer` for loans at first, minor units.
    """

    name: str
    tenant: str
    payer: str
    pay_bill: str
    app: str
    approver: str
    lent: int = 60_000_000
    password: str = field(default="demo-Initiator-7", repr=False)

    @property
    def secret(self) -> str:
        """Of its app at Daraja."""
        return f"{self.app}-secret"

    @property
    def email(self) -> str:
        """Of whoever approves what the wallet spends."""
        return f"approver@{self.app}.example"


LENDERS = (
    Lender(
        name="Jua Kali Credit",
        tenant="default",
        payer="600222",
        pay_bill="600223",
        app="juakali",
        approver="+254722000501",
    ),
    Lender(
        name="Pwani Sacco",
        tenant="sacco-two",
        payer="600333",
        pay_bill="600334",
        app="pwani",
        approver="+254722000502",
    ),
)


async def enrol(client: DemoClient, lender: Lender) -> dict[str, Any]:
    """Open its short codes, enter and check its credentials, enable what it lends.

    Answers the authorised user. Raises NotEnrolled.
    """
    await _open_short_codes(client, lender)
    for kind, fields in _credentials(client, lender).items():
        await entered(client, kind, fields)
    user = await client.post(
        "/v1/authorised_users",
        {"name": f"Treasurer of {lender.name}", "phone": lender.approver, "email": lender.email},
    )
    await _lend(client)
    return user


async def _open_short_codes(client: DemoClient, lender: Lender) -> None:
    shared = {
        "consumer_key": lender.app,
        "consumer_secret": lender.secret,
        "initiator_password": lender.password,
    }
    pays = {
        "short_code": lender.payer,
        "utility_minor": lender.lent,
        "charges_paid_minor": _FEES_PAID_IN,
        "charged": True,
    }
    collects = {"short_code": lender.pay_bill, "tells_stk": True, "validates": True}
    for code in (pays, collects):
        await client.control("daraja/organisations", {"name": lender.name, **shared, **code})


def _credentials(client: DemoClient, lender: Lender) -> dict[str, dict[str, Any]]:
    simulated = Settings()
    app = {"consumer_key": lender.app, "consumer_secret": lender.secret}
    initiator = {"initiator": "sim-initiator", "initiator_password": lender.password}
    return {
        "mifos": {
            "url": f"{client.simulators}/fineract/fineract-provider/api/v1",
            "tenant": lender.tenant,
            "user": USER,
            "password": simulated.fineract_password,
        },
        "mpesa_b2c": {**app, **initiator, "short_code": lender.payer},
        "mpesa_c2b": {**app, **initiator, "short_code": lender.pay_bill},
        "mpesa_stk": {**app, "short_code": lender.pay_bill, "passkey": simulated.daraja_passkey},
    }


async def entered(client: DemoClient, kind: str, fields: dict[str, Any]) -> None:
    """Enter a credential, and wait until it is checked. Raises NotEnrolled."""
    answer = await client.post(f"/v1/credentials/{kind}?wait={_WAIT}", fields)
    for _ in range(_LOOKS):
        if answer["state"] != CredentialState.CHECKING:
            break
        answer = await client.get(f"/v1/credentials/{kind}?wait={_WAIT}")
    if answer["state"] != _VALID:
        raise NotEnrolled(f"{kind} is {answer['state']}: {answer['checks']}")


async def _lend(client: DemoClient) -> None:
    """Fetch the lender's products and enable each with limits."""
    await client.post("/v1/loan_products/sync")
    for product in (await client.get("/v1/loan_products"))["data"]:
        path = f"/v1/loan_products/{product['id']}"
        enabled = await client.patch(path, {"enabled": True, **_LIMITS})
        if not enabled["in_use"]:
            raise NotEnrolled(f"product {product['name']} is {enabled['state']}")
