"""Payment links: their rows, and the sessions they made."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from runtime.database import Connection

Row = Mapping[str, Any]

_ADD = """
insert into payment_links (id, org_id, livemode, amount, currency, smallest, largest, reference,
  description, single, expires_at, success_url, cancel_url)
values (%(id)s, app_org(), app_mode(), %(amount)s, %(currency)s, %(smallest)s, %(largest)s,
  %(reference)s, %(description)s, %(single)s, %(expires_at)s, %(success_url)s, %(cancel_url)s)
returning *"""
_ONE = "select * from payment_links where id = %s"
_STOP = """
update payment_links set active = false,
  updated_at = case when active then now() else updated_at end
 where id = %s returning *"""
_USED = """
select c.id, c.state, c.amount, c.expires_at from payment_link_uses u
  join checkouts c on c.id = u.checkout_id
 where u.link_id = %s and u.single and not u.ended"""
_END = "update payment_link_uses set ended = true where checkout_id = %s"
_USE = """
with used as (
  update payment_links set uses = uses + 1, updated_at = now() where id = %(link)s
  returning id, single)
insert into payment_link_uses (checkout_id, link_id, org_id, livemode, single)
select %(checkout)s, id, app_org(), app_mode(), single from used"""


async def add(connection: Connection, fields: Row) -> Row:
    """Write a new link."""
    row = await (await connection.execute(_ADD, fields)).fetchone()
    if row is None:
        raise LookupError("the link was not written")
    return row


async def one(connection: Connection, link: UUID, *, lock: bool = False) -> Row | None:
    """The link; None when it is not the caller's. Locked, nobody else opens it meanwhile."""
    statement = f"{_ONE} for no key update" if lock else _ONE
    return await (await connection.execute(statement, [link])).fetchone()


async def stop(connection: Connection, link: UUID) -> Row | None:
    """Let nobody open it any more; sessions it made stay."""
    return await (await connection.execute(_STOP, [link])).fetchone()


async def use_of(connection: Connection, link: UUID) -> Row | None:
    """The session of a single link that has not ended unpaid."""
    return await (await connection.execute(_USED, [link])).fetchone()


async def end_use(connection: Connection, checkout: UUID) -> None:
    """The session ended unpaid: its link may make another."""
    await connection.execute(_END, [checkout])


async def use(connection: Connection, link: UUID, checkout: UUID) -> None:
    """Count a session; the database lets a single link have one."""
    await connection.execute(_USE, {"link": link, "checkout": checkout})
