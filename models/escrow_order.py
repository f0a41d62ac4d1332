"""What an escrow runs under: its checkout, and the ways its money may be released."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from models.escrow import EscrowState
from models.fees import FeeRule
from models.money import Money
from models.saga import SagaRef

WORKFLOW = "escrow"
#: What wakes an escrow says nothing else: the rows are read again.
AWAKE = {"look": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRule:
    """Who may release, and when it happens by itself: seconds after the money came, or never."""

    after: int | None = None
    on_proof: bool = True
    on_confirmation: bool = False

    @property
    def ever(self) -> bool:
        """True when there is a way out to the merchant."""
        return self.after is not None or self.on_proof or self.on_confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowOrder:
    """Starts an escrow. `fee`: the organisation's rule when the escrow was made.

    `expires_at`: until then its checkout may be paid. `state`: where this run begins.
    """

    saga: SagaRef
    amount: Money
    checkout_id: str
    payment_id: str
    expires_at: datetime
    rule: ReleaseRule = field(default_factory=ReleaseRule)
    fee: FeeRule = field(default_factory=FeeRule)
    wait_scale: float = 1.0
    state: str = EscrowState.CREATED

    def standing(self, state: str) -> "EscrowOrder":
        """The same escrow, from where its last run left it."""
        return replace(self, state=state)
