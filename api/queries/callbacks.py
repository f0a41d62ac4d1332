"""Where a callback belongs, and its one row. The system role: no organisation is known yet."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final
from uuid import UUID

from models import ids
from runtime.database import Database

Row = Mapping[str, Any]

_ATTEMPT = """
select id, org_id, livemode, checkout_id from attempts where id = %s and provider = %s"""
_KNOWN = "select 1 from inbox where digest = %s"
_STORE = """
insert into inbox (id, org_id, livemode, kind, workflow_id, attempt_id, digest, payload_sealed)
select %(id)s, %(org)s, %(livemode)s, 'callback', %(workflow)s, %(attempt)s, %(digest)s, %(sealed)s
 where (select count(*) from inbox where attempt_id = %(attempt)s and kind = 'callback') < %(most)s
on conflict (digest) do nothing returning id"""


class _Full(Enum):
    FULL = "full"


#: The attempt has as many different messages as are kept.
FULL: Final = _Full.FULL


async def attempt_row(database: Database, attempt_id: UUID, provider: str) -> Row | None:
    """The attempt a path names, if it is this provider's."""
    async with database.system() as connection:
        return await (await connection.execute(_ATTEMPT, [attempt_id, provider])).fetchone()


async def store(
    database: Database, attempt: Row, *, digest: str, sealed: bytes, most: int
) -> UUID | _Full | None:
    """Keep a message once: the id of its new row, None when it is known, FULL when too many."""
    values = {
        "id": ids.uuid7(),
        "org": attempt["org_id"],
        "livemode": attempt["livemode"],
        "workflow": ids.shown(ids.CHECKOUT, attempt["checkout_id"]),
        "attempt": attempt["id"],
        "digest": digest,
        "sealed": sealed,
        "most": most,
    }
    async with database.system() as connection:
        row = await (await connection.execute(_STORE, values)).fetchone()
        if row is not None:
            new: UUID = row["id"]
            return new
        known = await (await connection.execute(_KNOWN, [digest])).fetchone()
    return None if known else FULL
