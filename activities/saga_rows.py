"""The SQL of sagas, on a connection whose scope is set."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from models import ids
from models.ids import prefix_of
from models.reading import ProviderReport
from models.saga import Instruct, SagaCase, SagaStep

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_STEP = TypeAdapter(SagaStep)

LOCK = "select * from sagas where id = %s for no key update"
TAKEN = "select digest from saga_steps where key = %s"
LATEST = """
select state from instructions where saga_id = %s order by updated_at desc, number desc limit 1"""

#: An earlier instruction on the same rail that is not known to be without effect: it has not
#: ended, it settled after its end, or something was said of it that nobody has weighed.
_DOUBTED = """
select exists (select from instructions i join sagas s on s.id = i.saga_id
 where i.saga_id = %(saga)s and i.rail = %(rail)s and i.number < %(number)s
   and (i.state not in ('rejected','failed','not_received')
     or s.kind in ('payout','loan_disbursement') and (
       exists (select from evidence e
         where e.attempt_id = i.id and e.verdict = 'settled' and e.at > i.updated_at)
       or exists (select from inbox b where b.attempt_id = i.id and b.kind = 'result'
         and not exists (select from evidence e where e.id = b.id))))) as doubted"""

_KEEP = """
insert into saga_steps (key, org_id, livemode, saga_id, digest, at)
values (%s, %s, %s, %s, %s, %s)"""
_TRANSITION = """
insert into transitions (step, org_id, livemode, checkout_id, object_id, object, from_state,
  to_state, actor, evidence_id, reason, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (step, object_id, to_state) do nothing"""
_MOVE = """
update sagas set state = coalesce(%(to)s::text, state), data = data || %(shows)s::jsonb,
  claim = case when %(claims)s then claim end,
  needs_review = coalesce(%(review)s::boolean, needs_review), next_check_at = %(next)s,
  updated_at = %(at)s where id = %(id)s returning *"""
_INSTRUCT = """
with before as (select state from instructions where id = %(id)s), put as (
insert into instructions as i (id, org_id, livemode, saga_id, number, rail, state, our_reference,
  provider_reference, receipt, reason, provider_code, amount, currency, created_at, updated_at)
values (%(id)s, %(org)s, %(livemode)s, %(saga)s, %(number)s, %(rail)s, %(state)s, %(ours)s,
  %(handle)s, %(receipt)s, %(reason)s, %(code)s, %(amount)s, %(currency)s, %(at)s, %(at)s)
on conflict (id) do update set state = excluded.state, updated_at = excluded.updated_at,
  provider_reference = coalesce(i.provider_reference, excluded.provider_reference),
  receipt = coalesce(i.receipt, excluded.receipt),
  reason = excluded.reason, provider_code = excluded.provider_code)
select (select state from before) as state"""
_EVIDENCE = """
insert into evidence (id, org_id, livemode, attempt_id, source, verdict, reason, provider_code,
  provider_message, amount, currency, provider_reference, receipt, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (id) do nothing"""
_CASE = """
insert into cases (id, org_id, livemode, kind, cause, saga_id, amount, currency, evidence_id,
  data, opened_at, entry_id)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (cause) do nothing"""
_CLOSE = """
update cases set state = 'decided', decision = %s, actor = %s, approver = %s, reason = %s,
  decided_at = %s where saga_id = %s and state = 'open'"""
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %(event)s, %(org)s, %(livemode)s, %(type)s, %(id)s, coalesce(max(sequence), 0) + 1,
  %(step)s, %(data)s, %(at)s from events where object_id = %(id)s
on conflict (step, type, object_id) do nothing"""


def digest(step: SagaStep) -> bytes:
    """What makes two steps the same: everything but the moment they were decided at."""
    plain = _STEP.dump_python(step, mode="json", exclude={"at", "next_check_at"})
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).digest()


async def doubted(connection: "Connection", row: "Row", told: Instruct) -> bool:
    """True while an earlier instruction on the rail may have moved money. Lock the row first."""
    asked = {"saga": row["id"], "rail": told.rail, "number": told.number}
    found = await (await connection.execute(_DOUBTED, asked)).fetchone()
    return bool(found and found["doubted"])


async def keep(connection: "Connection", step: SagaStep, row: "Row") -> None:
    """Keep the step's key; psycopg raises UniqueViolation for a key that was taken meanwhile."""
    values = [step.key, row["org_id"], row["livemode"], row["id"], digest(step), step.at]
    await connection.execute(_KEEP, values)


async def move(connection: "Connection", step: SagaStep, row: "Row") -> "Row":
    """Bring the row to where the step leaves it, and give it back; the move is kept."""
    if step.to is not None and step.to != row["state"]:
        await _transition(connection, step, row, ("saga", row["id"], row["state"], step.to))
    fields = {
        "id": row["id"],
        "to": step.to,
        "shows": json.dumps(dict(step.shows)),
        "claims": step.claims,
        "review": step.needs_review,
        "next": step.next_check_at,
        "at": step.at,
    }
    moved = await (await connection.execute(_MOVE, fields)).fetchone()
    if moved is None:
        raise RuntimeError("the row was locked a moment ago")
    return moved


async def instruct(connection: "Connection", step: SagaStep, row: "Row", told: Instruct) -> None:
    """Make or move the instruction; what the evidence says of it is kept with it."""
    said = step.evidence[-1].reading if step.evidence else None
    fields = {
        "id": ids.parsed(ids.INSTRUCTION, told.id),
        "org": row["org_id"],
        "livemode": row["livemode"],
        "saga": row["id"],
        "number": told.number,
        "rail": told.rail,
        "state": str(told.state),
        "ours": told.our_reference,
        "handle": said.provider_reference if said else None,
        "receipt": said.receipt if said else None,
        "reason": str(said.reason) if said and said.reason else None,
        "code": said.provider_code if said else None,
        "amount": told.amount.minor if told.amount else None,
        "currency": told.amount.currency if told.amount else None,
        "at": step.at,
    }
    before = await (await connection.execute(_INSTRUCT, fields)).fetchone()
    old = before["state"] if before else None
    moved = ("instruction", fields["id"], old, str(told.state))
    await _transition(connection, step, row, moved)


async def evidence(
    connection: "Connection", step: SagaStep, row: "Row", report: ProviderReport
) -> None:
    """Keep one report, once."""
    said, money = report.reading, report.reading.amount
    about = ids.parsed(prefix_of(report.attempt_id), report.attempt_id)
    values: list[Any] = [ids.parsed(ids.EVIDENCE, report.evidence_id), row["org_id"]]
    values += [row["livemode"], about, str(report.source), str(report.verdict)]
    values += [str(said.reason) if said.reason else None, said.provider_code]
    values += [said.provider_message, money.minor if money else None]
    values += [money.currency if money else None, said.provider_reference, said.receipt, step.at]
    await connection.execute(_EVIDENCE, values)


async def open_case(
    connection: "Connection", step: SagaStep, row: "Row", case: SagaCase, held_by: str | None
) -> None:
    """Something a person decides, once per saga, kind and cause.

    `held_by`: the entry that holds the money in suspense until then.
    """
    money = case.amount
    cause = "/".join(filter(None, (step.saga.id, case.kind, case.cause)))
    values = [ids.uuid7(), row["org_id"], row["livemode"], case.kind, cause, row["id"]]
    values += [money.minor if money else None, money.currency if money else None, _proof(step)]
    values += [json.dumps(dict(case.facts)), step.at, held_by]
    await connection.execute(_CASE, values)


async def close_cases(connection: "Connection", step: SagaStep, row: "Row", word: str) -> None:
    """End the saga's open cases with the word that people, or evidence, gave."""
    values = [word, step.actor, step.approver, step.reason, step.at, row["id"]]
    await connection.execute(_CLOSE, values)


async def event(
    connection: "Connection", step: SagaStep, row: "Row", kind: str, data: Mapping[str, Any]
) -> None:
    """Tell the organisation; a trigger fans the event out to the endpoints that want it."""
    fields = {
        "event": ids.uuid7(),
        "org": row["org_id"],
        "livemode": row["livemode"],
        "type": kind,
        "id": row["id"],
        "step": step.key,
        "data": json.dumps(data),
        "at": step.at,
    }
    await connection.execute(_EVENT, fields)


def _proof(step: SagaStep) -> Any:
    return ids.parsed(ids.EVIDENCE, step.evidence[-1].evidence_id) if step.evidence else None


async def _transition(
    connection: "Connection", step: SagaStep, row: "Row", moved: tuple[str, Any, str | None, str]
) -> None:
    kind, object_id, old, new = moved
    values = [step.key, row["org_id"], row["livemode"], row["id"], object_id, kind, old, new]
    await connection.execute(_TRANSITION, [*values, step.actor, _proof(step), step.reason, step.at])
