"""What a loan's saga is told, and what it remembers from one stage to the next."""

from dataclasses import dataclass, field
from datetime import date, datetime

from models.charge import Terms
from models.loan import LoanState, ParkReason
from models.money import Money
from models.saga import SagaRef
from models.tariff import Quote

WORKFLOW = "loan-disbursement"

#: Rails of a loan's instructions.
PAYOUT, POSTING, UNDO = "mpesa_b2c", "mifos_disburse", "mifos_undo"

#: Daraja tells a result within seconds. "Not found" counts only after a quarter of an hour, and
#: what is sent again then carries the same reference, which Daraja takes once. Asked about every
#: five minutes for two hours, then every half hour: a history has room for no more.
PAYOUT_TERMS = Terms(
    patience=30.0,
    ask_every=(30.0, 60.0, 120.0, *(300.0,) * 24, 1800.0),
    settle_time=900.0,
    absence_proves=True,
    horizon=86_400.0,
    prompt_lifetime=120.0,
    resends=2,
    resend_pauses=(5.0, 30.0, 120.0),
)
#: Reading a loan back costs little; what was refused before acting is sent again for a day.
POSTING_TERMS = Terms(
    patience=5.0,
    ask_every=(5.0, 15.0, 30.0, 30.0, 60.0, *(300.0,) * 24, 1800.0),
    settle_time=60.0,
    absence_proves=True,
    horizon=86_400.0,
    prompt_lifetime=60.0,
    resends=150,
    resend_pauses=(5.0, 15.0, 60.0, 300.0, 600.0),
)
#: Seconds to wait for balances, and how often they are asked for.
BALANCE_WAIT, BALANCE_QUESTIONS = 30.0, 3
#: Seconds between two looks at a loan whose posting a person has to decide.
REVIEW_LOOK = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """What is paid to whom. `principal` is what Mifos X books, `amount` what the client gets.

    `phone` is E.164 without the plus. `day`: the lender's date it counts against limits on.
    """

    principal: Money
    amount: Money
    client_id: int
    phone: str = field(repr=False)
    client: str = field(repr=False)
    product_id: int
    day: date
    approved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanMemory:
    """What one stage leaves for the next. Read back from the rows where a run began anew.

    `hold`, `payout`, `posting`: numbers of the last of each. `tries` counts keys used at Mifos.
    `disputed`: a payment nobody but two people can judge; `told` is what it amounted to.
    """

    payable: Payable | None = None
    quote: Quote | None = None
    hold: int = 0
    payout: int = 1
    posting: int = 1
    tries: int = 1
    parked_for: ParkReason | None = None
    parks: int = 0
    short_code: str = ""
    disputed: bool = False
    told: Money | None = None
    receipt: str | None = None
    paid_at: datetime | None = None
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanOrder:
    """One approved loan of one partner. `tenant` is the lender's at its `host`.

    `state` and `memory`: where a run that was continued goes on. `scale` shortens waits in tests.
    `confirm`: a result that says paid counts once M-Pesa, asked, says so too.
    """

    saga: SagaRef
    tenant: str
    loan_id: int
    account_no: str
    host: str = ""
    partner: str = ""
    confirm: bool = False
    scale: float = 1.0
    state: str = LoanState.FOUND
    memory: LoanMemory = LoanMemory()
    payout_terms: Terms = PAYOUT_TERMS
    posting_terms: Terms = POSTING_TERMS


def claim_of(host: str, tenant: str, loan_id: int) -> str:
    """What makes a loan one of a kind, whoever lends from those books."""
    return f"{host}/{tenant}/{loan_id}"
