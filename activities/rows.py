"""The SQL of projections: what a step writes, on a connection with its scope already set."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models import ids
from models.lifecycle import (
    ATTEMPT_MOVES,
    CHECKOUT_MOVES,
    PAYMENT_MOVES,
    AttemptState,
    CheckoutState,
    PaymentStatus,
)
from models.reading import ProviderReport
from models.step import Standing, Step

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

LOCK_PAYMENT = """
select p.*, c.state as checkout_state, c.cancel_requested_at from payments p
  join checkouts c on c.id = p.checkout_id where p.id = %s for no key update of p, c"""
ATTEMPT = "select * from attempts where id = %s"
IN_FLIGHT = """
select 1 from attempts where payment_id = %s
   and state not in ('rejected','failed','succeeded','reversed') limit 1"""
TAKEN = "select object_id, to_state from transitions where step = %s"

_ADD_TRANSITION = """
insert into transitions (step, org_id, livemode, checkout_id, object_id, object, from_state,
  to_state, actor, evidence_id, reason, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (step, object_id, to_state) do nothing"""
_MOVE_ATTEMPT = """
update attempts set state = coalesce(%(state)s::text, state), updated_at = %(at)s,
  provider_reference = coalesce(provider_reference, %(provider_reference)s),
  receipt = coalesce(receipt, %(receipt)s),
  redirect_url = coalesce(redirect_url, %(redirect_url)s),
  reason = case when %(state)s::text is null then reason else %(reason)s end,
  provider_code = case when %(state)s::text is null then provider_code else %(code)s end
 where id = %(id)s"""
_MOVE_PAYMENT = """
update payments set status = coalesce(%(status)s::text, status), updated_at = %(at)s,
  needs_review = coalesce(%(review)s::boolean, needs_review), next_check_at = %(next)s,
  amount_received = amount_received + %(received)s where id = %(id)s"""
_MOVE_CHECKOUT = "update checkouts set state = %s, updated_at = %s where id = %s"
_ADD_EVIDENCE = """
insert into evidence (id, org_id, livemode, attempt_id, source, verdict, reason, provider_code,
  provider_message, amount, currency, provider_reference, receipt, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (id) do nothing"""
_ADD_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %s, %s, %s, %s, %s, coalesce(max(sequence), 0) + 1, %s, %s, %s
  from events where object_id = %s
on conflict (step, type, object_id) do nothing"""
_ADD_CASE = """
insert into cases (id, org_id, livemode, kind, cause, checkout_id, payment_id, attempt_id,
  amount, currency, entry_id, evidence_id, opened_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (cause) do nothing"""
_DECIDE_CASES = """
update cases set state = 'decided', decision = %s, actor = %s, approver = %s, reason = %s,
  decided_at = %s where attempt_id = %s and state = 'open'"""


def allowed_from(table: Mapping[Any, frozenset[Any]], target: Any) -> set[str]:
    """The states a move to `target` may start from, as the table has it."""
    sources = {str(state) for state, targets in table.items() if target in targets}
    if str(AttemptState.SENDING) in sources:  # a worker that died before its first write
        sources |= {str(AttemptState.CREATED), str(AttemptState.QUEUED)}
    return sources


def illegal(step: Step, payment: "Row", attempt: "Row") -> str | None:
    """The first move of the step its table does not hold, in words; None when all stand."""
    for table, old, new in (
        (ATTEMPT_MOVES, attempt["state"], step.attempt),
        (PAYMENT_MOVES, payment["status"], step.payment),
        (CHECKOUT_MOVES, payment["checkout_state"], step.checkout),
    ):
        if new is not None and old not in allowed_from(table, new):
            return f"{old} to {new}"
    return None


def moves(step: Step, payment: "Row", attempt: "Row") -> dict[Any, str]:
    """What the step moves, and where to."""
    targets = {
        attempt["id"]: step.attempt,
        payment["id"]: step.payment,
        payment["checkout_id"]: step.checkout,
    }
    return {row_id: str(new) for row_id, new in targets.items() if new is not None}


def standing(payment: "Row", attempt: "Row") -> Standing:
    """Where the rows stand."""
    return Standing(
        attempt=AttemptState(attempt["state"]),
        payment=PaymentStatus(payment["status"]),
        checkout=CheckoutState(payment["checkout_state"]),
        needs_review=payment["needs_review"],
    )


async def add_transitions(
    connection: "Connection", step: Step, payment: "Row", attempt: "Row"
) -> None:
    """Keep every move with time, actor and the evidence it rests on."""
    proof = ids.parsed(ids.EVIDENCE, step.evidence[-1].evidence_id) if step.evidence else None
    for kind, row_id, old, new in (
        ("attempt", attempt["id"], attempt["state"], step.attempt),
        ("payment", payment["id"], payment["status"], step.payment),
        ("checkout", payment["checkout_id"], payment["checkout_state"], step.checkout),
    ):
        if new is not None:
            values = [step.key, payment["org_id"], payment["livemode"], payment["checkout_id"]]
            values += [row_id, kind, old, str(new), step.actor, proof, step.reason, step.at]
            await connection.execute(_ADD_TRANSITION, values)


async def move_rows(connection: "Connection", step: Step, payment: "Row", attempt: "Row") -> None:
    """Bring the projections to where the workflow stands."""
    said = step.evidence[-1].reading if step.evidence else None
    fields = {
        "id": attempt["id"],
        "state": _text(step.attempt),
        "at": step.at,
        "provider_reference": said.provider_reference if said else None,
        "receipt": said.receipt if said and not _disputed(step) else None,
        "redirect_url": said.redirect_url if said else None,
        "reason": _text(said.reason) if said else None,
        "code": said.provider_code if said else None,
    }
    await connection.execute(_MOVE_ATTEMPT, fields)
    await connection.execute(_MOVE_PAYMENT, payment_fields(step, payment))
    if step.checkout is not None:
        await connection.execute(
            _MOVE_CHECKOUT, [str(step.checkout), step.at, payment["checkout_id"]]
        )


def _disputed(step: Step) -> bool:
    """True when the receipt is another entry's: it must not be shown as this payment's."""
    return step.posting is None and step.attempt is AttemptState.NEEDS_REVIEW


def payment_fields(step: Step, payment: "Row") -> dict[str, Any]:
    """The payment's new values; only money that settles this payment counts as received."""
    posting = step.posting
    settles = posting is not None and (posting.suspense is None or posting.accepted)
    return {
        "id": payment["id"],
        "status": _text(step.payment),
        "at": step.at,
        "review": step.needs_review,
        "next": step.next_check_at,
        "received": posting.amount.minor if posting and settles else 0,
    }


async def add_evidence(connection: "Connection", step: Step, report: ProviderReport) -> None:
    """Keep one report, once."""
    said, money = report.reading, report.reading.amount
    values: list[Any] = [
        ids.parsed(ids.EVIDENCE, report.evidence_id),
        ids.parsed(ids.ORG, step.org_id),
    ]
    values += [step.livemode, ids.parsed(ids.ATTEMPT, report.attempt_id), str(report.source)]
    values += [str(report.verdict), _text(said.reason), said.provider_code, said.provider_message]
    values += [money.minor if money else None, money.currency if money else None]
    values += [said.provider_reference, said.receipt, step.at]
    await connection.execute(_ADD_EVIDENCE, values)


async def add_event(
    connection: "Connection",
    payment: "Row",
    kind: str,
    data: Mapping[str, Any],
    *,
    key: str,
    at: datetime,
) -> None:
    """Tell the merchant, once for the step of that key; a trigger fans it out to the endpoints."""
    values = [ids.uuid7(), payment["org_id"], payment["livemode"], kind, payment["id"], key]
    values += [json.dumps(data), at, payment["id"]]
    await connection.execute(_ADD_EVENT, values)


async def open_case(
    connection: "Connection", step: Step, payment: "Row", attempt: "Row", entry_id: str | None
) -> None:
    """Something a person decides, unique per attempt and kind."""
    if step.case is None:
        return
    money = step.posting.amount if step.posting else None
    proof = ids.parsed(ids.EVIDENCE, step.evidence[-1].evidence_id) if step.evidence else None
    values = [ids.uuid7(), payment["org_id"], payment["livemode"], str(step.case)]
    values += [entry_id or f"{step.attempt_id}/{step.case}", payment["checkout_id"], payment["id"]]
    values += [attempt["id"], money.minor if money else None, money.currency if money else None]
    await connection.execute(_ADD_CASE, [*values, entry_id, proof, step.at])


async def decide_cases(connection: "Connection", step: Step, attempt: "Row") -> None:
    """Close the open cases of the attempt with the word two people, or evidence, gave."""
    if step.decides_case is None:
        return
    values = [step.decides_case, step.actor, step.approver, step.reason, step.at, attempt["id"]]
    await connection.execute(_DECIDE_CASES, values)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
