"""The SQL of messages: queued in a step's own transaction, moved forward only."""

from typing import TYPE_CHECKING

from models import ids
from models.messages import POLICIES, MessageState, SealedCopy, SealedMessage

if TYPE_CHECKING:
    from runtime.database import Connection

_QUEUE = """
insert into messages (id, org_id, livemode, event, class, channel, language, to_sealed, to_lookup,
  to_masked, body_sealed, subject_sealed, about, dedupe_key, state, code, segments, expires_at)
values (%(id)s, %(org)s, %(live)s, %(event)s, %(class)s, %(channel)s, %(language)s, %(to)s,
  %(lookup)s, %(masked)s, %(body)s, %(subject)s, %(about)s, %(key)s, %(state)s, %(code)s,
  %(segments)s, now() + %(lifetime)s)
on conflict (org_id, livemode, channel, event, dedupe_key, to_lookup) do nothing"""


async def queue(connection: "Connection", sealed: SealedMessage) -> None:
    """Write the message once, in the caller's transaction and scope; it goes out after commit."""
    for copy in sealed.copies:
        await connection.execute(_QUEUE, _fields(sealed, copy))


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
