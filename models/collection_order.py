"""What the saga of a collection is told, and what its activities are asked."""

from dataclasses import dataclass, field
from datetime import datetime

from models.account_matching import Target
from models.charge import Terms
from models.collection import CollectionState
from models.money import Money
from models.places import ReceiptClaim
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import SagaRef

WORKFLOW, REVERSAL = "collection", "collection-reversal"

#: Rails of a collection's instructions: the phone that rang, the books it is posted in.
PROMPT, REPAYMENT, DEPOSIT, UNDO = "mpesa_stk", "mifos_repayment", "mifos_deposit", "mifos_undo"
#: Whose receipts they are.
RAIL = "mpesa"

#: Where M-Pesa is not configured for our own short code; as its settings say by themselves.
PROMPT_TERMS = Terms(
    patience=30.0,
    ask_every=(15.0, 30.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0),
    settle_time=120.0,
    absence_proves=False,
    horizon=86_400.0,
    prompt_lifetime=120.0,
)
#: Reading an account back costs little; what was refused before acting is sent again for a day.
POSTING_TERMS = Terms(
    patience=5.0,
    ask_every=(5.0, 15.0, 60.0, *(300.0,) * 24, 1800.0),
    settle_time=60.0,
    absence_proves=True,
    horizon=86_400.0,
    prompt_lifetime=60.0,
    resends=150,
    resend_pauses=(5.0, 15.0, 60.0, 300.0, 600.0),
)
#: Seconds between two looks at a posting a person has to decide.
REVIEW_LOOK = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money that has come. `receipt` names it for ever, `evidence_id` is what told us.

    `validation_id`: the question before the money moved, answered by us.
    """

    receipt: str
    amount: Money
    paid_at: datetime
    evidence_id: str
    validation_id: str | None = None

    def report(self, saga_id: str) -> ProviderReport:
        """The payment as evidence for its saga."""
        reading = Reading(verdict=Verdict.SETTLED, amount=self.amount, receipt=self.receipt)
        return ProviderReport(
            attempt_id=saga_id,
            source=Source.CALLBACK,
            evidence_id=self.evidence_id,
            reading=reading,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionMemory:
    """What one stage leaves for the next. Read back from the row where a run began anew.

    `posting`: number of the last posting; `tries` counts keys used at Mifos for it.
    """

    paid: Paid | None = None
    target: Target | None = None
    posting: int = 1
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionOrder:
    """One payment of one customer. `account` is what was typed; `payer` the phone as told.

    With `paid` the money is there, by the word of a confirmation: with `confirm` it is asked about
    before it counts. Without `paid` the payer's phone is to ring, on `prompt_terms`.
    `short_code` is the registered one, `told_short_code` what the confirmation names.
    `begun` and `memory`: where a run that was continued goes on.
    """

    saga: SagaRef
    short_code: str
    tenant: str
    amount: Money
    account: str = field(repr=False)
    payer: str | None = field(repr=False)
    paid: Paid | None = None
    prompt_terms: Terms | None = None
    confirm: bool = False
    partner: str = ""
    scale: float = 1.0
    told_short_code: str | None = None
    posting_terms: Terms = POSTING_TERMS
    begun: str | None = None
    memory: CollectionMemory | None = None

    @property
    def state(self) -> str:
        """Where the run begins; a new row stands there."""
        return self.begun or (CollectionState.RECEIVED if self.paid else CollectionState.REQUESTED)

    @property
    def misdirected(self) -> bool:
        """True where the confirmation names another short code than its address belongs to."""
        return self.told_short_code not in {None, self.short_code}

    def claim(self, receipt: str) -> ReceiptClaim:
        """The proof of the movement on the pay bill."""
        return ReceiptClaim(rail=RAIL, account=self.short_code, number=receipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchOrder:
    """Whose is it? `account`: what the payer typed, or what people say it is."""

    org_id: str
    livemode: bool
    account: str = field(repr=False)
    payer: str | None = field(repr=False)
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOrder:
    """Tell the payer: posted, or reversed. `phone` is known only where we rang it."""

    saga: SagaRef
    event: str
    target: Target
    amount: Money
    receipt: str
    phone: str | None = field(default=None, repr=False)


def claim_of(short_code: str, receipt: str) -> str:
    """What makes a payment one of a kind."""
    return f"{short_code}/{receipt}"
