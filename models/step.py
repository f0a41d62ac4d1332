"""What one step writes, decided by a workflow and committed in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.fees import Fee
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money
from models.reading import ProviderReport


class CaseKind(StrEnum):
    """Something a person decides, unique per cause."""

    LATE_MONEY = "late_money"
    PAID_TWICE = "paid_twice"
    AMOUNT_MISMATCH = "amount_mismatch"
    CURRENCY_MISMATCH = "currency_mismatch"
    CONTRADICTION = "contradiction"
    UNRESOLVED = "unresolved"

    @property
    def holds_money(self) -> bool:
        """True when money lies in suspense until the case is decided."""
        return self not in {self.CONTRADICTION, self.UNRESOLVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Money to book: a settled charge with its fee, or (with `suspense`) money held for a case.

    `receipt` is what may be claimed once on this rail and account, and with it `handle`: one
    prompt is paid once, whatever receipt an unsigned message tells. `accepted`: the money lies
    in suspense for that case already and goes to the merchant now. `escrow`: the money of this
    checkout is kept apart there instead.
    """

    attempt_id: str
    provider: str
    amount: Money
    receipt: str
    fee: Fee | None = None
    suspense: CaseKind | None = None
    accepted: bool = False
    handle: str | None = None
    escrow: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where attempt, payment and session stand."""

    attempt: AttemptState
    payment: PaymentStatus
    checkout: CheckoutState
    needs_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transition of a checkout: rows, evidence, ledger entry, case and event together.

    `key` names the step for ever: writing it again changes nothing. States that do not move
    are None. `at` is the workflow's time. `only_if_idle`: refused while any attempt of the
    payment is in flight (expiry and cancel). `decides_case`: the word two people decided.
    `believes`: where things stood when the step was decided.
    """

    key: str
    org_id: str
    livemode: bool
    checkout_id: str
    payment_id: str
    attempt_id: str
    at: datetime
    actor: str
    reason: str | None = None
    attempt: AttemptState | None = None
    payment: PaymentStatus | None = None
    checkout: CheckoutState | None = None
    evidence: tuple[ProviderReport, ...] = ()
    posting: Posting | None = None
    case: CaseKind | None = None
    events: tuple[str, ...] = ()
    needs_review: bool | None = None
    next_check_at: datetime | None = None
    decides_case: str | None = None
    approver: str | None = None
    only_if_idle: bool = False
    believes: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """`applied` is False when the step may not be taken now (an attempt is in flight).

    With `standing` nothing was written either: the rows are elsewhere than the step assumed,
    and it has to be decided again from there.
    """

    applied: bool = True
    standing: Standing | None = None
