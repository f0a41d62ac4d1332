"""The SQL of messages: queued in a step's own transaction, moved forward only.

All but `queue` runs on connections of the system role.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.messages import POLICIES, MessageState, SealedCopy, SealedMessage

if TYPE_CHECKING:
    from activities.message_rules import Verdict
    from providers.sms.reports import DeliveryReport
    from runtime.database import Connection

    Row = Mapping[str, Any]

PAGE = 20

_QUEUE = """
insert into messages (id, org_id, livemode, event, class, channel, language, to_sealed, to_lookup,
  to_masked, body_sealed, subject_sealed, about, dedupe_key, state, code, segments, expires_at)
values (%(id)s, %(org)s, %(live)s, %(event)s, %(class)s, %(channel)s, %(language)s, %(to)s,
  %(lookup)s, %(masked)s, %(body)s, %(subject)s, %(about)s, %(key)s, %(state)s, %(code)s,
  %(segments)s, now() + %(lifetime)s)
on conflict (org_id, livemode, channel, event, dedupe_key, to_lookup) do nothing"""
_DUE = """
  from messages where org_id = %(org)s and livemode = %(live)s and state in ('queued','sending')
   and next_at <= %(now)s"""
_PAGE = f"select * {_DUE} order by class <> 'otp', next_at, id limit {PAGE}"
_MORE = f"select exists (select 1 {_DUE}) as more"
_SENDERS = "select gateway, sender from message_senders where org_id = %s and livemode = %s"
_CLAIM = """
update messages set state = 'sending', gateway = %s, next_at = %s, tries = tries + %s
 where id = %s and state = 'queued'"""
#: A code is readable no longer than it has to be.
_MOVE = """
update messages set state = %(state)s, code = %(code)s, next_at = %(next)s, updated_at = %(now)s,
  doubts = doubts + %(doubts)s, provider_ref = coalesce(%(ref)s, provider_ref),
  submitted_at = case when %(state)s::text = 'submitted' then %(now)s else submitted_at end,
  body_sealed = case when class <> 'otp' or %(state)s::text = 'queued' then body_sealed end
 where id = %(id)s and state = %(was)s returning gateway"""
_LOG = """
insert into message_attempts (message_id, org_id, livemode, at, gateway, outcome, code, duration_ms)
values (%s, %s, %s, %s, %s, %s, %s, %s)"""
_REPORTED = """
insert into message_reports (gateway, provider_ref, state, code) values (%s, %s, %s, %s)
on conflict do nothing"""
#: Forward only, and the first final word stays.
_FORWARD = """
update messages m set state = r.state, code = r.code, updated_at = now()
  from (select gateway, provider_ref, state, code from message_reports
    where gateway = %(gateway)s and provider_ref = %(ref)s
    order by state = 'submitted', at limit 1) r
 where m.gateway = r.gateway and m.provider_ref = r.provider_ref
   and m.state in ('submitted','unknown') and m.state <> r.state returning m.id"""

_OUTCOMES = {MessageState.SUBMITTED: "submitted"}


async def queue(connection: "Connection", sealed: SealedMessage) -> None:
    """Write the message once, in the caller's transaction and scope; it goes out after commit."""
    for copy in sealed.copies:
        await connection.execute(_QUEUE, _fields(sealed, copy))


async def due(connection: "Connection", org: UUID, *, livemode: bool, now: datetime) -> "list[Row]":
    """The next page: codes first, then the longest waiting."""
    fields = {"org": org, "live": livemode, "now": now}
    return list(await (await connection.execute(_PAGE, fields)).fetchall())


async def more(connection: "Connection", org: UUID, *, livemode: bool, now: datetime) -> bool:
    """Whether another page is due right now."""
    fields = {"org": org, "live": livemode, "now": now}
    row = await (await connection.execute(_MORE, fields)).fetchone()
    return bool(row and row["more"])


async def senders(connection: "Connection", org: UUID, *, livemode: bool) -> dict[str, str]:
    """The organisation's own sender ids by gateway; nobody else's, ever."""
    found = await (await connection.execute(_SENDERS, [org, livemode])).fetchall()
    return {row["gateway"]: row["sender"] for row in found}


async def claim(
    connection: "Connection", message: UUID, *, gateway: str, until: datetime, tries: int
) -> bool:
    """Take a queued message for one call; False when another worker has it."""
    taken = await connection.execute(_CLAIM, [gateway, until, tries, message])
    return taken.rowcount == 1


async def move(
    connection: "Connection",
    message: "Row",
    said: "Verdict",
    *,
    was: MessageState,
    doubts: int,
    next_at: datetime,
    now: datetime,
) -> None:
    """Write where the message stands, unless it stands elsewhere than in `was` by now."""
    fields = {"id": message["id"], "state": str(said.state), "was": str(was), "code": said.code}
    fields |= {"ref": said.provider_ref, "doubts": doubts, "next": next_at, "now": now}
    moved = await (await connection.execute(_MOVE, fields)).fetchone()
    if moved is not None and said.provider_ref is not None:
        await _forward(connection, gateway=moved["gateway"], ref=said.provider_ref)


async def log(
    connection: "Connection",
    message: "Row",
    gateway: str,
    said: "Verdict",
    *,
    took: int,
    now: datetime,
) -> None:
    """One line of the log: never the text, never the address."""
    outcome = "unknown" if said.doubtful else _OUTCOMES.get(said.state, "refused")
    values = [message["id"], message["org_id"], message["livemode"], now, gateway]
    await connection.execute(_LOG, [*values, outcome, said.code, took])


async def report(connection: "Connection", told: "DeliveryReport") -> bool:
    """Keep what a gateway reports and move its message forward; True when one moved.

    A report may come before the answer that names the message: it is applied then.
    """
    values = [told.gateway, told.provider_ref, str(told.state), told.code]
    await connection.execute(_REPORTED, values)
    return await _forward(connection, gateway=told.gateway, ref=told.provider_ref)


async def _forward(connection: "Connection", *, gateway: str, ref: str) -> bool:
    moved = await connection.execute(_FORWARD, {"gateway": gateway, "ref": ref})
    return moved.rowcount > 0


def _fields(sealed: SealedMessage, copy: SealedCopy) -> dict[str, object]:
    return {
        "id": ids.uuid7(),
        "org": sealed.org,
        "live": sealed.livemode,
        "event": sealed.event,
        "class": str(sealed.message_class),
        "channel": str(copy.channel),
        "language": str(sealed.language),
        "to": copy.to_sealed,
        "lookup": copy.to_lookup,
        "masked": copy.to_masked,
        "body": copy.body_sealed,
        "subject": copy.subject_sealed,
        "about": sealed.about,
        "key": sealed.key,
        "state": str(MessageState.FAILED if copy.fault else MessageState.QUEUED),
        "code": copy.fault,
        "segments": copy.segments,
        "lifetime": POLICIES[sealed.message_class].lifetime,
    }
