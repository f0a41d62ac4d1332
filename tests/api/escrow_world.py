"""A merchant's escrows as tests of the API make, fund and look at them."""

from typing import Any, cast
from uuid import UUID

import httpx

from models import ids

BODY = {"amount": 100_000, "currency": "KES", "release": {"on_confirmation": True}}
PROOF = "Delivered, waybill 1042"


class Keeper:
    """One merchant that keeps payers' money apart."""

    def __init__(self, world: Any) -> None:
        self.world, self.http = world, cast(httpx.AsyncClient, world.http)

    async def make(self, **body: Any) -> httpx.Response:
        document = {**BODY, "reference": ids.mint("order"), **body}
        headers = {"idempotency-key": ids.mint("idem")}
        return await self.http.post("/v1/escrows", json=document, headers=headers)

    async def made(self, **body: Any) -> dict[str, Any]:
        answer = await self.make(**body)
        assert answer.status_code == 201, answer.text
        return cast(dict[str, Any], answer.json())

    async def funded(self, **body: Any) -> dict[str, Any]:
        """An escrow as its workflow leaves it once the payer has paid."""
        escrow = await self.made(**body)
        saga, amount = ids.parsed(ids.ESCROW, escrow["id"]), escrow["amount"]
        payment = ids.parsed(ids.PAYMENT, escrow["payment"])
        self.world.sql(
            "update payments set status = 'succeeded', amount_received = %s where id = %s",
            amount,
            payment,
        )
        self.world.sql("update escrows set funded = %s where saga_id = %s", amount, saga)
        self.world.sql(
            "update sagas set state = 'funded', data = data || jsonb_build_object('funded', %s)"
            " where id = %s",
            amount,
            saga,
        )
        return escrow

    async def act(self, escrow: str, verb: str, key: str = "", **body: Any) -> httpx.Response:
        headers = {"idempotency-key": key or ids.mint("idem")}
        return await self.http.post(f"/v1/escrows/{escrow}/{verb}", json=body, headers=headers)

    def parts(self, escrow: str) -> list[Any]:
        """Kind, amount and by whom, in order."""
        return cast(
            list[Any],
            self.world.sql(
                "select kind, amount, by from escrow_parts where saga_id = %s order by number",
                self.id(escrow),
            ),
        )

    def taken(self, escrow: str) -> int:
        rows = self.world.sql("select taken from escrows where saga_id = %s", self.id(escrow))
        return int(rows[0][0])

    def id(self, escrow: str) -> UUID:
        return ids.parsed(ids.ESCROW, escrow)
