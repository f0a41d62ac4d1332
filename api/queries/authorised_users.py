"""The SQL of authorised users, on a connection scoped to one organisation and mode."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg import sql

from runtime.database import Connection

Row = Mapping[str, Any]

#: Authorised users of one partner and mode.
MOST = 50

_ADD = """
insert into authorised_users (id, org_id, livemode, name, phone_sealed, phone_lookup,
  phone_masked, email_sealed, email_masked)
select %(id)s, %(org_id)s, %(livemode)s, %(name)s, %(phone_sealed)s, %(phone_lookup)s,
  %(phone_masked)s, %(email_sealed)s, %(email_masked)s
 where (select count(*) from authorised_users where deleted_at is null) < %(most)s
returning *"""
_ONE = "select * from authorised_users where id = %s and deleted_at is null"
_LIST = """
select * from authorised_users where deleted_at is null
   and (%(after)s::uuid is null or id < %(after)s) order by id desc limit %(limit)s"""
_CHANGE = "update authorised_users set {}, version = version + 1, updated_at = now()" + (
    " where id = {} returning *"
)
_DELETE = """
update authorised_users set deleted_at = now(), updated_at = now(), active = false, name = '',
  phone_sealed = '', phone_lookup = '', phone_masked = '', email_sealed = '', email_masked = ''
 where id = %s"""


async def add(connection: Connection, row: Row) -> Row | None:
    """A new user; None when the partner has as many as it may. Raises UniqueViolation."""
    return await (await connection.execute(_ADD, {**row, "most": MOST})).fetchone()


async def one(connection: Connection, user_id: UUID, *, lock: bool = False) -> Row | None:
    """A user that is not deleted; `lock` keeps others from changing it meanwhile."""
    statement = f"{_ONE} for no key update" if lock else _ONE
    return await (await connection.execute(statement, [user_id])).fetchone()


async def page(connection: Connection, *, after: UUID | None, limit: int) -> list[Row]:
    """Users, the newest first, those older than `after`."""
    found = await connection.execute(_LIST, {"after": after, "limit": limit})
    return list(await found.fetchall())


async def change(connection: Connection, user_id: UUID, columns: Row) -> Row:
    """Set the named columns and return the row. Raises UniqueViolation."""
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in columns
    )
    statement = sql.SQL(_CHANGE).format(sets, sql.Placeholder())
    row = await (await connection.execute(statement, [*columns.values(), user_id])).fetchone()
    if row is None:
        raise LookupError("the user was locked a moment ago and is gone")
    return row


async def delete(connection: Connection, user_id: UUID) -> None:
    """Erase what is personal; the row stays for what points at it."""
    await connection.execute(_DELETE, [user_id])
