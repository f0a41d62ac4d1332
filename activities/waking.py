"""A word left for a saga that waits: the relay brings it, at least once."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids

if TYPE_CHECKING:
    from runtime.database import Connection
    from runtime.vault import Vault

_WAKE = """
insert into inbox (id, org_id, livemode, kind, workflow_id, attempt_id, digest, payload_sealed)
values (%s, %s, %s, 'request', %s, %s, %s, %s) on conflict (digest) do nothing returning id"""


async def word(vault: "Vault", org: UUID, *, livemode: bool, why: str) -> bytes:
    """What a saga is to be told, sealed for its organisation. Call it outside the transaction."""
    plain = json.dumps({"actor": "kauri", "why": why}).encode()
    return await vault.seal(org, livemode=livemode, field="inbox", plain=plain)


async def cancellation(vault: "Vault", org: UUID, *, livemode: bool) -> bytes:
    """The word that gives a saga up, sealed likewise."""
    plain = json.dumps({"actor": "kauri", "cancel": True}).encode()
    return await vault.seal(org, livemode=livemode, field="inbox", plain=plain)


async def wake(
    connection: "Connection", org: UUID, saga: str, *, livemode: bool, occasion: str, sealed: bytes
) -> UUID | None:
    """Leave the word for a saga (its public id) once per occasion, in the organisation's scope.

    The message's id; None when it was left before.
    """
    digest = ids.body_digest(f"wake/{saga}", occasion.encode())
    row_id = ids.parsed(ids.prefix_of(saga), saga)
    values: list[Any] = [ids.uuid7(), org, livemode, saga, row_id, digest, sealed]
    row = await (await connection.execute(_WAKE, values)).fetchone()
    return row["id"] if row else None
