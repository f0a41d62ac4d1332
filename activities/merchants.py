"""Who a merchant is to its payers, on a connection whose scope is set."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models.messages import Language
from models.receipt import Merchant

if TYPE_CHECKING:
    from runtime.database import Connection

_MERCHANT = """
select coalesce(p.name, o.name) as name, p.complaint_phone, p.complaint_email, p.complaint_url,
  p.languages, p.return_key
  from orgs o left join org_profiles p on p.org_id = o.id and p.livemode = app_mode()
 where o.id = app_org()"""
_KEEP = """
insert into org_profiles (org_id, livemode, name, complaint_phone, complaint_email, complaint_url,
  languages)
values (app_org(), app_mode(), %(name)s, %(phone)s, %(email)s, %(url)s, %(languages)s)
on conflict (org_id, livemode) do update set name = excluded.name,
  complaint_phone = excluded.complaint_phone, complaint_email = excluded.complaint_email,
  complaint_url = excluded.complaint_url, languages = excluded.languages, updated_at = now()"""
_NEXT_KEY = """
insert into org_profiles (org_id, livemode, name, return_key)
select o.id, app_mode(), o.name, 2 from orgs o where o.id = app_org()
on conflict (org_id, livemode) do update
   set return_key = org_profiles.return_key + 1, updated_at = now()"""


async def merchant(connection: "Connection") -> Merchant:
    """The profile it gave, or its name alone."""
    row: Mapping[str, Any] | None = await (await connection.execute(_MERCHANT)).fetchone()
    if row is None:
        return Merchant(name="")
    languages = tuple(Language(one) for one in row["languages"] or Language)
    return Merchant(
        name=row["name"],
        complaint_phone=row["complaint_phone"],
        complaint_email=row["complaint_email"],
        complaint_url=row["complaint_url"],
        languages=languages,
        return_key=row["return_key"] or 1,
    )


async def keep(connection: "Connection", told: Merchant) -> None:
    """Write the profile; the key of its returns stays what it is."""
    fields = {
        "name": told.name,
        "phone": told.complaint_phone,
        "email": told.complaint_email,
        "url": told.complaint_url,
        "languages": [str(one) for one in told.languages],
    }
    await connection.execute(_KEEP, fields)


async def next_return_key(connection: "Connection") -> None:
    """From now on returns are signed with another key."""
    await connection.execute(_NEXT_KEY)
