"""A partner that may buy float: a short code, an approver, a wallet; and what it was sent."""

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx
import psycopg

from api.keys import FLOAT_READ, FLOAT_WRITE, PARTNER_WRITE, WALLET_READ
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.vault_postings import TopUpCredited
from tests.api.partner_world import USER

FLOAT, TOTAL = 5_000_000, 5_003_000
_CODE = re.compile(r"(\d{6}) is your code")
_SEALED = """
select event, channel, body_sealed, dedupe_key from messages where org_id = %s
 order by created_at, id"""


class Buyer:
    """The partner's side of a purchase."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.short_code = str(600_000 + ids.uuid7().int % 90_000)
        scopes = (FLOAT_READ, FLOAT_WRITE, PARTNER_WRITE, WALLET_READ)
        self.http: httpx.AsyncClient = world.client(world.make_key(scopes=scopes))
        self.approver = ""

    async def ready(self, minor: int = 10_000_000) -> "Buyer":
        """With a credential, an approver and so much in the wallet."""
        self.world.sql(
            "insert into credentials (id, org_id, livemode, kind, state, usable, short_code, shown,"
            " fields_sealed) values (%s, %s, false, 'mpesa_b2c', 'valid', true, %s, '{}', '')",
            ids.uuid7(), self.world.org, self.short_code,
        )  # fmt: skip
        made = await self.http.post("/v1/authorised_users", json=USER)
        self.approver = made.json()["id"]
        if minor:
            await self.fill(minor)
        return self

    async def fill(self, minor: int) -> None:
        receipt = ReceiptClaim(rail="ncba", account="77445", number=ids.mint("r"))
        posting = TopUpCredited(
            topup_id=ids.mint(ids.TOPUP),
            amount=Money(minor, "KES"),
            into=BankAccount(bank="ncba", account="77445"),
            receipt=receipt,
        )
        world = self.world
        async with world.parts.database.scoped(world.org, False) as connection:
            await VaultBooking(Book()).book(
                connection, org=world.org, livemode=False, posting=posting
            )

    async def ask(self, *, key: str = "", **changes: Any) -> httpx.Response:
        body = {"amount": FLOAT, "reference": ids.mint("ref"), "approver": self.approver}
        headers = {"idempotency-key": key or ids.mint("idem")}
        return await self.http.post(
            "/v1/float-purchases", json={**body, **changes}, headers=headers
        )

    async def bought(self) -> dict[str, Any]:
        answer = await self.ask()
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def act(
        self, purchase: dict[str, Any], path: str, body: Any = None, key: str = ""
    ) -> httpx.Response:
        headers = {"idempotency-key": key or ids.mint("idem")}
        url = f"/v1/float-purchases/{purchase['id']}/{path}"
        return await self.http.post(url, json=body, headers=headers)

    async def guess(self, purchase: dict[str, Any], code: str, key: str = "") -> httpx.Response:
        return await self.act(purchase, "otp", {"code": code}, key)

    async def guesses(self, purchase: dict[str, Any], codes: list[str]) -> list[httpx.Response]:
        """All at once."""
        return list(await asyncio.gather(*(self.guess(purchase, code) for code in codes)))

    async def texts(self) -> list[tuple[str, str, str]]:
        """What was queued: event, channel and text."""
        return [
            (row[0], row[1], (await self._opened(row[2])).decode())
            for row in self.world.sql(_SEALED, self.world.org)
        ]

    async def code(self) -> str:
        """The latest code, read from the messages: it stands nowhere else."""
        codes = [found for _, _, text in await self.texts() if (found := _CODE.search(text))]
        return str(codes[-1].group(1))

    async def wrong(self, n: int = 1) -> list[str]:
        """So many codes that are not the code."""
        right = int(await self.code())
        return [f"{(right + i) % 1_000_000:06d}" for i in range(1, n + 1)]

    def told(self) -> list[dict[str, Any]]:
        """How the saga's requests were named."""
        query = "select digest, workflow_id from inbox where org_id = %s and kind = 'request'"
        return [
            {"word": digest.rpartition("/")[2], "to": to}
            for digest, to in self.world.sql(query, self.world.org)
        ]

    def otp(self, columns: str) -> Any:
        query = f"select {columns} from otps where org_id = %s order by number desc limit 1"
        return self.world.sql(query, self.world.org)[0]

    def later(self, seconds: int) -> None:
        """So much time has passed since the codes were sent."""
        self.world.sql(
            "update otps set created_at = created_at - make_interval(secs => %s),"
            " expires_at = expires_at - make_interval(secs => %s) where org_id = %s",
            seconds, seconds, self.world.org,
        )  # fmt: skip

    def everything_in_clear(self) -> str:
        """Every row of every table as text: what is sealed shows as bytes."""
        with psycopg.connect(self.world.urls.admin) as connection:
            tables = connection.execute(
                "select tablename from pg_tables where schemaname = 'public'"
            ).fetchall()
            rows = [
                str(row)
                for (table,) in tables
                for row in connection.execute(f"select t::text from {table} t").fetchall()
            ]
        return "\n".join(rows)

    async def _opened(self, body: Any) -> bytes:
        world = self.world
        opened: bytes = await world.parts.vault.unseal(
            world.org, livemode=False, field="message_body", sealed=bytes(body)
        )
        return opened


def uuid_of(purchase: dict[str, Any]) -> UUID:
    return ids.parsed(ids.FLOAT_PURCHASE, purchase["id"])
