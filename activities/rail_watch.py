"""From what calls came to, to where rails stand: written and judged once a second or so."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from activities import rail_rows
from activities.rail_tally import Tally
from models import ids
from models.rail_health import (
    Circuit,
    Counts,
    Operation,
    Rail,
    Rules,
    Window,
    announced,
    judged,
)

if TYPE_CHECKING:
    from runtime.database import Connection, Database

_KNOWN = """
insert into rail_health (provider, country, operation)
select * from unnest(%s::text[], %s::text[], %s::text[]) on conflict do nothing"""
_COUNTED = """
insert into rail_outcomes (provider, country, operation, answered, troubled, throttled,
  asked_answered, asked_troubled) values (%s, %s, %s, %s, %s, %s, %s, %s)"""
_SEEN = """
insert into rail_watchers (id) values (%s) on conflict (id) do update set seen_at = now()"""
_LIVE = """
select count(*) as live, now() as at from rail_watchers where seen_at > now() - interval '10 s'"""
_LOCKED = """
select provider, country, operation, state, since, counted_from, until, streak, trials, reason
  from rail_health order by provider, country, operation for no key update"""
_SUMS = """
select h.provider, h.country, h.operation, sum(answered)::int as answered,
  sum(troubled)::int as troubled, sum(throttled)::int as throttled,
  sum(asked_answered)::int as asked_answered, sum(asked_troubled)::int as asked_troubled
  from rail_health h join rail_outcomes o on (o.provider, o.country, o.operation)
    = (h.provider, h.country, h.operation)
 where o.at >= greatest(h.counted_from, now() - make_interval(secs => %s)) group by 1, 2, 3"""
_WINDOWS = """
select provider, operation, starts_at, ends_at, reason from rail_windows
 where canceled_at is null and starts_at <= now() and ends_at > now() order by ends_at"""
_MOVED = """
update rail_health set state = %(state)s, since = %(since)s, counted_from = %(counted_from)s,
  until = %(until)s, streak = %(streak)s, trials = %(trials)s, reason = %(reason)s,
  updated_at = now()
 where (provider, country, operation) = (%(provider)s, %(country)s, %(operation)s)"""
_CHANGED = """
insert into rail_changes (id, provider, country, operation, from_state, to_state, reason, at,
  told_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_FORGET = (
    "delete from rail_outcomes where at < now() - make_interval(secs => %s)",
    "delete from rail_watchers where seen_at < now() - interval '1 hour'",
    "delete from rail_queue where operation <> 'collect' and freed_at < now() - interval '1 hour'",
)
_FORGET_EVERY = 60


class RailWatch:
    """One process's part: what it counted goes in, and whoever comes judges every rail.

    `rails`: those this process knows. `told`: how many worker processes live.
    """

    def __init__(
        self,
        database: "Database",
        tally: Tally,
        rails: Iterable[Rail],
        *,
        rules: Rules,
        told: Callable[[int], None] = lambda _live: None,
    ) -> None:
        self._database = database
        self._tally = tally
        self._rails = tuple(rails)
        self._rules = rules
        self._told = told
        self._id = ids.uuid7()
        self._rounds = 0

    async def flush(self) -> None:
        """Write what was counted, judge, and write where rails stand now: one transaction."""
        counts = self._tally.take()
        try:
            async with self._database.system() as connection:
                at = await self._written(connection, counts)
                await self._judge(connection, at)
        except BaseException:
            self._tally.put_back(counts)
            raise
        self._rounds += 1

    async def _written(self, connection: "Connection", counts: Mapping[Rail, Counts]) -> datetime:
        known = {*self._rails, *counts} if self._rounds == 0 else set(counts) - set(self._rails)
        if known:
            columns = zip(*sorted(_key(one) for one in known), strict=True)
            await connection.execute(_KNOWN, [list(column) for column in columns])
        for rail, taken in counts.items():
            await connection.execute(_COUNTED, [*_key(rail), *_numbers(taken)])
        await connection.execute(_SEEN, [self._id])
        row = await (await connection.execute(_LIVE)).fetchone() or {}
        self._told(row["live"])
        if self._rounds % _FORGET_EVERY == 0:
            await connection.execute(_FORGET[0], [self._rules.window])
            for statement in _FORGET[1:]:
                await connection.execute(statement)
        at: datetime = row["at"]
        return at

    async def _judge(self, connection: "Connection", at: datetime) -> None:
        rows = await (await connection.execute(_LOCKED)).fetchall()
        sums = await (await connection.execute(_SUMS, [self._rules.window])).fetchall()
        windows = await (await connection.execute(_WINDOWS)).fetchall()
        counted = {rail_rows.rail_of(row): _counts(row) for row in sums}
        for row in rows:
            rail, circuit = rail_rows.rail_of(row), rail_rows.circuit_of(row)
            now = judged(
                circuit,
                counted.get(rail, Counts()),
                at=at,
                rules=self._rules,
                window=_window(rail, windows),
            )
            if now != circuit:
                await _write(connection, rail, circuit, now, at)


async def _write(
    connection: "Connection", rail: Rail, before: Circuit, now: Circuit, at: datetime
) -> None:
    """Where the rail stands; a change of its state is kept, to be told."""
    fields = {name: getattr(now, name) for name in Circuit.__slots__}
    named = {"provider": rail.provider, "country": rail.country, "operation": rail.operation}
    await connection.execute(_MOVED, {**fields, **named})
    if now.state is before.state:
        return
    told = None if announced(before.state, now.state) else at
    row: list[Any] = [ids.uuid7(), *_key(rail), before.state, now.state, now.reason, at, told]
    await connection.execute(_CHANGED, row)


def _window(rail: Rail, rows: Iterable[Mapping[str, Any]]) -> Window | None:
    """The maintenance this rail is in, the one that ends last."""
    found = None
    for row in rows:
        if row["provider"] == rail.provider and row["operation"] in {None, rail.operation}:
            found = Window(starts_at=row["starts_at"], ends_at=row["ends_at"], reason=row["reason"])
    return found


def _key(rail: Rail) -> tuple[str, str, Operation]:
    return rail.provider, rail.country, rail.operation


def _numbers(counts: Counts) -> tuple[int, ...]:
    sent = (counts.answered, counts.troubled, counts.throttled)
    return (*sent, counts.asked_answered, counts.asked_troubled)


def _counts(row: Mapping[str, Any]) -> Counts:
    return Counts(**{name: row[name] for name in Counts.__slots__})
