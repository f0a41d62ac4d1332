"""What wallets, merchants, escrows and suspense hold, saga by saga, against where those stand."""

from typing import Any, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import tuple_row

from models import ids, saga_states
from models.saga import SagaKind

Connection: TypeAlias = AsyncConnection[Any]

#: Of suspense what refunds hold: what two people send back by hand is held by nobody.
_HELD = r"""
select coalesce(e.about, e.id),
       sum(case l.side when 'credit' then l.amount else -l.amount end)::bigint as held
  from ledger_accounts a join ledger_lines l on l.account_id = a.id
  join ledger_entries e on e.seq = l.entry_seq
 where a.name like 'partner:%:wallet_held' or a.name like 'merchant:%:held'
    or (a.name like 'suspense:%:held' and e.about like 'rf\_%')
 group by 1 having sum(case l.side when 'credit' then l.amount else -l.amount end) <> 0
 order by 1"""
_KEPT = """
select split_part(name, ':', 3), sum(balance)::bigint from ledger_accounts
 where name like 'escrow:%' group by 1 having sum(balance) <> 0 order by 1"""
_STATES = "select id, kind, state from sagas where id = any(%s)"


async def stale_holds(connection: Connection) -> list[str]:
    """Sagas that gave back more than they held, or have ended, or are gone, and still hold.

    Money moves while it is looked: what looks stale is looked at once more. One that ended between
    the two questions has given up its hold by then, for both are one transaction.
    """
    async with connection.cursor(row_factory=tuple_row) as cursor:
        suspects = await _stale(cursor)
        return sorted(suspects & await _stale(cursor)) if suspects else []


async def _stale(cursor: AsyncCursor[Any]) -> set[str]:
    await cursor.execute(_HELD)
    held: dict[str, int] = dict(await cursor.fetchall())
    await cursor.execute(_KEPT)
    held |= dict(await cursor.fetchall())
    sagas = {about: _saga(about) for about in held}
    await cursor.execute(_STATES, [[saga for saga in sagas.values() if saga]])
    running = {
        saga
        for saga, kind, state in await cursor.fetchall()
        if not saga_states.final(SagaKind(kind), state)
    }
    return {about for about, amount in held.items() if amount < 0 or sagas[about] not in running}


def _saga(about: str) -> UUID | None:
    """The row behind it; None for a text that names none."""
    try:
        return ids.parsed(ids.prefix_of(about), about)
    except ids.BadId:
        return None
