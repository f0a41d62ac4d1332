"""The messages of the checkout workflow: one frozen dataclass in, one out, additive only."""

from dataclasses import dataclass, field
from datetime import datetime

from models.charge import Charge, Terms
from models.fees import FeeRule
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money

#: Workflow, signal, update and query names: explicit, so that a rename never breaks history.
WORKFLOW = "checkout"
REPORTED, ATTEMPT_REQUESTED, CANCEL_REQUESTED = "reported", "attempt_requested", "cancel_requested"
ASK, RESOLVE, STORY = "ask", "resolve", "story"
MAX_ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptOrder:
    """One confirmed try: a provider, a payer and the terms it runs under.

    `queued`: it waits unsent until the rail carries again, and only then is sent.
    """

    id: str
    number: int
    provider: str
    charge: Charge
    terms: Terms
    queued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutOrder:
    """Starts a checkout: the session, its money, and the first attempt. Ids are public ids.

    `wait_scale` multiplies every wait (1 outside tests). `escrow`: what is paid is kept
    there, and `fee` charges nothing.
    """

    checkout_id: str
    payment_id: str
    org_id: str
    livemode: bool
    amount: Money
    reference: str
    expires_at: datetime
    first: AttemptOrder
    fee: FeeRule = field(default_factory=FeeRule)
    wait_scale: float = 1.0
    escrow: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptOrder:
    """Ring the payer's phone for one attempt; `sends` counts what was sent before."""

    attempt: AttemptOrder
    org_id: str
    livemode: bool
    checkout_id: str
    payment_id: str
    sends: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest:
    """The merchant or payer wants out; while a prompt is out this is only recorded."""

    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAsk:
    """An operator wants the provider asked now."""

    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorResolution:
    """Two people decide an outcome nobody can learn from the provider any more.

    `outcome`: `succeeded` or `failed`. `receipt` is the proof of a success.
    """

    actor: str
    approver: str
    reason: str
    evidence: str
    outcome: str
    receipt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The live state of a checkout as its workflow knows it."""

    checkout_id: str
    checkout: CheckoutState
    payment: PaymentStatus
    attempt_id: str
    attempt: AttemptState
    provider: str
    amount: Money
    last_evidence: str
    next_check_at: datetime | None
    needs_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a checkout ended."""

    checkout_id: str
    checkout: CheckoutState
    payment: PaymentStatus
