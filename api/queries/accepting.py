"""The accept statement: every row of a new session in one statement, for one round trip.

Later writes of a session go through api.queries.writes; here they are one statement because
each statement costs the API and the database a tenth of a millisecond.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from models import decisions, ids
from runtime.database import Connection

Row = Mapping[str, Any]

_SESSION = """
with checkout as (
  insert into checkouts (id, org_id, livemode, state, amount, currency, reference, description,
    success_url, cancel_url, metadata, expires_at, created_at, updated_at)
  values (%(checkout)s, %(org)s, %(livemode)s, %(state)s, %(amount)s, %(currency)s,
    %(reference)s, %(description)s, %(success_url)s, %(cancel_url)s, %(metadata)s,
    %(expires_at)s, %(at)s, %(at)s)),
payment as (
  insert into payments (id, org_id, livemode, checkout_id, status, amount, currency, reference,
    reference_guard, created_at, updated_at)
  values (%(payment)s, %(org)s, %(livemode)s, %(checkout)s, %(status)s, %(amount)s,
    %(currency)s, %(reference)s, %(guard)s, %(at)s, %(at)s)),
{more}
moves as (
  insert into transitions (step, org_id, livemode, checkout_id, object_id, object, to_state,
    actor, at)
  values {moves})
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
values (%(event)s, %(org)s, %(livemode)s, %(type)s, %(payment)s, 1, %(step)s, %(data)s, %(at)s)"""
_ATTEMPT = """
attempt as (
  insert into attempts (id, org_id, livemode, payment_id, checkout_id, number, provider, state,
    amount, currency, payer_sealed, payer_lookup, payer_masked, our_reference, created_at,
    updated_at)
  values (%(attempt)s, %(org)s, %(livemode)s, %(payment)s, %(checkout)s, 1, %(provider)s,
    %(attempt_state)s, %(amount)s, %(currency)s, %(payer_sealed)s, %(payer_lookup)s,
    %(payer_masked)s, %(our_reference)s, %(at)s, %(at)s)),
start as (
  insert into starts (id, org_id, livemode, kind, payload_sealed, accepted_at)
  values (%(name)s, %(org)s, %(livemode)s, 'checkout', %(sealed)s, %(at)s)),"""


def _move(kind: str, state: str) -> str:
    return (
        f"(%(step)s, %(org)s, %(livemode)s, %(checkout)s, %({kind})s, '{kind}', {state},"
        " %(actor)s, %(at)s)"
    )


_MOVES: Sequence[str] = (_move("checkout", "%(state)s"), _move("payment", "%(status)s"))
_OPEN = _SESSION.format(more="", moves=", ".join(_MOVES))
_CONFIRMED = _SESSION.format(
    more=_ATTEMPT, moves=", ".join((*_MOVES, _move("attempt", "%(attempt_state)s")))
)


async def add_session(
    connection: Connection,
    checkout: Row,
    payment: Row,
    attempt: Row | None,
    *,
    sealed: bytes,
    actor: str,
    event: Row,
) -> None:
    """Write the session, its first attempt with the start (if confirmed), moves and event."""
    name = ids.shown(ids.CHECKOUT, checkout["id"])
    values = {
        **checkout,
        "checkout": checkout["id"],
        "payment": payment["id"],
        "org": checkout["org_id"],
        "metadata": json.dumps(checkout["metadata"]),
        "status": payment["status"],
        "guard": payment["reference_guard"],
        "at": checkout["created_at"],
        "step": f"{name}/accept/{0 if attempt is None else 1}",
        "actor": actor,
        "event": ids.uuid7(),
        "type": decisions.CREATED,
        "data": json.dumps(event),
    }
    if attempt is None:
        await connection.execute(_OPEN, values)
        return
    tried = {"attempt": attempt["id"], "name": name, "sealed": sealed}
    tried["attempt_state"] = attempt["state"]
    await connection.execute(_CONFIRMED, {**attempt, **values, **tried})
