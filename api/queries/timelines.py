"""The story of a session, read from every table that knows a part of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.queries.views import Rows
from models import ids
from models.moments import moment
from runtime.database import Connection

Row = Mapping[str, Any]
Item = dict[str, Any]

_OBJECTS = {"checkout": ids.CHECKOUT, "payment": ids.PAYMENT, "attempt": ids.ATTEMPT}
_ATTEMPTS = "select * from attempts where payment_id = %s order by number"
_TRANSITIONS = "select * from transitions where checkout_id = %s order by seq"
EVENTS = "select * from events where object_id = %s order by sequence"
EVIDENCE = "select * from evidence where attempt_id = any(%s) order by at, id"
MESSAGES = "select * from inbox where attempt_id = any(%s) order by received_at"
_CASES = "select * from cases where checkout_id = %s order by opened_at"
# Every entry of a payment is named after one of its attempts, so the id's index finds them.
ENTRIES = """
select e.*, (select json_agg(json_build_object('account', a.name, 'side', l.side,
         'amount', l.amount) order by l.line_no)
         from ledger_lines l join ledger_accounts a on a.id = l.account_id
        where l.entry_seq = e.seq) as lines
  from unnest(%s::text[]) as attempt
  join ledger_entries e on e.id >= attempt || '/' and e.id < attempt || '0'
 order by e.seq"""


async def items(connection: Connection, rows: Rows) -> list[Item]:
    """Everything that happened, oldest first; at one moment causes come before effects."""
    payment_id, checkout_id = rows.payment["id"], rows.checkout["id"]
    attempts = await found(connection, _ATTEMPTS, payment_id)
    tried = [row["id"] for row in attempts]
    names = [ids.shown(ids.ATTEMPT, row_id) for row_id in tried]
    return told(
        (
            (1, attempts, _attempt),
            (2, await found(connection, MESSAGES, tried), _message),
            (3, await found(connection, EVIDENCE, tried), evidence),
            (4, await found(connection, _TRANSITIONS, checkout_id), _transition),
            (5, await found(connection, ENTRIES, names), entry),
            (6, await found(connection, _CASES, checkout_id), case),
            (7, await found(connection, EVENTS, payment_id), event),
        ),
        _request(rows.checkout),
    )


_Placed = tuple[tuple[Any, int, int], Item]
_Part = tuple[int, list[Row], Callable[[Row], tuple[Any, Item]]]


def told(parts: Sequence[_Part], *first: _Placed) -> list[Item]:
    """The parts in one order. Each part: its rank at one moment, its rows, how one is shown."""
    placed = list(first)
    for rank, rows, show in parts:
        placed += _shown(rows, show, rank)
    return [item for _place, item in sorted(placed, key=lambda pair: pair[0])]


def _shown(rows: list[Row], show: Callable[[Row], tuple[Any, Item]], rank: int) -> list[_Placed]:
    placed = []
    for number, row in enumerate(rows):
        at, item = show(row)
        placed.append(((at, rank, number), {"at": moment(at), **item}))
    return placed


async def found(connection: Connection, query: str, value: Any) -> list[Row]:
    """The rows of a query of one value."""
    return list(await (await connection.execute(query, [value])).fetchall())


def _request(row: Row) -> _Placed:
    item = {
        "at": moment(row["created_at"]),
        "kind": "request",
        "reference": row["reference"],
        "amount": row["amount"],
        "currency": row["currency"],
        "expires_at": moment(row["expires_at"]),
    }
    return (row["created_at"], 0, 0), item


def _attempt(row: Row) -> tuple[Any, Item]:
    return row["created_at"], {
        "kind": "attempt",
        "attempt": ids.shown(ids.ATTEMPT, row["id"]),
        "number": row["number"],
        "method": row["provider"],
        "payer": row["payer_masked"],
        "our_reference": row["our_reference"],
        "provider_reference": row["provider_reference"],
        "receipt": row["receipt"],
    }


def message(row: Row, **about: Any) -> tuple[Any, Item]:
    """One message that came in, and what it is about."""
    return row["received_at"], {
        "kind": "message",
        "message": row["kind"],
        **about,
        "delivered_at": moment(row["delivered_at"]),
        "outcome": row["outcome"],
    }


def _message(row: Row) -> tuple[Any, Item]:
    return message(row, attempt=ids.shown(ids.ATTEMPT, row["attempt_id"]))


def evidence(row: Row) -> tuple[Any, Item]:
    """One piece of evidence."""
    named = ("source", "verdict", "reason", "provider_code", "provider_message")
    said = ("amount", "currency", "provider_reference", "receipt")
    return row["at"], {
        "kind": "evidence",
        "evidence": ids.shown(ids.EVIDENCE, row["id"]),
        "attempt": ids.shown(ids.ATTEMPT, row["attempt_id"]),
        **{name: row[name] for name in (*named, *said)},
    }


def _transition(row: Row) -> tuple[Any, Item]:
    return transition(row, id=ids.shown(_OBJECTS[row["object"]], row["object_id"]))


def transition(row: Row, **about: Any) -> tuple[Any, Item]:
    """One move of an object, and which object where the story has several."""
    proof = row["evidence_id"]
    return row["at"], {
        "kind": "transition",
        "object": row["object"],
        **about,
        "from": row["from_state"],
        "to": row["to_state"],
        "actor": row["actor"],
        "reason": row["reason"],
        "evidence": None if proof is None else ids.shown(ids.EVIDENCE, proof),
    }


def entry(row: Row) -> tuple[Any, Item]:
    """One ledger entry with its lines."""
    return row["at"], {
        "kind": "entry",
        "entry": row["id"],
        "rule": row["kind"],
        "currency": row["currency"],
        "lines": row["lines"] or [],
    }


def case(row: Row) -> tuple[Any, Item]:
    """One case."""
    named = ("state", "amount", "currency", "decision", "actor", "approver", "reason")
    return row["opened_at"], {
        "kind": "case",
        "case": ids.shown(ids.CASE, row["id"]),
        "cause": row["kind"],
        **{name: row[name] for name in named},
    }


def event(row: Row) -> tuple[Any, Item]:
    """One outgoing event."""
    return row["created_at"], {
        "kind": "event",
        "event": ids.shown(ids.EVENT, row["id"]),
        "type": row["type"],
        "sequence": row["sequence"],
    }
