"""Rotation of keys while everything runs.

Re-wrapping puts every data key under the newest key-encryption key: no sealed value changes.
New data keys go further: every value is sealed again, in batches, each where it stands. Nobody
waits for either: old keys open as before.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models.ids import uuid7
from runtime.data_keys import BELIEVED, Scope
from runtime.database import Connection, Database
from runtime.key_providers.contract import KeyProvider, Wrapped
from runtime.sealed_columns import SEALED_COLUMNS, SealedColumn
from runtime.vault import Vault

#: Until then every process has learned of a new data key.
SETTLED = BELIEVED + 10.0
_BATCH = 200
#: Values sealed with the old key while we work are met by the next pass.
_PASSES = 5

_KEYS = "select id, org_id, kek, wrapped from data_keys order by org_id, livemode, version"
_REWRAP = "update data_keys set kek = %s, wrapped = %s where id = %s and wrapped = %s"
_SCOPES = "select distinct org_id, livemode from data_keys order by org_id, livemode"
_ADD = """
insert into data_keys (id, org_id, livemode, kek, wrapped, version)
select %s, %s, %s, %s, %s, max(version) + 1 from data_keys where org_id = %s and livemode = %s"""
_NEWEST = """
select id from data_keys where org_id = %s and livemode = %s order by version desc limit 1"""
_RETIRE = """
update data_keys set retired_at = now()
 where org_id = %s and livemode = %s and id <> %s and retired_at is null"""


class Rotation:
    """Rotates the keys of every organisation."""

    def __init__(self, database: Database, provider: KeyProvider) -> None:
        self._database = database
        self._provider = provider

    async def rewrap(self) -> int:
        """Wrap every data key anew; returns how many. Raises KeysAway or KeyRefused."""
        async with self._database.system() as connection:
            rows = await (await connection.execute(_KEYS)).fetchall()
        for row in rows:
            old = Wrapped(kek=row["kek"], sealed=row["wrapped"])
            key = await self._provider.unwrap(old, org=row["org_id"])
            new = await self._provider.wrap(key, org=row["org_id"])
            async with self._database.system() as connection:
                await connection.execute(_REWRAP, [new.kek, new.sealed, row["id"], old.sealed])
        return len(rows)

    async def renew(self, *, settle: float = SETTLED) -> int:
        """A new data key for every organisation, and every value sealed under it.

        Returns how many values were sealed again. `settle`: seconds until every process seals
        with the new key.
        """
        async with self._database.system() as connection:
            rows = await (await connection.execute(_SCOPES)).fetchall()
        scopes = [(row["org_id"], row["livemode"]) for row in rows]
        for scope in scopes:
            await self._add(scope)
        await asyncio.sleep(settle)
        return sum([await self._resealed(scope) for scope in scopes])

    async def _add(self, scope: Scope) -> None:
        fresh = await self._provider.wrap(os.urandom(32), org=scope[0])
        async with self._database.system() as connection:
            await connection.execute(_ADD, [uuid7(), *scope, fresh.kek, fresh.sealed, *scope])

    async def _resealed(self, scope: Scope) -> int:
        vault, total = Vault(self._database, self._provider), 0
        async with self._database.system() as connection:
            row = await (await connection.execute(_NEWEST, scope)).fetchone()
        if row is None:
            raise LookupError("an organisation lost its data keys")
        for _ in range(_PASSES):
            met = sum([await self._column(vault, scope, row["id"], one) for one in SEALED_COLUMNS])
            if not met:
                break
            total += met
        else:
            raise RuntimeError("values are still sealed under an old key: run it again")
        async with self._database.system() as connection:
            await connection.execute(_RETIRE, [*scope, row["id"]])
        return total

    async def _column(self, vault: Vault, scope: Scope, newest: UUID, column: SealedColumn) -> int:
        """Seal again what one column holds under an older key; returns how many values."""
        met, after = 0, None
        while True:
            async with self._database.scoped(*scope) as connection:
                rows = await _page(connection, column, newest, after)
            for row in rows:
                await self._value(vault, scope, column, row)
            met += len(rows)
            if len(rows) < _BATCH:
                return met
            after = [rows[-1][name] for name in column.key]

    async def _value(
        self, vault: Vault, scope: Scope, column: SealedColumn, row: Mapping[str, Any]
    ) -> None:
        """One value, unless it was changed meanwhile: then it is sealed anew already."""
        org, livemode = scope
        plain = await vault.unseal(org, livemode=livemode, field=row["field"], sealed=row["sealed"])
        fresh = await vault.seal(org, livemode=livemode, field=row["field"], plain=plain)
        where = " and ".join(f"{name} = %s" for name in column.key)
        statement = (
            f"update {column.table} set {column.column} = %s where {where} and {column.column} = %s"
        )
        values = [fresh, *(row[name] for name in column.key), row["sealed"]]
        async with self._database.scoped(*scope) as connection:
            await connection.execute(statement, values)


async def _page(
    connection: Connection, column: SealedColumn, newest: UUID, after: Sequence[Any] | None
) -> Sequence[Mapping[str, Any]]:
    key = ", ".join(column.key)
    places = ", ".join(["%s"] * len(column.key))
    statement = (
        f"select {key}, {column.column} as sealed, {column.field} as field from {column.table}"
        f" where length({column.column}) > 0"
        f" and substring({column.column} from 1 for 16) <> %s"
        f" and {f'({key}) > ({places})' if after else 'true'}"
        f" order by {key} limit {_BATCH}"
    )
    values = [newest.bytes, *(after or ())]
    return await (await connection.execute(statement, values)).fetchall()
