"""The SQL of credentials, on a connection scoped to one organisation and mode."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import ids
from models.credential_check import CREDENTIAL_CHECK, CheckOrder
from models.credentials import CredentialKind
from runtime.database import Connection

Row = Mapping[str, Any]

_ALL = "select * from credentials order by kind"
_ONE = "select * from credentials where kind = %s"
# Under the address of the one that was deleted, and after its version: each is checked once.
_ENTER = """
with kept as (delete from kept_addresses where kind = %(kind)s returning address, version)
insert into credentials (id, version, org_id, livemode, kind, short_code, shown, fields_sealed,
  password_set_at)
values (coalesce((select address from kept), %(id)s), coalesce((select version from kept), 0) + 1,
  %(org)s, %(live)s, %(kind)s, %(short_code)s, %(shown)s, %(sealed)s, %(set_at)s)
on conflict (org_id, livemode, kind) do update set state = 'checking', usable = false,
  version = credentials.version + 1, short_code = excluded.short_code, shown = excluded.shown,
  fields_sealed = excluded.fields_sealed, password_set_at = excluded.password_set_at,
  checks = '[]', checked_at = null, check_asked_at = now(), updated_at = now()
  where credentials.version = %(over)s
returning *"""
_AGAIN = """
update credentials set state = 'checking', version = version + 1, checks = '[]',
  check_asked_at = now(), updated_at = now() where id = %s returning *"""
_DELETE = "delete from credentials where kind = %s returning *"
_KEEP = """
insert into kept_addresses (address, org_id, livemode, kind, short_code, version)
values (%(id)s, %(org_id)s, %(livemode)s, %(kind)s, %(short_code)s, %(version)s)"""
_START = """
insert into starts (id, org_id, livemode, kind, payload_sealed) values (%s, %s, %s, %s, %s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What is written of a credential as entered. `over`: the version it replaces, 0 for none."""

    org: UUID
    livemode: bool
    kind: str
    short_code: str | None
    shown: Mapping[str, Any]
    sealed: bytes
    set_at: datetime | None
    over: int


async def every(connection: Connection) -> list[Row]:
    """Every credential of the organisation."""
    return list(await (await connection.execute(_ALL)).fetchall())


async def one(connection: Connection, kind: str, *, lock: bool = False) -> Row | None:
    """The credential of a kind; `lock` keeps others from changing it meanwhile."""
    statement = f"{_ONE} for no key update" if lock else _ONE
    return await (await connection.execute(statement, [kind])).fetchone()


async def enter(connection: Connection, entered: Entered) -> Row | None:
    """Create or replace; nothing of what was there before is used any more.

    None where another version than the one to be replaced stands there by now.
    """
    fields = {"id": ids.uuid7(), "org": entered.org, "live": entered.livemode}
    fields |= {"kind": entered.kind, "short_code": entered.short_code, "sealed": entered.sealed}
    fields |= {"shown": json.dumps(entered.shown), "set_at": entered.set_at}
    fields |= {"over": entered.over}
    return await (await connection.execute(_ENTER, fields)).fetchone()


async def check_again(connection: Connection, row: Row) -> Row:
    """Ask for another check; what is in use stays in use until it fails."""
    again = await (await connection.execute(_AGAIN, [row["id"]])).fetchone()
    if again is None:
        raise LookupError("the credential was locked a moment ago and is gone")
    return again


async def delete(connection: Connection, kind: str) -> bool:
    """Erase the credential with its secrets; False when there was none.

    The address of a pay bill stays open: M-Pesa goes on telling payments there.
    """
    row = await (await connection.execute(_DELETE, [kind])).fetchone()
    if row is not None and kind == CredentialKind.MPESA_C2B:
        await connection.execute(_KEEP, row)
    return row is not None


async def start(connection: Connection, row: Row, order: CheckOrder, sealed: bytes) -> None:
    """The accepted row of the check's workflow."""
    scope = [row["org_id"], row["livemode"]]
    await connection.execute(_START, [order.workflow_id, *scope, CREDENTIAL_CHECK, sealed])
