"""The story of a saga, read from every table that knows a part of it."""

from functools import partial
from typing import Any
from uuid import UUID

from api.queries import timelines
from api.queries.timelines import Item, Row
from models import ids
from models.saga import SagaKind
from models.saga_view import PREFIXES
from runtime.database import Connection

_INSTRUCTIONS = "select * from instructions where saga_id = %s order by created_at, number"
_TRANSITIONS = "select * from transitions where checkout_id = %s order by seq"
_CASES = "select * from cases where saga_id = %s order by opened_at"
_SAID = """
select id, created_at as at, event, channel, to_masked, state, gateway from messages
 where about = %s order by created_at"""


async def items(connection: Connection, saga: Row) -> list[Item]:
    """Everything that happened, oldest first; at one moment causes come before effects."""
    name = ids.shown(PREFIXES[SagaKind(saga["kind"])], saga["id"])
    instructions = await timelines.found(connection, _INSTRUCTIONS, saga["id"])
    about = [saga["id"], *(row["id"] for row in instructions)]
    evidence = partial(_evidence, saga["id"])
    return timelines.told(
        (
            (1, instructions, _instruction),
            (2, await timelines.found(connection, timelines.MESSAGES, about), _message),
            (3, await timelines.found(connection, timelines.EVIDENCE, about), evidence),
            (4, await timelines.found(connection, _TRANSITIONS, saga["id"]), timelines.transition),
            (5, await timelines.found(connection, timelines.ENTRIES, [name]), timelines.entry),
            (6, await timelines.found(connection, _CASES, saga["id"]), timelines.case),
            (7, await timelines.found(connection, timelines.EVENTS, saga["id"]), timelines.event),
            (8, await timelines.found(connection, _SAID, name), _said),
        )
    )


def _instruction(row: Row) -> tuple[Any, Item]:
    shown = ("rail", "number", "state", "our_reference", "provider_reference", "receipt", "reason")
    return row["created_at"], {
        "kind": "instruction",
        "instruction": ids.shown(ids.INSTRUCTION, row["id"]),
        **{name: row[name] for name in shown},
        "amount": row["amount"],
        "currency": row["currency"],
    }


def _message(row: Row) -> tuple[Any, Item]:
    return timelines.message(row, door=row["slug"])


def _evidence(saga_id: UUID, row: Row) -> tuple[Any, Item]:
    """One piece of evidence: of an instruction, or of the saga itself."""
    at, item = timelines.evidence(row)
    item.pop("attempt")
    about = row["attempt_id"]
    told = None if about == saga_id else ids.shown(ids.INSTRUCTION, about)
    return at, {**item, "instruction": told}


def _said(row: Row) -> tuple[Any, Item]:
    shown = ("event", "channel", "state", "gateway")
    return row["at"], {
        "kind": "notice",
        "to": row["to_masked"],
        **{name: row[name] for name in shown},
    }
