"""What a refund is asked for, how it leaves, and what its workflow is started with. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from models import ids
from models.approval import ApprovalTerms
from models.charge import Terms
from models.fees import Fee
from models.money import Money
from models.places import ProviderWallet
from models.refund import RefundState
from models.saga import SagaRef

WORKFLOW = "refund"


class Way(StrEnum):
    """NATIVE: the rail gives the payment back. PAYOUT: money is sent to the payer's number."""

    NATIVE = "native"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDraft:
    """What somebody asks for. `amount` None: all that is left of the payment.

    `id`: for whoever may ask twice; the same id is accepted once. `escrow`: the money lies in
    that escrow and not with the merchant. `case`: all the money that case holds in suspense, of
    which nothing was captured. `way` None: native where the rail has it.
    `approved_in`: the public id of what a second person approved already. `waiter`: the workflow
    that is told once it has ended.
    """

    payment_id: str
    maker: str
    amount: Money | None = None
    reason: str | None = None
    reference: str | None = None
    id: str | None = None
    escrow: str | None = None
    case: str | None = None
    way: Way | None = None
    approved_in: str | None = None
    waiter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRail:
    """What a rail can do for a refund. `step`: the smallest unit it carries, by currency.

    `wallet`: where payments lie, and refunds leave from. `pays_from`: where payouts leave from.
    `reference` makes what the provider shows of an instruction's id.
    """

    provider: str
    terms: Terms
    wallet: str
    pays_from: str
    native: bool
    in_part: bool
    pays_out: bool
    step: Callable[[str], int]
    reference: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """Starts a refund's workflow. `fee`: what of our fee goes back to the merchant first.

    `paid`, `attempt_id`, `provider_reference` and `receipt` are those of the payment. `payer` is
    E.164 without the plus. `approval` None: nobody has to allow it, or somebody has. `case`: the
    money was set aside in suspense when two people decided that case.
    """

    saga: SagaRef
    payment_id: str
    attempt_id: str
    amount: Money
    paid: Money
    way: Way
    out_of: ProviderWallet
    our_reference: str
    terms: Terms
    payer: str = field(repr=False)
    fee: Fee | None = None
    escrow: str | None = None
    case: str | None = None
    approval: ApprovalTerms | None = None
    provider_reference: str | None = None
    receipt: str | None = None
    waiter: str | None = None
    wait_scale: float = 1.0

    @property
    def rail(self) -> str:
        """The rail of its one instruction."""
        return rail_of(self.out_of.provider, self.way)

    @property
    def instruction(self) -> str:
        """The one instruction of a refund."""
        return ids.instruction_id(self.saga.id, self.rail, 1)

    @property
    def suspense(self) -> str | None:
        """The provider in whose suspense the money lies; None when it is somebody's."""
        return self.out_of.provider if self.case else None


def first_state(plan: RefundPlan) -> RefundState:
    """Where it begins: money of a case is set aside already, and two people have said so."""
    if plan.case is not None:
        return RefundState.PENDING
    return RefundState.REQUIRES_APPROVAL if plan.approval else RefundState.CREATED


#: The signal that tells a waiter how its refund ended.
REFUND_ENDED = "refund_ended"
#: What a request (`models.saga.REQUESTED`) says in `why` when the merchant's money has come.
FUNDS_CAME = "funds_came"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundEnded:
    """How a refund ended: `status` is its last state."""

    refund_id: str
    status: str
    amount: Money


class Refusal(StrEnum):
    """Why a refund is not accepted."""

    NO_PAYMENT = "no_payment"
    OUTCOME_UNKNOWN = "outcome_unknown"
    NOT_SUCCEEDED = "not_succeeded"
    IN_ESCROW = "in_escrow"
    CURRENCY = "currency"
    EXCEEDS = "exceeds_captured"
    STEP = "step"
    NO_WAY = "no_way"
    NOBODY_MAY_APPROVE = "nobody_may_approve"


class RefundRefused(Exception):
    """Nothing was accepted. `left`: what may still be refunded, where that is the reason."""

    def __init__(self, why: Refusal, detail: str, left: Money | None = None) -> None:
        super().__init__(detail)
        self.why = why
        self.left = left


def rail_of(provider: str, way: Way) -> str:
    """The rail of a refund's instruction."""
    return f"{provider}_{'refund' if way is Way.NATIVE else 'payout'}"


def way_of(rail: RefundRail, draft: RefundDraft, *, amount: Money, paid: Money) -> Way:
    """How the money goes back. Raises RefundRefused where it cannot."""
    native = rail.native and (rail.in_part or amount == paid)
    if native and draft.way is not Way.PAYOUT:
        return Way.NATIVE
    if rail.pays_out and draft.way is not Way.NATIVE:
        return Way.PAYOUT
    raise RefundRefused(Refusal.NO_WAY, f"{rail.provider} gives no such payment back")


def fee_returned(taken: Fee, *, already: Fee, refunded: int, captured: int) -> Fee:
    """What of the fee goes back, pro rata of `refunded` with this refund, in minor units.

    Counted from all that was refunded, so parts never lose a unit and the last takes the rest.
    """
    return Fee(
        net=_part(taken.net, already.net, refunded, captured),
        tax=_part(taken.tax, already.tax, refunded, captured),
    )


def _part(taken: Money, already: Money, refunded: int, captured: int) -> Money:
    due = taken.minor * refunded // captured
    return Money(max(due - already.minor, 0), taken.currency)
