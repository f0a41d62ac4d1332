"""Accept a saga: its row, its first transition, its event and its start, in one transaction.

API, inbox and pollers share it. The claim decides who is first: a loan, a receipt or a short
code is taken once, however many see it at the same time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models import ids
from models.money import Money
from models.saga import SagaRef, Shown
from models.saga_view import saga_object

if TYPE_CHECKING:
    from runtime.database import Connection

_SAGA = """
insert into sagas (id, org_id, livemode, kind, state, claim, reference, amount, currency, data,
  created_at, updated_at)
values (%(id)s, %(org)s, %(livemode)s, %(kind)s, %(state)s, %(claim)s, %(reference)s, %(amount)s,
  %(currency)s, %(data)s, %(at)s, %(at)s)
on conflict (livemode, kind, claim) where claim is not null do nothing returning *"""
_MOVED = """
insert into transitions (step, org_id, livemode, checkout_id, object_id, object, to_state,
  actor, at)
values (%(step)s, %(org)s, %(livemode)s, %(id)s, %(id)s, 'saga', %(state)s, %(actor)s, %(at)s)"""
_TOLD = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
values (%(event)s, %(org)s, %(livemode)s, %(type)s, %(id)s, 1, %(step)s, %(object)s, %(at)s)"""
_START = """
insert into starts (id, org_id, livemode, kind, payload_sealed, accepted_at)
values (%(name)s, %(org)s, %(livemode)s, %(workflow)s, %(sealed)s, %(at)s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A saga to accept. `sealed` is its workflow's order; `workflow` the type's name."""

    ref: SagaRef
    state: str
    workflow: str
    sealed: bytes
    at: datetime
    actor: str
    claim: str | None = None
    reference: str | None = None
    amount: Money | None = None
    data: Mapping[str, Shown] = field(default_factory=dict)


async def accept(connection: "Connection", new: Newcomer) -> Mapping[str, Any] | None:
    """The new row; None when another saga holds the claim: then nothing is written.

    psycopg raises UniqueViolation (`sagas_reference`) for a reference the organisation used.
    """
    fields = _fields(new)
    row = await (await connection.execute(_SAGA, fields)).fetchone()
    if row is None:
        return None
    told = {"object": saga_object(row), "previous_attributes": {}}
    await connection.execute(_MOVED, fields)
    await connection.execute(_TOLD, {**fields, "object": json.dumps(told)})
    await connection.execute(_START, fields)
    return row


def _fields(new: Newcomer) -> dict[str, Any]:
    return {
        "id": ids.parsed(ids.prefix_of(new.ref.id), new.ref.id),
        "name": new.ref.id,
        "org": ids.parsed(ids.ORG, new.ref.org_id),
        "livemode": new.ref.livemode,
        "kind": str(new.ref.kind),
        "state": new.state,
        "claim": new.claim,
        "reference": new.reference,
        "amount": new.amount.minor if new.amount else None,
        "currency": new.amount.currency if new.amount else None,
        "data": json.dumps(dict(new.data)),
        "actor": new.actor,
        "at": new.at,
        "step": f"{new.ref.id}/accept",
        "event": ids.uuid7(),
        "type": f"{new.ref.kind}.created",
        "workflow": new.workflow,
        "sealed": new.sealed,
    }
