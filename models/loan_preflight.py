"""Whether an approved loan may be paid now, decided before anything moves. Pure.

Everything that would make Mifos X refuse the posting afterwards is looked at here: what is paid
and cannot be booked is a person's work.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.lender_calendar import Access, Calendar
from models.lending import Client, Loan, LoanStatus
from models.loan import ParkReason
from models.loan_order import Payable
from models.money import Money

CURRENCY = "KES"
#: Cents one B2C payment carries: 10 to 250,000 shillings.
SMALLEST, LARGEST = 1_000, 25_000_000
#: What the service user must be allowed in the lender's books.
PERMISSION = "DISBURSE_LOAN"

_MOBILE = re.compile(r"(?:\+?254|0)?([17]\d{8})")
_DECORATION = re.compile(r"[\s().-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRule:
    """The partner's rule for a product. Limits are minor units; None: no such limit."""

    in_use: bool
    per_loan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """What was read of a loan. `today`: the lender's own date. `waits`: for a checker."""

    loan: Loan | None
    client: Client | None
    product: ProductRule | None
    calendar: Calendar
    access: Access
    waits: bool
    payment_type: int | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Exactly one of three: pay it, let it wait, or it is no longer to be paid."""

    payable: Payable | None = None
    parks: ParkReason | None = None
    rejects: str | None = None
    detail: str = ""


def preflight(facts: LoanFacts) -> Finding:
    """The first thing that stands against paying the loan; else what to pay whom."""
    loan = facts.loan
    if loan is None:
        return Finding(rejects="loan_not_found")
    if loan.status != LoanStatus.APPROVED or loan.disbursed:
        return Finding(rejects="loan_not_approved", detail=f"status {loan.status}")
    for reason, detail in _against(loan, facts):
        return Finding(parks=reason, detail=detail)
    return Finding(payable=_payable(loan, facts))


def kenyan_mobile(written: str | None) -> str | None:
    """E.164 without the plus, however the lender wrote it; None for anything else."""
    match = _MOBILE.fullmatch(_DECORATION.sub("", written or ""))
    return f"254{match.group(1)}" if match else None


def paid_amount(loan: Loan) -> Money | None:
    """What the client gets: the net amount where the books name one, else the principal."""
    return loan.net_disbursal if loan.net_disbursal is not None else loan.approved_principal


def _against(loan: Loan, facts: LoanFacts) -> Iterator[tuple[ParkReason, str]]:
    yield from _shape(loan)
    yield from _amount(loan, facts.product)
    yield from _payee(facts.client)
    yield from _books(loan, facts)


def _shape(loan: Loan) -> Iterator[tuple[ParkReason, str]]:
    if loan.currency != CURRENCY:
        yield ParkReason.CURRENCY, f"M-Pesa carries {CURRENCY} only"
    if loan.top_up:
        yield ParkReason.TOP_UP_LOAN, "it pays off another loan"
    if loan.multi_disburse or loan.tranches > 1:
        yield ParkReason.MULTI_TRANCHE, "it is paid in parts"


def _amount(loan: Loan, product: ProductRule | None) -> Iterator[tuple[ParkReason, str]]:
    amount, principal = paid_amount(loan), loan.approved_principal
    if amount is None or principal is None or amount.minor % 100:
        yield ParkReason.CENTS, "M-Pesa pays whole shillings"
    elif not SMALLEST <= amount.minor <= LARGEST:
        yield ParkReason.LIMITS, "M-Pesa pays 10 to 250,000 shillings at a time"
    elif amount.minor > principal.minor:
        yield ParkReason.LIMITS, "more would be paid than was approved"
    if product is None or not product.in_use:
        yield ParkReason.PRODUCT, "the product is not enabled, or it was changed or closed"
    elif amount and product.per_loan is not None and amount.minor > product.per_loan:
        yield ParkReason.LIMITS, "above the product's limit per loan"


def _payee(client: Client | None) -> Iterator[tuple[ParkReason, str]]:
    if client is None or not client.active:
        yield ParkReason.CLIENT, "the client is not active"
    elif kenyan_mobile(client.mobile) is None:
        yield ParkReason.PHONE, "the client has no Kenyan mobile number"


def _books(loan: Loan, facts: LoanFacts) -> Iterator[tuple[ParkReason, str]]:
    forbidden = facts.calendar.forbids(loan, facts.today, today=facts.today)
    if forbidden:
        yield ParkReason.MIFOS_CALENDAR, str(forbidden)
    if facts.access.renew_password:
        yield ParkReason.CREDENTIALS, "the user's password must be renewed in Mifos X"
    if not facts.access.may(PERMISSION):
        yield ParkReason.CREDENTIALS, f"the user lacks {PERMISSION}"
    if facts.waits:
        yield ParkReason.CREDENTIALS, "disbursements wait for a checker"
    if facts.payment_type is None:
        yield ParkReason.CREDENTIALS, "the payment type is not there"


def _payable(loan: Loan, facts: LoanFacts) -> Payable:
    amount, client = paid_amount(loan), facts.client
    phone = kenyan_mobile(client.mobile if client else None)
    if amount is None or loan.approved_principal is None or client is None or phone is None:
        raise ValueError("nothing stood against a loan that cannot be paid")
    return Payable(
        principal=loan.approved_principal,
        amount=amount,
        client_id=client.id,
        phone=phone,
        client=client.name or loan.client_name,
        product_id=loan.product_id or 0,
        day=facts.today,
        approved_on=loan.approved_on,
    )
