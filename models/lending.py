"""A lender's books as we read them: products, loans, clients and what is booked on a loan.

Amounts are None where the books name none, or one our currencies cannot carry.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from models.money import Money


class LoanStatus(IntEnum):
    """Where a loan stands in Mifos X, by its wire number. Others exist: kept as numbers."""

    SUBMITTED = 100
    APPROVED = 200
    ACTIVE = 300
    TRANSFER_IN_PROGRESS = 303
    TRANSFER_ON_HOLD = 304
    WITHDRAWN = 400
    REJECTED = 500
    CLOSED = 600
    WRITTEN_OFF = 601
    RESCHEDULED = 602
    OVERPAID = 700


#: Statuses a loan only reaches once its money was given out.
GIVEN_OUT = frozenset(LoanStatus) - {
    LoanStatus.SUBMITTED,
    LoanStatus.APPROVED,
    LoanStatus.WITHDRAWN,
    LoanStatus.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A loan product. A missing minimum or maximum is no bound. `closes_on`: no loans after."""

    id: int
    name: str
    short_name: str
    active: bool
    currency: str
    decimals: int
    minimum: Money | None = None
    maximum: Money | None = None
    multi_disburse: bool = False
    tranches: int | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTransaction:
    """One line of a loan or savings account. `kind` is the last word of its code."""

    id: int
    kind: str
    amount: Money | None
    on: date | None
    external_id: str | None = None
    receipt: str | None = None
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What is due next. None where all is paid or no schedule was read."""

    next_due_on: date | None = None
    next_due: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A loan. `net_disbursal`: what the client gets where that differs from the principal.

    `transactions` is None where they were not asked for, which is not "there are none".
    """

    id: int
    account_no: str
    external_id: str | None
    status: int
    client_id: int | None
    client_name: str = field(repr=False)
    product_id: int | None
    currency: str
    decimals: int
    office_id: int | None = None
    approved_principal: Money | None = None
    net_disbursal: Money | None = None
    outstanding: Money | None = None
    approved_on: date | None = None
    expected_disbursement_on: date | None = None
    first_repayment_on: date | None = None
    disbursed_on: date | None = None
    multi_disburse: bool = False
    tranches: int = 0
    top_up: bool = False
    schedule: Schedule = Schedule()
    transactions: tuple[LoanTransaction, ...] | None = None

    @property
    def disbursed(self) -> tuple[LoanTransaction, ...]:
        """Disbursements that stand."""
        lines = self.transactions or ()
        return tuple(line for line in lines if line.kind == "disbursement" and not line.reversed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A borrower. `mobile` is free text as the lender typed it."""

    id: int
    account_no: str
    external_id: str | None
    active: bool
    name: str = field(repr=False)
    mobile: str | None = field(repr=False)
    office_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """A savings account. `transactions` is None where they were not asked for."""

    id: int
    account_no: str
    external_id: str | None
    client_id: int | None
    active: bool
    currency: str
    balance: Money | None = None
    transactions: tuple[LoanTransaction, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of a client as its overview lists it. `kind`: LOAN or SAVINGS."""

    kind: str
    id: int
    account_no: str
    external_id: str | None
    status: int | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit of the search. `kind` as the wire says it: CLIENT, LOAN, SAVING."""

    kind: str
    id: int
    account_no: str
    external_id: str | None
    parent_id: int | None = None
    name: str = field(default="", repr=False)
    mobile: str | None = field(default=None, repr=False)
