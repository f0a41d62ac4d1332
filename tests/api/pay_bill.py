"""A partner's pay bill as M-Pesa sees it: asked before the money moves, told after it."""

import json
from typing import Any
from uuid import UUID

from models import ids
from runtime.collection_arrivals import Confirmations
from tests.api.partner_world import Partner
from tests.workflows.collection_lender import FakeLender

SAYS: dict[str, str] = {
    "TransactionType": "Pay Bill",
    "TransID": "RKL51ZDR4F",
    "TransTime": "20261121121325",
    "TransAmount": "500.00",
    "BusinessShortCode": "600100",
    "BillRefNumber": "12",
    "InvoiceNumber": "",
    "OrgAccountBalance": "",
    "ThirdPartyTransID": "",
    "MSISDN": "2547 ***** 126",
    "FirstName": "NICHOLAS",
}


class PayBill:
    """A partner whose pay bill is entered and valid."""

    def __init__(self, world: Any, partner: Partner, credential: UUID) -> None:
        self.world, self.partner, self.credential = world, partner, credential
        self.code = short_code(credential)
        self.books = FakeLender()
        world.parts.partners.lender = self.books
        self.http = partner.http
        self.confirmations = Confirmations(world.parts.database, world.parts.vault, scale=0.1)

    @property
    def says(self) -> dict[str, str]:
        return {**SAYS, "BusinessShortCode": self.code}

    async def asks(self, **changes: str) -> dict[str, Any]:
        answer = await self.world.http.post(self.path("ke7"), json={**self.says, **changes})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def tells(self, **changes: str) -> str:
        """A confirmation: through the door, then as the inbox delivers it."""
        body = json.dumps({**self.says, **changes})
        answer = await self.world.http.post(self.path("ke8"), content=body)
        assert answer.json()["ResultCode"] == 0
        row = {**self.stored("ke8", body), "org_id": self.partner.org, "livemode": False}
        outcome, _start = await self.confirmations(row, body.encode())
        return outcome

    def stored(self, slug: str, body: str) -> dict[str, Any]:
        digest = ids.body_digest(f"{slug}/{self.credential.hex}", body.encode())
        found = self.world.sql(
            "select id, received_at, payload_sealed from inbox where digest = %s", digest
        )[0]
        names = ("id", "received_at", "payload_sealed")
        return {**dict(zip(names, found, strict=True)), "attempt_id": self.credential}

    def path(self, slug: str) -> str:
        secret = self.world.parts.settings.callback_secret
        return ids.callback_path(ids.shown(ids.CREDENTIAL, self.credential), slug, secret)

    def collections(self) -> list[Any]:
        query = "select state, claim, data from sagas where org_id = %s order by created_at"
        return self.world.sql(query, self.partner.org)  # type: ignore[no-any-return] # rows


async def a_pay_bill(world: Any) -> PayBill:
    """Entered, checked and found valid."""
    partner = Partner(world)
    await partner.enters("mpesa_c2b")
    row = world.sql("select id from credentials where org_id = %s", partner.org)[0]
    world.sql("update credentials set short_code = %s where id = %s", short_code(row[0]), row[0])
    partner.found("mpesa_c2b", "valid")
    return PayBill(world, partner, row[0])


def short_code(credential: UUID) -> str:
    """One of its own: tests share a database, and a short code has one holder."""
    return str(100_000 + credential.int % 900_000)
