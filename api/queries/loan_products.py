"""The SQL of loan products as partners change them, on a connection scoped to one of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from runtime.database import Connection

Row = Mapping[str, Any]

_ONE = "select * from loan_products where id = %s"
_CHANGE = """
update loan_products set version = version + 1, updated_at = now(), enabled = %(enabled)s,
  state = %(state)s, per_loan_limit = %(per_loan_limit)s, per_day_limit = %(per_day_limit)s,
  per_client_day_limit = %(per_client_day_limit)s
 where id = %(id)s returning *"""


async def one(connection: Connection, product: UUID, *, lock: bool = False) -> Row | None:
    """A product; `lock` keeps others from changing it meanwhile."""
    statement = f"{_ONE} for no key update" if lock else _ONE
    return await (await connection.execute(statement, [product])).fetchone()


async def change(connection: Connection, wanted: Row) -> Row:
    """Write the columns a partner decides on and return the row."""
    row = await (await connection.execute(_CHANGE, wanted)).fetchone()
    if row is None:
        raise LookupError("the product was locked a moment ago and is gone")
    return row
