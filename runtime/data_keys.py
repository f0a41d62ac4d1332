"""Data keys: one per organisation and mode at first, another at every rotation.

The newest seals and all open. They are unwrapped once per process and kept in memory; whether
there is a newer one is asked in the background, so that nobody waits for it.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from loguru import logger

from models.ids import uuid7
from runtime.database import Database
from runtime.key_providers.contract import KeyProvider, KeyRefused, Wrapped

#: Seconds after which the newest key is asked for again, and after which it must be.
REFRESHED, BELIEVED = 30.0, 60.0

_FIND = """
select id, kek, wrapped from data_keys where org_id = %s and livemode = %s order by version"""
_ADD = """insert into data_keys (id, org_id, livemode, kek, wrapped) values (%s, %s, %s, %s, %s)
          on conflict (org_id, livemode, version) do nothing"""

Scope: TypeAlias = tuple[UUID, bool]


class SealBroken(Exception):
    """A sealed value cannot be opened: wrong key, wrong organisation or field, or altered."""


@dataclass(slots=True)
class _Held:
    """The keys of one organisation and mode, oldest first, as read at a moment."""

    wrapped: dict[UUID, Wrapped]
    at: float
    opened: dict[UUID, bytes] = field(default_factory=dict, repr=False)

    @property
    def newest(self) -> UUID:
        return next(reversed(self.wrapped))

    @property
    def first(self) -> UUID:
        return next(iter(self.wrapped))


class DataKeys:
    """Reads, makes, opens and remembers data keys.

    A key is made in a transaction of its own: were it made inside the caller's, a rollback
    would leave the key in memory and nowhere else. The connection is its own too: the caller
    may hold the last one of the pool.
    """

    def __init__(
        self,
        database: Database,
        provider: KeyProvider,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._provider = provider
        self._clock = clock
        self._held: dict[Scope, _Held] = {}
        self._locks: dict[Scope, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def newest(self, scope: Scope) -> tuple[UUID, bytes]:
        """The key that seals, made at first use. Raises SealBroken or KeysAway."""
        held = await self._fresh(scope)
        return held.newest, await self._opened(scope, held, held.newest)

    async def first(self, scope: Scope) -> bytes:
        """The key that was there first, whatever was rotated since."""
        held = await self._fresh(scope)
        return await self._opened(scope, held, held.first)

    async def named(self, scope: Scope, key_id: UUID) -> bytes:
        """The key a sealed value names. Raises SealBroken or KeysAway."""
        held = self._held.get(scope)
        if held is None or key_id not in held.wrapped:
            held = await self._read(scope, since=self._clock())
        if key_id not in held.wrapped:
            raise SealBroken("sealed under a data key this organisation does not have")
        return await self._opened(scope, held, key_id)

    async def settled(self) -> None:
        """Wait for what is asked in the background."""
        await asyncio.gather(*self._tasks)

    async def _fresh(self, scope: Scope) -> _Held:
        held = self._held.get(scope)
        age = self._clock() - held.at if held else BELIEVED
        if held is None or age >= BELIEVED:
            return await self._read(scope, since=self._clock() - BELIEVED)
        if age >= REFRESHED:
            self._refresh(scope)
        return held

    def _refresh(self, scope: Scope) -> None:
        if scope not in self._locks or not self._locks[scope].locked():
            task = asyncio.create_task(self._refreshed(scope))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _refreshed(self, scope: Scope) -> None:
        try:
            await self._read(scope, since=self._clock() - REFRESHED)
        except Exception as error:  # noqa: BLE001 - asked again at the next use, and then waited for
            logger.warning("data keys are not read again yet: {}", type(error).__name__)

    async def _read(self, scope: Scope, *, since: float) -> _Held:
        """Read the rows, unless another did since then."""
        async with self._locks.setdefault(scope, asyncio.Lock()):
            known = self._held.get(scope)
            if known is not None and known.at > since:
                return known
            at = self._clock()
            wrapped = await self._rows(scope) or await self._made(scope)
            held = _Held(wrapped, at, known.opened if known else {})
            self._held[scope] = held
            return held

    async def _rows(self, scope: Scope) -> dict[UUID, Wrapped]:
        async with self._database.apart(*scope) as connection:
            return _wrapped(await (await connection.execute(_FIND, scope)).fetchall())

    async def _made(self, scope: Scope) -> dict[UUID, Wrapped]:
        """The first key of a scope: ours, or one another process made in the same moment."""
        fresh = await self._provider.wrap(os.urandom(32), org=scope[0])
        async with self._database.apart(*scope) as connection:
            await connection.execute(_ADD, [uuid7(), *scope, fresh.kek, fresh.sealed])
            return _wrapped(await (await connection.execute(_FIND, scope)).fetchall())

    async def _opened(self, scope: Scope, held: _Held, key_id: UUID) -> bytes:
        if key_id not in held.opened:
            wrapped = held.wrapped[key_id]
            if not self._provider.holds(wrapped.kek):
                raise SealBroken(
                    f"the key {wrapped.kek}, which wraps a data key, is not configured"
                )
            try:
                held.opened[key_id] = await self._provider.unwrap(wrapped, org=scope[0])
            except KeyRefused as error:
                raise SealBroken(str(error)) from error
        return held.opened[key_id]


def _wrapped(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, Wrapped]:
    return {row["id"]: Wrapped(kek=row["kek"], sealed=row["wrapped"]) for row in rows}
