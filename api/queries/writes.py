"""What acceptance writes, on a connection whose scope is set; nothing is read, so it pipelines."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models import ids
from runtime.database import Connection

Row = Mapping[str, Any]

_ATTEMPT = """
insert into attempts (id, org_id, livemode, payment_id, checkout_id, number, provider, state,
  amount, currency, payer_sealed, payer_lookup, payer_masked, our_reference, created_at, updated_at)
values (%(id)s, %(org_id)s, %(livemode)s, %(payment_id)s, %(checkout_id)s, %(number)s,
  %(provider)s, %(state)s, %(amount)s, %(currency)s, %(payer_sealed)s, %(payer_lookup)s,
  %(payer_masked)s, %(our_reference)s, %(created_at)s, %(updated_at)s)"""
_START = """
insert into starts (id, org_id, livemode, kind, payload_sealed, accepted_at)
values (%s, %s, %s, 'checkout', %s, %s)"""
_MESSAGE = """
insert into inbox (id, org_id, livemode, kind, workflow_id, attempt_id, digest, payload_sealed)
values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (digest) do nothing returning id"""
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %s, %s, %s, %s, %s, coalesce(max(sequence), 0) + 1, %s, %s, %s
  from events where object_id = %s"""
_MOVE = """
with moved as (update payments set status = %(status)s, updated_at = %(at)s where id = %(payment)s)
update checkouts set state = %(state)s, updated_at = %(at)s where id = %(checkout)s"""

#: One move: kind of object, its id, the state before (None: it is new) and after.
Move = tuple[str, UUID, str | None, str]


async def add_attempt(connection: Connection, attempt: Row) -> None:
    """One attempt; the database lets only one be open per payment."""
    await connection.execute(_ATTEMPT, attempt)


async def add_start(connection: Connection, checkout: Row, sealed: bytes, at: datetime) -> None:
    """The workflow to start, until the dispatcher or the relay has done it."""
    values = [_name(checkout), checkout["org_id"], checkout["livemode"], sealed, at]
    await connection.execute(_START, values)


async def add_message(
    connection: Connection,
    checkout: Row,
    *,
    kind: str,
    attempt_id: UUID,
    digest: str,
    sealed: bytes,
) -> UUID:
    """A signal to deliver; stored once per digest. Returns its id."""
    row_id = ids.uuid7()
    values = [row_id, checkout["org_id"], checkout["livemode"], kind, _name(checkout)]
    await connection.execute(_MESSAGE, [*values, attempt_id, digest, sealed])
    return row_id


async def add_transitions(
    connection: Connection,
    checkout: Row,
    moves: Sequence[Move],
    *,
    step: str,
    actor: str,
    at: datetime,
) -> None:
    """Keep who moved what, and when."""
    line = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    scope = [step, checkout["org_id"], checkout["livemode"], checkout["id"]]
    values: list[Any] = []
    for kind, object_id, old, new in moves:
        values += [*scope, object_id, kind, old, new, actor, at]
    await connection.execute(
        "insert into transitions (step, org_id, livemode, checkout_id, object_id, object, "
        f"from_state, to_state, actor, at) values {', '.join([line] * len(moves))}",
        values,
    )


async def add_event(
    connection: Connection, payment: Row, kind: str, data: Row, *, step: str, at: datetime
) -> None:
    """Tell the merchant; a trigger fans the event out to the endpoints that want it."""
    values = [ids.uuid7(), payment["org_id"], payment["livemode"], kind, payment["id"], step]
    await connection.execute(_EVENT, [*values, json.dumps(data), at, payment["id"]])


async def move_session(connection: Connection, checkout: Row, payment: Row) -> None:
    """Bring both rows to the states the mappings hold."""
    values = {"status": payment["status"], "state": checkout["state"], "at": payment["updated_at"]}
    await connection.execute(
        _MOVE, {**values, "payment": payment["id"], "checkout": checkout["id"]}
    )


async def ask_to_cancel(connection: Connection, checkout: Row, at: datetime) -> None:
    """Record that the merchant wants out."""
    await connection.execute(
        "update checkouts set cancel_requested_at = %s, updated_at = %s where id = %s",
        [at, at, checkout["id"]],
    )


def _name(checkout: Row) -> str:
    return ids.shown(ids.CHECKOUT, checkout["id"])
