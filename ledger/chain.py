"""The hash chain: one per organisation and mode, over ids and amounts of committed entries.

Posting never waits for it. The platform organisation's chain is the one called `house`. What is
chained holds no personal data, so erasing that never breaks a link.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row, tuple_row
from psycopg_pool import AsyncConnectionPool

#: One chainer at a time, whoever runs it (an arbitrary constant).
_LOCK = 7_041_777
GENESIS = b"\0" * 32

_CONTENT = """select e.seq as entry_seq, e.id as entry_id, e.org_id as org, e.livemode, e.currency,
    (select string_agg(
              concat_ws(' ', l.line_no, a.name, a.shard, l.side, l.amount), ';' order by l.line_no)
       from ledger_lines l join ledger_accounts a on a.id = l.account_id
      where l.entry_seq = e.seq) as lines"""
_UNCHAINED = f"""{_CONTENT} from ledger_entries e
  where e.seq > %s and not exists (select from entry_chain c where c.entry_seq = e.seq)
  order by e.seq limit %s"""
_HORIZON = """select coalesce((select max(seq) from ledger_entries), 0),
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint"""
_HEADS = """select distinct on (org_id, livemode) org_id, livemode, seq, hash from entry_chain
  where org_id = any(%s) order by org_id, livemode, seq desc"""
_APPEND = """insert into entry_chain (org_id, livemode, seq, entry_seq, entry_id, previous, hash)
  values (%s, %s, %s, %s, %s, %s, %s)"""
_CHAINED = f"""{_CONTENT}, c.seq, c.previous, c.hash, c.entry_id as named,
    c.org_id as chain_org, c.livemode as chain_mode
  from entry_chain c left join ledger_entries e on e.seq = c.entry_seq and e.id = c.entry_id
  order by c.org_id, c.livemode, c.seq"""

Connection: TypeAlias = AsyncConnection[Any]
Chain: TypeAlias = tuple[UUID, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a link seals: the entry's ids and amounts, nothing else."""

    entry_seq: int
    entry_id: str
    org: UUID
    livemode: bool
    currency: str
    lines: str | None

    @property
    def chain(self) -> Chain:
        """The chain it belongs to."""
        return self.org, self.livemode


def link(previous: bytes, seq: int, content: Content) -> bytes:
    """The hash of one link: SHA-256 over the link before, the place and the content."""
    told = f"{seq}\n{content.entry_id}\n{content.org}\n{content.livemode}\n{content.currency}\n"
    return hashlib.sha256(previous + told.encode() + (content.lines or "").encode()).digest()


class Chainer:
    """Links committed entries in the background. Two of them running do no harm."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool
        self._done = 0  # every entry up to here is linked and none below can still appear
        self._pending: tuple[int, int] | None = None

    async def run_once(self, limit: int = 500) -> int:
        """Link up to `limit` entries and return how many; 0 also while another chainer works."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute("set local role kauri_system")
            if not (await _row(connection, "select pg_try_advisory_xact_lock(%s)", _LOCK))[0]:
                return 0
            horizon = await _row(connection, _HORIZON)
            async with connection.cursor(row_factory=class_row(Content)) as cursor:
                await cursor.execute(_UNCHAINED, [self._done, limit])
                found = await cursor.fetchall()
            await _append(connection, found)
        self._advance(*horizon, everything=len(found) < limit)
        return len(found)

    def _advance(
        self, newest: int, oldest_running: int, next_xid: int, *, everything: bool
    ) -> None:
        """Entry numbers are drawn before commit: a number is safe to skip only once every
        transaction that ran when it was the newest has ended.
        """
        if self._pending and everything and oldest_running >= self._pending[1]:
            self._done, self._pending = self._pending[0], None
        if self._pending is None:
            self._pending = (newest, next_xid)


async def _append(connection: Connection, found: list[Content]) -> None:
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_HEADS, [list({content.org for content in found})])
        heads = {(org, mode): (seq, last) for org, mode, seq, last in await cursor.fetchall()}
        rows = []
        for content in found:
            seq, previous = heads.get(content.chain, (0, GENESIS))
            hashed = link(previous, seq + 1, content)
            heads[content.chain] = (seq + 1, hashed)
            rows.append(
                (*content.chain, seq + 1, content.entry_seq, content.entry_id, previous, hashed)
            )
        await cursor.executemany(_APPEND, rows)


async def _row(connection: Connection, query: str, *values: object) -> TupleRow:
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(query, values)
        row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("the query returns one row")
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Content):
    """One stored link, and the entry as it stands now (its fields None where it is gone)."""

    seq: int
    previous: bytes
    hash: bytes
    named: str
    chain_org: UUID
    chain_mode: bool

    def follows(self, seq: int, previous: bytes) -> bool:
        """True when it stands in its place and still seals the entry it names."""
        return (
            (self.seq, self.previous) == (seq, previous)
            and self.lines is not None
            and self.chain == (self.chain_org, self.chain_mode)
            and hmac.compare_digest(self.hash, link(previous, seq, self))
        )


async def broken_links(connection: Connection) -> list[str]:
    """Every link that does not verify as `organisation place entry`, in chain order."""
    broken: list[str] = []
    expected: dict[Chain, tuple[int, bytes]] = {}
    async with connection.cursor("links", row_factory=class_row(Link)) as cursor:
        await cursor.execute(_CHAINED)
        async for stored in cursor:
            chain = (stored.chain_org, stored.chain_mode)
            if not stored.follows(*expected.get(chain, (1, GENESIS))):
                broken.append(f"{stored.chain_org} {stored.seq} {stored.named}")
            expected[chain] = (stored.seq + 1, stored.hash)
    return broken
