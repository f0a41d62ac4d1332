"""A partner in the whole application: its key, and a lender that answers from a script."""

from typing import Any, cast
from uuid import UUID

import httpx

from api.keys import PARTNER_SCOPES
from models import ids
from models.credentials import NoCredentials
from models.lending import Product
from models.money import Money
from runtime.partners import Known

MIFOS = {
    "url": "https://mifos.example/fineract-provider/api/v1",
    "tenant": "sacco",
    "user": "kauri",
    "password": "planted-mifos-password",
}
MPESA = {
    "consumer_key": "planted-consumer-key",
    "consumer_secret": "planted-consumer-secret",
    "short_code": "600100",
    "initiator": "kauriapi",
    "initiator_password": "planted-initiator-password",
}
STK = {
    "consumer_key": "planted-consumer-key",
    "consumer_secret": "planted-consumer-secret",
    "short_code": "600100",
    "passkey": "planted-passkey",
}
USER = {"name": "Amina Otieno", "phone": "0711 902 837", "email": "amina.otieno@sacco.example"}
SECRETS = ("planted-mifos-password", "planted-consumer", "planted-initiator", "planted-passkey")


def a_product(product_id: int = 1, **changes: Any) -> Product:
    """A product as the lender tells it."""
    told: dict[str, Any] = {
        "id": product_id,
        "name": f"Boda {product_id}",
        "short_name": f"B{product_id}",
        "active": True,
        "currency": "KES",
        "decimals": 2,
        "minimum": Money(100_000, "KES"),
        "maximum": Money(5_000_000, "KES"),
    }
    return Product(**{**told, **changes})


class FakeLender:
    """Tells the products it was given; raises what it was told to."""

    def __init__(self) -> None:
        self.told: list[Product] | Exception = [a_product(1), a_product(2)]

    async def products(self) -> tuple[Product, ...]:
        if isinstance(self.told, Exception):
            raise self.told
        return tuple(self.told)


class FakePartners:
    """Gives one lender to everybody, or none."""

    def __init__(self) -> None:
        self.lender: FakeLender | None = FakeLender()
        self.in_use: dict[str, Known] = {}
        self.short_code: Any = None

    async def mifos(self, _org_id: str, _livemode: bool) -> FakeLender:
        if self.lender is None:
            raise NoCredentials("mifos")
        return self.lender

    async def known(self, _org_id: str, _livemode: bool, kind: str) -> Known:
        if kind not in self.in_use:
            raise NoCredentials(kind)
        return self.in_use[kind]

    async def mpesa(self, _org_id: str, _livemode: bool, purpose: str) -> Any:
        if self.short_code is None:
            raise NoCredentials(f"mpesa_{purpose}")
        return self.short_code


class Partner:
    """One partner of the world, with its administrator's client."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.org: UUID = world.make_org(kind="partner", name="Sacco")
        self.http: httpx.AsyncClient = world.client(
            world.make_key(self.org, scopes=PARTNER_SCOPES, principal="amina")
        )
        self.lender = cast(FakeLender, world.parts.partners.lender)

    async def enters(self, kind: str, **changes: Any) -> httpx.Response:
        fields = {"mifos": MIFOS, "mpesa_stk": STK}.get(kind, MPESA)
        body = {**fields, **changes}
        headers = {"idempotency-key": ids.mint("idem")}
        return await self.http.post(f"/v1/credentials/{kind}", json=body, headers=headers)

    def found(self, kind: str, state: str, checks: str = "[]") -> None:
        """What the check's workflow writes."""
        self.world.sql(
            "update credentials set state = %s, checks = %s, usable = %s, checked_at = now()"
            " where org_id = %s and kind = %s",
            *[state, checks, state == "valid", self.org, kind],
        )
