"""What a tenant's books hold. Amounts are minor units, days ISO text."""

from dataclasses import dataclass, field

SUBMITTED, APPROVED, ACTIVE = 100, 200, 300
WITHDRAWN, REJECTED, CLOSED, OVERPAID = 400, 500, 600, 700
#: What a partner's own user needs; no more, so that maker-checker holds it.
NEEDED = (
    "READ_LOAN", "READ_CLIENT", "READ_LOANPRODUCT", "READ_PAYMENTTYPE", "READ_SAVINGSACCOUNT",
    "READ_HOLIDAY", "READ_WORKINGDAYS", "READ_CONFIGURATION", "READ_PERMISSION",
    "READ_BUSINESS_DATE", "READ_HOOK", "CREATE_HOOK", "DISBURSE_LOAN", "DISBURSALUNDO_LOAN",
    "REPAYMENT_LOAN", "ADJUST_LOAN", "DEPOSIT_SAVINGSACCOUNT", "UNDOTRANSACTION_SAVINGSACCOUNT",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class User:
    """Who may log in. `permissions` as Fineract names them; ALL_FUNCTIONS is a super user."""

    id: int
    name: str
    password: str
    office_id: int = 1
    permissions: list[str] = field(default_factory=lambda: list(NEEDED))
    renew_password: bool = False

    def may(self, permission: str) -> bool:
        """Whether the user holds it, alone or through one that covers it."""
        return permission in self.permissions or "ALL_FUNCTIONS" in self.permissions


@dataclass(slots=True, kw_only=True)
class PaymentType:
    """How money came or went. A cash type drags in the cashier."""

    id: int
    name: str
    cash: bool = False


@dataclass(slots=True, kw_only=True)
class Product:
    """A loan product."""

    id: int
    name: str
    short_name: str
    currency: str = "KES"
    decimals: int = 2
    principal_minor: int = 1_000_000
    min_minor: int | None = None
    max_minor: int | None = None
    instalments: int = 3
    active: bool = True
    multi_disburse: bool = False
    tranches: int | None = None
    sync_expected: bool = False
    closed_on: str | None = None


@dataclass(slots=True, kw_only=True)
class Client:
    """A borrower."""

    id: int
    account_no: str
    name: str
    mobile: str | None
    external_id: str | None = None
    office_id: int = 1
    active: bool = True


@dataclass(slots=True, kw_only=True)
class Transaction:
    """A line of a loan or savings account."""

    id: int
    kind: str
    on: str
    amount_minor: int
    external_id: str | None = None
    receipt: str | None = None
    account_number: str | None = None
    payment_type_id: int | None = None
    reversed: bool = False


@dataclass(slots=True, kw_only=True)
class Loan:
    """A loan through its life. `touched`: the order lists come in when none is asked for."""

    id: int
    account_no: str
    client_id: int
    product_id: int
    currency: str
    decimals: int
    principal_minor: int
    submitted_on: str
    expected_on: str
    first_repayment_on: str
    status: int = SUBMITTED
    external_id: str | None = None
    approved_minor: int | None = None
    net_minor: int | None = None
    approved_on: str | None = None
    disbursed_on: str | None = None
    top_up: bool = False
    tranches: int = 0
    locked: bool = False
    touched: int = 0
    transactions: list[Transaction] = field(default_factory=list)

    def sum_of(self, kind: str) -> int:
        """What stands of that kind."""
        return sum(t.amount_minor for t in self.transactions if t.kind == kind and not t.reversed)

    @property
    def outstanding(self) -> int:
        """What the client owes; below zero when overpaid."""
        return self.sum_of("disbursement") - self.sum_of("repayment")


@dataclass(slots=True, kw_only=True)
class Savings:
    """A savings account."""

    id: int
    account_no: str
    client_id: int
    currency: str = "KES"
    decimals: int = 2
    external_id: str | None = None
    active: bool = True
    transactions: list[Transaction] = field(default_factory=list)

    @property
    def balance(self) -> int:
        """What was deposited and stands."""
        return sum(t.amount_minor for t in self.transactions if not t.reversed)


@dataclass(slots=True, kw_only=True)
class Hook:
    """Where somebody wants to be told. `events`: [entity, action] each."""

    id: int
    name: str
    url: str
    content_type: str = "json"
    events: list[list[str]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Stored:
    """The stored answer of one idempotency key, success or failure, for ever."""

    id: str
    status: int
    body: str


@dataclass(slots=True, kw_only=True)
class Parked:
    """A command that waits for a checker."""

    id: int
    action: str
    entity: str
    account_id: int
    transaction_id: int | None
    sent: str
    done: bool = False


def line_of(account: Loan | Savings, key: int) -> Transaction | None:
    """The transaction of that id."""
    return next((line for line in account.transactions if line.id == key), None)
