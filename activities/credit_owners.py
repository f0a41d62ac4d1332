"""Whose a bank credit is: our reference was written, or money of our own came back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids, saga_states
from models.bank_credit import BankCreditOrder, Owner
from models.clearing import ClearingState
from models.float_order import FLOAT, RETURN, TRANSFER
from models.lifecycle import AttemptState
from models.money import Money
from models.money_out import BankRail
from models.payout_states import PayoutState
from models.saga import SagaKind, SagaRef
from models.saga_view import PREFIXES
from models.topup import Via

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_REFERENCE = """
select * from sagas where kind in ('wallet_topup','clearing_move') and reference = %s"""
#: Payouts are named to the bank by their instruction's id, orders for float by our reference.
_INSTRUCTION = """
select i.id as about, i.rail, i.state as stands, s.*
  from instructions i join sagas s on s.id = i.saga_id
 where s.amount = %(amount)s and s.currency = %(currency)s and s.livemode = %(livemode)s
   and (i.id = any(%(ids)s) and i.rail = any(%(payouts)s)
     or i.livemode = %(livemode)s and i.rail = any(%(floats)s)
       and i.our_reference = any(%(names)s))"""
#: It was shown back under another number: by a statement, or in the same way as this credit.
#: Other callbacks and people may have a number of their own for the same.
_ANOTHER = """
select exists (select from evidence
 where attempt_id = %s and verdict = 'refused' and reason = 'reversed'
   and source = any(%s) and upper(receipt) <> upper(%s)) as told"""


async def by_instruction(connection: "Connection", order: BankCreditOrder) -> Owner | None:
    """The saga whose very money this is; None where none is named, several, or another amount.

    What came back can come back once: money more is nobody's.
    """
    if not order.names:
        return None
    asked = {
        "amount": order.amount.minor,
        "currency": order.amount.currency,
        "livemode": order.livemode,
        "ids": _ids(order.names),
        "names": list(order.names),
        "payouts": [str(rail) for rail in BankRail],
        "floats": [FLOAT, TRANSFER, RETURN],
    }
    rows = await (await connection.execute(_INSTRUCTION, asked)).fetchall()
    if len(rows) != 1 or await _another(connection, rows[0]["about"], order):
        return None
    return _instructed(rows[0])


async def by_reference(connection: "Connection", order: BankCreditOrder) -> Owner | None:
    """The top-up or move whose reference was written; None: none in this mode, or not its money.

    A top-up that rings a phone waits for that money only: it is not open to the bank's.
    """
    if order.reference is None:
        return None
    row = await (await connection.execute(_REFERENCE, [order.reference])).fetchone()
    if row is None or row["livemode"] is not order.livemode:
        return None
    if row["kind"] == SagaKind.CLEARING:
        return _moved(row, order, more=await _another(connection, row["id"], order))
    return Owner(saga=_ref(row), open=_open(row) and row["data"].get("via") != Via.MOBILE_MONEY)


async def _another(connection: "Connection", about: UUID, order: BankCreditOrder) -> bool:
    ways = ["statement", "query", str(order.source)]
    row = await (await connection.execute(_ANOTHER, [about, ways, order.receipt])).fetchone()
    return row is not None and bool(row["told"])


def _moved(row: "Row", order: BankCreditOrder, *, more: bool) -> Owner | None:
    """At the end it goes to it arrived; at the end it left from it is back, and whole or not its.

    What comes back after it had arrived, or was back, is money more.
    """
    at, told = f"{order.into.rail}/{order.into.account}", row["data"]
    if told.get("to") == at:
        return Owner(saga=_ref(row), open=_open(row))
    whole = Money(row["amount"], row["currency"]) == order.amount
    if told.get("from") != at or not whole:
        return None
    more = more or row["state"] == ClearingState.ARRIVED
    return Owner(saga=_ref(row), open=_open(row) and not more, back=not more)


def _instructed(row: "Row") -> Owner:
    """What an order of ours took out is back; only what was ordered back to us has arrived.

    A payout that has not ended asks for itself; one that is paid is told while it listens.
    """
    payout = row["kind"] == SagaKind.PAYOUT
    waits = _open(row) if payout else not AttemptState(row["stands"]).final
    return Owner(
        saga=_ref(row),
        open=waits,
        about=ids.shown(ids.INSTRUCTION, row["about"]),
        back=row["rail"] != RETURN,
        hint=payout and waits,
        listens=payout and row["state"] == PayoutState.PAID,
    )


def _open(row: "Row") -> bool:
    return not saga_states.final(SagaKind(row["kind"]), row["state"])


def _ref(row: "Row") -> SagaRef:
    kind = SagaKind(row["kind"])
    return SagaRef(
        id=ids.shown(PREFIXES[kind], row["id"]),
        kind=kind,
        org_id=ids.shown(ids.ORG, row["org_id"]),
        livemode=row["livemode"],
    )


def _ids(names: tuple[str, ...]) -> list[UUID]:
    """The rows such words would name; other words are none's."""
    found: list[UUID] = []
    for name in names:
        try:
            found.append(ids.parsed(ids.INSTRUCTION, name.lower()))
        except ids.BadId:
            continue
    return found
