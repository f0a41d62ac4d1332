"""What a payout is asked for with, and what its saga is told. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models import ids
from models.approval import LIFETIME, ApprovalTerms
from models.fees import Fee
from models.lifecycle import AttemptState
from models.money import Money
from models.payout_rail import PayoutRail
from models.payout_states import PayoutState
from models.saga import Instruct, SagaRef

WORKFLOW = "payout"
#: The member of a request that takes a payout back.
CANCEL = "cancel"
#: Rails that take a reference of their own shape; all others take the instruction's id.
_REFERENCES = {
    "mpesa": ids.originator_reference,
    "momo": ids.momo_reference,
    "airtel": ids.plain_hex,
}


class PayoutKind(StrEnum):
    """Why money leaves. All take it from what the organisation is owed."""

    PAYOUT = "payout"
    WITHDRAWAL = "withdrawal"
    REFUND_FALLBACK = "refund_fallback"
    AUTOMATIC = "automatic"


class NameCheck(StrEnum):
    """What a name that is not the holder's does. ASK: a second person decides."""

    OFF = "off"
    SHOW = "show"
    ASK = "ask"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPayee:
    """An account in another bank. `bank` is the code the rail knows it by."""

    bank: str
    account: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who gets the money: a wallet (E.164 without the plus) or a bank account, never both."""

    wallet: str | None = field(default=None, repr=False)
    bank: BankPayee | None = None
    name: str | None = field(default=None, repr=False)

    @property
    def same(self) -> str:
        """What two payouts to one beneficiary have in common; looked up by its HMAC only."""
        if self.bank is not None:
            return f"{self.bank.bank}/{self.bank.account}"
        return self.wallet or ""

    @property
    def shown(self) -> str:
        """What may be shown of it in lists, events and logs."""
        if self.bank is not None:
            return f"{self.bank.bank} …{self.bank.account[-3:]}"
        wallet = self.wallet or ""
        return f"+{wallet[:4]}…{wallet[-3:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDraft:
    """What a caller asks for.

    `method` None: the operator is predicted from the wallet's number. `maker`: who asks, a key's
    principal. `claim`: taken once for ever (a batch's row, a payment paid out automatically);
    asking again under it finds the payout that is there. `approved_in`: the public id of what a
    second person approved already, a batch or a refund; then nobody is asked again.
    """

    org: UUID
    livemode: bool
    amount: Money
    payee: Payee
    maker: str
    purpose: str
    method: str | None = None
    kind: PayoutKind = PayoutKind.PAYOUT
    reference: str | None = None
    scheduled_at: datetime | None = None
    claim: str | None = None
    approved_in: str | None = None
    batch: str | None = None
    payment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutOrder:
    """Starts a payout. `fee` is taken on top of `amount`, and both are held before money leaves.

    `approval` None: nobody has to allow it, or somebody has. `maker` asked for it; whoever is asked
    because of the holder's name has `approval_life` seconds. `payer`: the organisation's name, for
    what the payee is told. `returns_fee`: with money that comes back the fee comes back.
    """

    saga: SagaRef
    amount: Money
    fee: Fee
    kind: PayoutKind
    rail: PayoutRail
    payee: Payee
    purpose: str
    maker: str
    scheduled_at: datetime | None = None
    approval: ApprovalTerms | None = None
    approval_life: float = LIFETIME
    name_check: NameCheck = NameCheck.SHOW
    payer: str = ""
    returns_fee: bool = False
    tells_payee: bool = False
    wait_scale: float = 1.0


def first_state(order: PayoutOrder) -> PayoutState:
    """Where an accepted payout stands."""
    if order.approval is not None:
        return PayoutState.REQUIRES_APPROVAL
    return PayoutState.SCHEDULED if order.scheduled_at else PayoutState.DRAFT


def instruction(order: PayoutOrder, number: int = 1) -> str:
    """The `number`th instruction of a payout: a further one only where none before moved money."""
    return ids.instruction_id(order.saga.id, order.rail.name, number)


#: How many instructions a payout may have: a rail that is short of our money refuses each but one.
INSTRUCTIONS = 5


def numbers(order: PayoutOrder, last: int = INSTRUCTIONS) -> dict[str, int]:
    """The instructions a payout may ever have, or has up to the `last`, by number."""
    return {instruction(order, number): number for number in range(1, last + 1)}


def our_reference(order: PayoutOrder, number: int = 1) -> str:
    """What the other side is told and can be asked by, as people see it in its books."""
    named = instruction(order, number)
    shaped = _REFERENCES.get(order.rail.name)
    return shaped(named) if shaped else named


def instruct(order: PayoutOrder, number: int, state: AttemptState) -> Instruct:
    """That instruction in this state, as the step writes it that brings it there."""
    return Instruct(
        id=instruction(order, number),
        rail=order.rail.name,
        number=number,
        our_reference=our_reference(order, number),
        state=state,
        amount=order.amount,
    )


class PayoutRefusal(StrEnum):
    """Why a payout is not taken."""

    METHOD_UNKNOWN = "method_unknown"
    METHOD_UNDECIDED = "method_undecided"
    PAYEE_UNFIT = "payee_unfit"
    CURRENCY_NOT_CARRIED = "currency_not_carried"
    AMOUNT_NOT_CARRIED = "amount_not_carried"
    LIMIT_EXCEEDED = "limit_exceeded"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    NOBODY_MAY_APPROVE = "nobody_may_approve"
    TOO_FAR_AHEAD = "too_far_ahead"


class PayoutNotTaken(ValueError):
    """Nothing was accepted. `field` names what is wrong (a JSON Pointer); holds no value sent."""

    def __init__(self, code: PayoutRefusal, detail: str, *, field: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.field = field
