"""What became of messages, and who may be told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models import ids
from models.moments import moment
from runtime.database import Connection

Row = Mapping[str, Any]

_COUNTS = """
select event, channel, gateway, state, count(*) as messages,
       coalesce(sum(segments) filter (where submitted_at is not null), 0) as segments
  from messages where created_at >= %s and created_at < %s
 group by event, channel, gateway, state order by event, channel, gateway, state"""


async def counts(connection: Connection, since: datetime, until: datetime) -> list[Row]:
    """Messages by event, channel, gateway and state, in the caller's scope."""
    return list(await (await connection.execute(_COUNTS, [since, until])).fetchall())


def message_object(row: Row) -> dict[str, Any]:
    """A row of `messages` as its organisation sees it."""
    return {
        "id": ids.shown(ids.MESSAGE, row["id"]),
        "object": "message",
        "event": row["event"],
        "channel": row["channel"],
        "language": row["language"],
        "to": row["to_masked"],
        "about": row["about"],
        "status": row["state"],
        "gateway": row["gateway"],
        "code": row["code"],
        "segments": row["segments"],
        "tries": row["tries"],
        "livemode": row["livemode"],
        "expires_at": moment(row["expires_at"]),
        "submitted_at": moment(row["submitted_at"]),
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


def count_object(row: Row) -> dict[str, Any]:
    """One line of the report."""
    return {
        "event": row["event"],
        "channel": row["channel"],
        "gateway": row["gateway"],
        "status": row["state"],
        "messages": row["messages"],
        "segments": row["segments"],
    }
