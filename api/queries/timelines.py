"""The story of a session, read from every table that knows a part of it."""

from collections.abc import Callable, Mapping
from typing import Any

from api.queries.views import Rows
from models import ids
from models.events import moment
from runtime.database import Connection

Row = Mapping[str, Any]
Item = dict[str, Any]

_OBJECTS = {"checkout": ids.CHECKOUT, "payment": ids.PAYMENT, "attempt": ids.ATTEMPT}
_ATTEMPTS = "select * from attempts where payment_id = %s order by number"
_TRANSITIONS = "select * from transitions where checkout_id = %s order by seq"
_EVENTS = "select * from events where object_id = %s order by sequence"
_EVIDENCE = "select * from evidence where attempt_id = any(%s) order by at, id"
_MESSAGES = "select * from inbox where attempt_id = any(%s) order by received_at"
_CASES = "select * from cases where checkout_id = %s order by opened_at"
# Every entry of a payment is named after one of its attempts, so the id's index finds them.
_ENTRIES = """
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
    attempts = await _all(connection, _ATTEMPTS, payment_id)
    tried = [row["id"] for row in attempts]
    names = [ids.shown(ids.ATTEMPT, row_id) for row_id in tried]
    found = [_request(rows.checkout)]
    for rank, rows_found, show in (
        (1, attempts, _attempt),
        (2, await _all(connection, _MESSAGES, tried), _message),
        (3, await _all(connection, _EVIDENCE, tried), _evidence),
        (4, await _all(connection, _TRANSITIONS, checkout_id), _transition),
        (5, await _all(connection, _ENTRIES, names), _entry),
        (6, await _all(connection, _CASES, checkout_id), _case),
        (7, await _all(connection, _EVENTS, payment_id), _event),
    ):
        found += _shown(rows_found, show, rank)
    return [item for _place, item in sorted(found, key=lambda pair: pair[0])]


_Placed = tuple[tuple[Any, int, int], Item]


def _shown(rows: list[Row], show: Callable[[Row], tuple[Any, Item]], rank: int) -> list[_Placed]:
    placed = []
    for number, row in enumerate(rows):
        at, item = show(row)
        placed.append(((at, rank, number), {"at": moment(at), **item}))
    return placed


async def _all(connection: Connection, query: str, value: Any) -> list[Row]:
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


def _message(row: Row) -> tuple[Any, Item]:
    return row["received_at"], {
        "kind": "message",
        "message": row["kind"],
        "attempt": ids.shown(ids.ATTEMPT, row["attempt_id"]),
        "delivered_at": moment(row["delivered_at"]),
        "outcome": row["outcome"],
    }


def _evidence(row: Row) -> tuple[Any, Item]:
    named = ("source", "verdict", "reason", "provider_code", "provider_message")
    said = ("amount", "currency", "provider_reference", "receipt")
    return row["at"], {
        "kind": "evidence",
        "evidence": ids.shown(ids.EVIDENCE, row["id"]),
        "attempt": ids.shown(ids.ATTEMPT, row["attempt_id"]),
        **{name: row[name] for name in (*named, *said)},
    }


def _transition(row: Row) -> tuple[Any, Item]:
    proof = row["evidence_id"]
    return row["at"], {
        "kind": "transition",
        "object": row["object"],
        "id": ids.shown(_OBJECTS[row["object"]], row["object_id"]),
        "from": row["from_state"],
        "to": row["to_state"],
        "actor": row["actor"],
        "reason": row["reason"],
        "evidence": None if proof is None else ids.shown(ids.EVIDENCE, proof),
    }


def _entry(row: Row) -> tuple[Any, Item]:
    return row["at"], {
        "kind": "entry",
        "entry": row["id"],
        "rule": row["kind"],
        "currency": row["currency"],
        "lines": row["lines"] or [],
    }


def _case(row: Row) -> tuple[Any, Item]:
    named = ("state", "amount", "currency", "decision", "actor", "approver", "reason")
    return row["opened_at"], {
        "kind": "case",
        "case": ids.shown(ids.CASE, row["id"]),
        "cause": row["kind"],
        **{name: row[name] for name in named},
    }


def _event(row: Row) -> tuple[Any, Item]:
    return row["created_at"], {
        "kind": "event",
        "event": ids.shown(ids.EVENT, row["id"]),
        "type": row["type"],
        "sequence": row["sequence"],
    }
