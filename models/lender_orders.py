"""What a lender's books are told, and what they say unasked."""

from dataclasses import dataclass, field
from datetime import date

from models.money import Money
from models.reading import Reading, Reason, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """`external_id` names the transaction for ever; `idempotency_key` only one try of it.

    `on` is a date of the lender's own calendar. `account_number` is the payer's or payee's
    phone.
    """

    on: date
    amount: Money
    payment_type_id: int
    receipt: str
    external_id: str
    idempotency_key: str
    account_number: str = field(default="", repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursement(Booking):
    """The loan was paid out: `amount` is the approved principal."""

    loan_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repayment(Booking):
    """The client paid a loan back, in whole or in part."""

    loan_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit(Booking):
    """The client paid into a savings account."""

    savings_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back what was booked: a disbursement, or one transaction of an account.

    `account_id` is the loan or the savings account; `transaction_id` None: the disbursement.
    """

    account_id: int
    idempotency_key: str
    transaction_id: int | None = None
    on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookHint:
    """A wake-up from the lender's books: unsigned, sent for failures too. Read back, then act.

    `failed`: the command did not go through, or waits for a checker.
    """

    entity: str | None
    action: str | None
    loan_id: int | None = None
    savings_id: int | None = None
    client_id: int | None = None
    office_id: int | None = None
    resource_id: int | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A hook the lender's books hold: `events` are (entity, action)."""

    id: int
    active: bool
    url: str = field(repr=False)
    events: tuple[tuple[str, str], ...] = ()


def next_try(number: int, reading: Reading | None) -> int:
    """The number of the next try: a new one gets a new key.

    Fineract answers a key with its stored failure for ever, so a failure that is *known* needs
    a new key. While the outcome is open (no answer, unknown, still running) only the old key
    is safe: a new one could book twice where external ids are not unique.
    """
    if reading is None or reading.reason is Reason.IN_PROGRESS:
        return number
    known = reading.verdict is Verdict.REFUSED or reading.reason is Reason.KEY_SPENT
    return number + 1 if known else number
