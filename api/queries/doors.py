"""Whom a standing or instruction path belongs to, and its messages. The system role."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models import ids
from models.money_out import BankRail
from models.saga import SagaKind
from models.saga_view import PREFIXES
from runtime.database import Database

Row = Mapping[str, Any]

_OWNER = """
select 'instruction' as what, i.id, i.org_id, i.livemode, s.id as saga_id, s.kind, 0 as version
  from instructions i join sagas s on s.id = i.saga_id where i.id = %(id)s
union all select 'saga', id, org_id, livemode, id, kind, 0 from sagas where id = %(id)s
union all select 'credential', id, org_id, livemode, null, kind, version
  from credentials where id = %(id)s
union all select 'credential', address, org_id, livemode, null, kind, version
  from kept_addresses where address = %(id)s"""
_NAMED = """
select 'instruction' as what, i.id, i.org_id, i.livemode, s.id as saga_id, s.kind, 0 as version
  from instructions i join sagas s on s.id = i.saga_id
 where i.our_reference = %s and (starts_with(i.rail, 'ncba_') or i.rail = any(%s))"""
_KNOWN = "select id from inbox where digest = %s"
_STORE = """
insert into inbox (id, org_id, livemode, kind, slug, workflow_id, attempt_id, digest,
  payload_sealed)
select %(id)s, %(org)s, %(livemode)s, %(kind)s, %(slug)s, %(workflow)s, %(owner)s, %(digest)s,
  %(sealed)s
 where %(most)s::int is null or (select count(*) from inbox where attempt_id = %(owner)s
   and workflow_id = %(workflow)s) < %(most)s
on conflict (digest) do nothing returning id"""


async def owner(database: Database, owner_id: UUID) -> Row | None:
    """The instruction, saga or credential a path names, or what a deleted one left open."""
    async with database.system() as connection:
        return await (await connection.execute(_OWNER, {"id": owner_id})).fetchone()


async def by_reference(database: Database, reference: str) -> Row | None:
    """The instruction to the bank that carries our reference."""
    async with database.system() as connection:
        return await (await connection.execute(_NAMED, [reference, list(BankRail)])).fetchone()


async def store(
    database: Database,
    found: Row,
    *,
    kind: str,
    slug: str,
    digest: str,
    sealed: bytes,
    most: int | None,
) -> tuple[UUID | None, bool]:
    """Keep a message once: its row's id and whether it is new; (None, False) when too many."""
    values = {
        "id": ids.uuid7(),
        "org": found["org_id"],
        "livemode": found["livemode"],
        "kind": kind,
        "slug": slug,
        "workflow": _workflow(found),
        "owner": found["id"],
        "digest": digest,
        "sealed": sealed,
        "most": most,
    }
    async with database.system() as connection:
        new = await (await connection.execute(_STORE, values)).fetchone()
        if new is not None:
            return new["id"], True
        known = await (await connection.execute(_KNOWN, [digest])).fetchone()
    return (known["id"] if known else None), False


def _workflow(found: Row) -> str:
    """The workflow that waits for it: the saga's, or the check of a credential's version."""
    if "workflow" in found:
        return str(found["workflow"])
    if found["saga_id"] is None:
        return f"credential/{ids.shown(ids.CREDENTIAL, found['id'])}/{found['version']}"
    return ids.shown(PREFIXES[SagaKind(found["kind"])], found["saga_id"])
