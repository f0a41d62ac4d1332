"""What an organisation asked for: taken in at once, carried out and answered later."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The five calls whose result comes to a ResultURL."""

    PAYOUT = "payout"
    TRANSFER = "transfer"
    REVERSAL = "reversal"
    STATUS = "status"
    BALANCE = "balance"

    @property
    def moves_money(self) -> bool:
        """False for questions."""
        return self not in {Kind.STATUS, Kind.BALANCE}


@dataclass(slots=True, kw_only=True)
class Instruction:
    """One call. `key` is its ConversationID; `code` is None while it is under way.

    `body` is what was posted: the queue's time-out posts it back. `initiator` is what became
    of the credential: right, wrong or locked. `asks`: how a question will be answered.
    `finished`: everybody was told.
    """

    key: str
    kind: Kind
    short_code: str
    originator: str
    body: dict[str, Any] = field(repr=False)
    amount_minor: int
    fault: str
    calls: str
    initiator: str
    at: str
    asks: str = "true"
    code: str | None = None
    receipt: str = ""
    taken_minor: int = 0
    ended_at: str = ""
    reversed: bool = False
    finished: bool = False
    asked: int = 0

    @property
    def party(self) -> str:
        """Who is on the other side."""
        return str(self.body.get("PartyB", ""))

    @property
    def done(self) -> bool:
        """True when money moved."""
        return self.code == "0"

    def line(self) -> dict[str, Any]:
        """The instruction as readers of the book see it."""
        return {
            "kind": self.kind.value,
            "reference": self.originator,
            "conversation_id": self.key,
            "payee": self.party,
            "asked_minor": self.amount_minor,
            "amount_minor": self.taken_minor,
            "code": self.code,
            "receipt": self.receipt,
            "reversed": self.reversed,
            "at": self.at,
            "ended_at": self.ended_at,
        }


@dataclass(slots=True, kw_only=True)
class Collection:
    """Money a customer pays by the menu. `key` is its receipt; `told`: it came by STK push.

    `state` is offered, completed, cancelled or reversed; `validation` how that was decided.
    """

    key: str
    short_code: str
    payer: str
    amount_minor: int
    bill_ref: str
    names: tuple[str, str, str]
    kind: str
    fault: str
    calls: str
    at: str
    state: str = "offered"
    validation: str = ""
    third_party_id: str = ""
    balance_minor: int = 0
    finished: bool = False

    def line(self) -> dict[str, Any]:
        """The payment as readers of the book see it."""
        return {
            "receipt": self.key,
            "payer": self.payer,
            "bill_ref": self.bill_ref,
            "amount_minor": self.amount_minor,
            "state": self.state,
            "validation": self.validation,
            "at": self.at,
        }


def now() -> str:
    """The moment, in UTC, as the book writes it."""
    return datetime.now(UTC).isoformat()
