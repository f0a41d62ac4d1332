"""What the payer's page asks of the database beside the session itself."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from runtime.database import Connection

_PROMPTED = """
select count(*) as asked from attempts
 where org_id = app_org() and livemode = app_mode() and payer_lookup = %s
   and created_at > now() - %s"""
_KEEP = """
insert into payer_contacts (checkout_id, org_id, livemode, phone_sealed, email_sealed, language)
values (%s, app_org(), app_mode(), %s, %s, %s)
on conflict (checkout_id) do update set phone_sealed = excluded.phone_sealed,
  email_sealed = excluded.email_sealed, language = excluded.language"""
_FORGET = "update payer_contacts set told_at = now() where checkout_id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where the payer wants to be told, sealed, and in which language."""

    phone: bytes | None = field(repr=False)
    email: bytes | None = field(repr=False)
    language: str


async def prompted(connection: Connection, payer_lookup: bytes, within: timedelta) -> int:
    """How often this number was asked for money by this merchant of late."""
    row = await (await connection.execute(_PROMPTED, [payer_lookup, within])).fetchone()
    return 0 if row is None else int(row["asked"])


async def keep_contact(connection: Connection, checkout_id: UUID, told: Contact) -> None:
    """Keep where to tell the payer; what an earlier form said counts no more."""
    if told.phone is None and told.email is None:
        await connection.execute(_FORGET, [checkout_id])
        return
    await connection.execute(_KEEP, [checkout_id, told.phone, told.email, told.language])
