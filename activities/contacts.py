"""Contacts: the partner's people who may be written to, in clear for the moment it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

PHONE, EMAIL = "user_phone", "user_email"

_ACTIVE = "select * from authorised_users where active and deleted_at is null order by id"
_ONE = "select * from authorised_users where id = %s and active and deleted_at is null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One authorised user. Phone (digits, no plus) and e-mail never print."""

    user_id: UUID
    name: str
    phone: str = field(repr=False)
    phone_masked: str
    email: str = field(repr=False)
    email_masked: str


class Contacts:
    """Opens the addresses of authorised users."""

    def __init__(self, database: "Database", vault: "Vault") -> None:
        self._database = database
        self._vault = vault

    async def active(self, org: UUID, *, livemode: bool) -> list[Contact]:
        """Everyone of the partner who may be written to."""
        async with self._database.scoped(org, livemode) as connection:
            rows = await (await connection.execute(_ACTIVE)).fetchall()
        return [await self._opened(row) for row in rows]

    async def one(self, org: UUID, user_id: UUID, *, livemode: bool) -> Contact | None:
        """One of them; None when there is none such or none active."""
        async with self._database.scoped(org, livemode) as connection:
            return await self.within(connection, user_id)

    async def within(self, connection: "Connection", user_id: UUID) -> Contact | None:
        """The same, on a connection whose scope is set."""
        row = await (await connection.execute(_ONE, [user_id])).fetchone()
        return None if row is None else await self._opened(row)

    async def _opened(self, row: Mapping[str, Any]) -> Contact:
        return Contact(
            user_id=row["id"],
            name=row["name"],
            phone=await self._unsealed(row, PHONE, row["phone_sealed"]),
            phone_masked=row["phone_masked"],
            email=await self._unsealed(row, EMAIL, row["email_sealed"]),
            email_masked=row["email_masked"],
        )

    async def _unsealed(self, row: Mapping[str, Any], field_name: str, sealed: bytes) -> str:
        plain = await self._vault.unseal(
            row["org_id"], livemode=row["livemode"], field=field_name, sealed=sealed
        )
        return plain.decode()
