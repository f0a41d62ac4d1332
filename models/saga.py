"""A saga of the vault: its row, its steps and what came of writing one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from models.lifecycle import AttemptState
from models.messages import Notice
from models.money import Money
from models.reading import ProviderReport
from models.vault_postings import VaultPosting

#: What the row shows of itself: plain values, nothing personal, nothing secret.
Shown: TypeAlias = str | int | bool | None

REPORTED, REQUESTED = "reported", "requested"
ASK, RESOLVE, STORY = "ask", "resolve", "story"


class SagaKind(StrEnum):
    """The durable things that are rows of `sagas`: the vault's, then those of money out."""

    LOAN = "loan_disbursement"
    TOPUP = "wallet_topup"
    FLOAT = "float_purchase"
    COLLECTION = "c2b_receipt"
    REFUND = "refund"
    PAYOUT = "payout"
    BATCH = "payout_batch"
    ESCROW = "escrow"
    CLEARING = "clearing_move"


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaRef:
    """Which saga, whose, in which mode."""

    id: str
    kind: SagaKind
    org_id: str
    livemode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruct:
    """An instruction to an outside system, made or moved by a step.

    `our_reference` is what the system is told and can be asked by. Handle and receipt come
    from the step's evidence.
    """

    id: str
    rail: str
    number: int
    our_reference: str
    state: AttemptState
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaCase:
    """Something a person decides: unique per saga, kind and `cause`."""

    kind: str
    cause: str = ""
    amount: Money | None = None
    facts: Mapping[str, Shown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaStep:
    """One step: state, instruction, evidence, money, case, events and messages together.

    `key` names it for ever: writing it again changes nothing. `believes`: the state it was
    decided in; `perhaps`: where the row stands if the fence before a call was never written.
    `to` None: the state stays. `shows` is merged into the row. `claims` False lets
    go of what the row holds. `closes`: the word that ends the saga's open cases.
    """

    key: str
    saga: SagaRef
    at: datetime
    actor: str
    believes: str
    perhaps: str | None = None
    to: str | None = None
    reason: str | None = None
    approver: str | None = None
    shows: Mapping[str, Shown] = field(default_factory=dict)
    instruct: Instruct | None = None
    evidence: tuple[ProviderReport, ...] = ()
    posting: VaultPosting | None = None
    case: SagaCase | None = None
    closes: str | None = None
    events: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    claims: bool = True
    needs_review: bool | None = None
    next_check_at: datetime | None = None


class Trouble(StrEnum):
    """Why a step was not written. Nothing of it was.

    MOVED: the row stands elsewhere than the step assumed. SHORT: an account cannot bear it.
    DISPUTED: the receipt is booked for something else. DOUBTED: an earlier instruction may have
    moved money, so no other is begun.
    """

    MOVED = "moved"
    SHORT = "short"
    DISPUTED = "disputed"
    DOUBTED = "doubted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaWritten:
    """What came of it. `fresh` is False for a step that was written before.

    `state` and `instruction` are where the rows stand now.
    """

    state: str
    fresh: bool = True
    trouble: Trouble | None = None
    instruction: AttemptState | None = None

    @property
    def applied(self) -> bool:
        """True when the step stands."""
        return self.trouble is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaStory:
    """The live state, for queries and updates."""

    id: str
    kind: SagaKind
    state: str
    instruction: AttemptState | None
    last_evidence: str
    next_check_at: datetime | None
    needs_review: bool
