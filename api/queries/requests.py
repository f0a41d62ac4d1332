"""Words left for sagas by people, in the caller's scope; the inbox brings them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models import ids
from models.saga import SagaKind
from models.saga_view import PREFIXES
from runtime.database import Connection

Row = Mapping[str, Any]

_LOCKED = "select * from sagas where id = %s and kind = %s for no key update"
_REQUEST = """
insert into inbox (id, org_id, livemode, kind, workflow_id, attempt_id, digest, payload_sealed)
values (%s, %s, %s, 'request', %s, %s, %s, %s) on conflict (digest) do nothing returning id"""


async def locked(connection: Connection, kind: SagaKind, saga: UUID) -> Row | None:
    """The saga, held until the transaction ends."""
    return await (await connection.execute(_LOCKED, [saga, str(kind)])).fetchone()


async def leave(connection: Connection, saga: Row, *, digest: str, sealed: bytes) -> UUID | None:
    """Something for the saga to hear; None when it was told before."""
    name = ids.shown(PREFIXES[SagaKind(saga["kind"])], saga["id"])
    scope = [saga["org_id"], saga["livemode"]]
    values = [ids.uuid7(), *scope, name, saga["id"], digest, sealed]
    row = await (await connection.execute(_REQUEST, values)).fetchone()
    return row["id"] if row else None
