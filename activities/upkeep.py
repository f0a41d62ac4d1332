"""Upkeep: what happens to rows by the clock alone."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from models import ids
from models.decisions import CANCELED
from models.events import payment_object

if TYPE_CHECKING:
    from runtime.database import Connection, Database

_DUE = """
select id, org_id, livemode from checkouts
 where state = 'open' and expires_at <= now()
 order by expires_at limit %s for update skip locked"""
_END = """
with ended as (
  update checkouts set state = 'expired', updated_at = %(at)s
   where id = %(id)s and state = 'open' returning id),
paid as (
  update payments set status = 'canceled', updated_at = %(at)s
   where checkout_id = (select id from ended) returning *)
select * from paid"""
_TOLD = """
insert into transitions (step, org_id, livemode, checkout_id, object_id, object, from_state,
  to_state, actor, reason, at)
values (%(step)s, %(org)s, %(mode)s, %(checkout)s, %(object_id)s, %(object)s, %(old)s, %(new)s,
  'kauri', 'never confirmed', %(at)s) on conflict do nothing"""
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %(id)s, %(org)s, %(mode)s, %(type)s, %(object)s, coalesce(max(sequence), 0) + 1, %(step)s,
  %(data)s, %(at)s from events where object_id = %(object)s on conflict do nothing"""
_BATCH = 200
#: How long each class of data is kept stands in the table `retention`.
_PURGES = (
    """delete from idempotency_keys where created_at < now() - (
         select make_interval(days => keep_days) from retention
          where class = 'idempotency_response')""",
    """update inbox set payload_sealed = '' where payload_sealed <> ''
         and delivered_at is not null and received_at < now() - (
         select make_interval(days => keep_days) from retention where class = 'raw_callback')""",
    """update starts set payload_sealed = '' where payload_sealed <> ''
         and started_at is not null and accepted_at < now() - (
         select make_interval(days => keep_days) from retention where class = 'start_payload')""",
    """update messages set to_sealed = '', body_sealed = null, subject_sealed = null
         where to_sealed <> '' and state not in ('queued','sending') and created_at < now() - (
         select make_interval(days => keep_days) from retention
          where class = 'message_content')""",
    """update payout_files set content_sealed = '' where content_sealed <> ''
         and created_at < now() - (
         select make_interval(days => keep_days) from retention where class = 'payout_file')""",
    """delete from message_reports where at < now() - (
         select make_interval(days => keep_days) from retention
          where class = 'message_report')""",
    """delete from payer_contacts where told_at is not null and created_at < now() - (
         select make_interval(days => keep_days) from retention
          where class = 'payer_contact')""",
)


class Upkeep:
    """Time-driven writes, each idempotent."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    @activity.defn(name="session.expire")
    async def expire_sessions(self) -> int:
        """End open sessions past their expiry, in batches; returns how many."""
        ended = 0
        while True:
            async with self._database.system() as connection:
                due = await (await connection.execute(_DUE, [_BATCH])).fetchall()
                for row in due:
                    await _expire(connection, row)
            ended += len(due)
            if len(due) < _BATCH:
                return ended

    @activity.defn(name="data.purge")
    async def purge(self) -> int:
        """Erase what is past its date: stored answers, raw callbacks, start payloads.

        Returns how many rows were touched.
        """
        touched = 0
        for statement in _PURGES:
            async with self._database.system() as connection:
                touched += (await connection.execute(statement)).rowcount
        return touched


async def _expire(connection: "Connection", row: Any) -> None:
    at = datetime.now(UTC)
    payment = await (await connection.execute(_END, {"id": row["id"], "at": at})).fetchone()
    if payment is None:
        return
    step = f"{ids.shown(ids.CHECKOUT, row['id'])}/expired"
    scope = {"step": step, "org": row["org_id"], "mode": row["livemode"], "at": at}
    for kind, object_id, old, new in (
        ("checkout", row["id"], "open", "expired"),
        ("payment", payment["id"], "requires_payment_method", "canceled"),
    ):
        moved = {"checkout": row["id"], "object_id": object_id, "object": kind}
        await connection.execute(_TOLD, {**scope, **moved, "old": old, "new": new})
    data = {
        "object": payment_object(payment, None),
        "previous_attributes": {"status": "requires_payment_method"},
    }
    told = {"id": ids.uuid7(), "type": CANCELED, "object": payment["id"], "data": json.dumps(data)}
    await connection.execute(_EVENT, {**scope, **told})
