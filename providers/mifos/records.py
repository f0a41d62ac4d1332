"""Products, loans, clients and accounts out of Fineract's JSON. Pure; never raises.

None where a record has no id: what cannot be named cannot be acted on.
"""

import re
from datetime import date
from typing import Any

from models.lending import (
    Account,
    Client,
    Found,
    Loan,
    LoanTransaction,
    Product,
    Savings,
    Schedule,
)
from models.money import Money
from providers.wire import Fields, fields, listed, money, text

_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")


def number(value: object) -> int | None:
    """A whole number, however written."""
    shown = text(value) or ""
    return int(shown) if shown.isascii() and shown.isdecimal() and len(shown) <= 18 else None


def day(value: object) -> date | None:
    """A date: an array of numbers or ISO text; what follows the day is ignored."""
    if isinstance(value, list):
        parts: list[Any] = [number(part) for part in value[:3]]
    else:
        match = _ISO_DAY.fullmatch(text(value) or "")
        parts = [int(part) for part in match.groups()] if match else []
    try:
        return date(*parts) if len(parts) == 3 else None
    except (ValueError, TypeError, OverflowError):
        return None


def flag(value: object) -> bool:
    """True only for a true that is said."""
    return text(value) == "true"


def page(answer: Fields) -> list[Fields]:
    """The rows of a page."""
    return listed(answer.get("pageItems"))


def loan(answer: Fields) -> Loan | None:
    """A loan, from the list or by itself."""
    key, status = number(answer.get("id")), number(fields(answer.get("status")).get("id"))
    if key is None or status is None:
        return None
    code, decimals = _currency(answer)
    timeline = fields(answer.get("timeline"))
    periods = _periods(answer)
    first = day(answer.get("expectedFirstRepaymentOnDate"))
    return Loan(
        id=key,
        account_no=text(answer.get("accountNo")) or "",
        external_id=text(answer.get("externalId")),
        status=status,
        client_id=number(answer.get("clientId")),
        client_name=text(answer.get("clientName")) or "",
        product_id=number(answer.get("loanProductId")),
        currency=code,
        decimals=decimals,
        office_id=number(answer.get("clientOfficeId")),
        approved_principal=money(answer.get("approvedPrincipal"), code),
        net_disbursal=money(answer.get("netDisbursalAmount"), code),
        outstanding=money(fields(answer.get("summary")).get("totalOutstanding"), code),
        approved_on=day(timeline.get("approvedOnDate")),
        expected_disbursement_on=day(timeline.get("expectedDisbursementDate")),
        first_repayment_on=first or (day(periods[0].get("dueDate")) if periods else None),
        disbursed_on=day(timeline.get("actualDisbursementDate")),
        multi_disburse=flag(answer.get("multiDisburseLoan")),
        tranches=len(listed(answer.get("disbursementDetails"))),
        top_up=flag(answer.get("isTopup")),
        schedule=_schedule(periods, code),
        transactions=_transactions(answer, code, "type"),
    )


def product(answer: Fields) -> Product | None:
    """A loan product."""
    key = number(answer.get("id"))
    if key is None:
        return None
    code, decimals = _currency(answer)
    state = text(answer.get("status")) or text(fields(answer.get("status")).get("code")) or ""
    return Product(
        id=key,
        name=text(answer.get("name")) or "",
        short_name=text(answer.get("shortName")) or "",
        active=state in {"", "loanProduct.active"},
        currency=code,
        decimals=decimals,
        minimum=money(answer.get("minPrincipal"), code),
        maximum=money(answer.get("maxPrincipal"), code),
        multi_disburse=flag(answer.get("multiDisburseLoan")),
        tranches=number(answer.get("maxTrancheCount")),
        closes_on=day(answer.get("closeDate")),
    )


def client(answer: Fields) -> Client | None:
    """A borrower."""
    key = number(answer.get("id"))
    if key is None:
        return None
    return Client(
        id=key,
        account_no=text(answer.get("accountNo")) or "",
        external_id=text(answer.get("externalId")),
        active=flag(answer.get("active")),
        name=text(answer.get("displayName")) or "",
        mobile=text(answer.get("mobileNo")),
        office_id=number(answer.get("officeId")),
    )


def savings(answer: Fields) -> Savings | None:
    """A savings account."""
    key = number(answer.get("id"))
    if key is None:
        return None
    code, _ = _currency(answer)
    summary, status = fields(answer.get("summary")), fields(answer.get("status"))
    held = summary.get("availableBalance", summary.get("accountBalance"))
    return Savings(
        id=key,
        account_no=text(answer.get("accountNo")) or "",
        external_id=text(answer.get("externalId")),
        client_id=number(answer.get("clientId")),
        active=flag(status.get("active")),
        currency=code,
        balance=money(held, code),
        transactions=_transactions(answer, code, "transactionType"),
    )


def accounts(answer: Fields) -> tuple[Account, ...]:
    """Loans and savings accounts of one client."""
    found = [
        _account(kind, line)
        for kind, key in (("LOAN", "loanAccounts"), ("SAVINGS", "savingsAccounts"))
        for line in listed(answer.get(key))
    ]
    return tuple(account for account in found if account)


def hit(answer: Fields) -> Found | None:
    """One hit of the search."""
    key = number(answer.get("entityId"))
    if key is None:
        return None
    return Found(
        kind=text(answer.get("entityType")) or "",
        id=key,
        account_no=text(answer.get("entityAccountNo")) or "",
        external_id=text(answer.get("entityExternalId")),
        parent_id=number(answer.get("parentId")),
        name=text(answer.get("entityName")) or "",
        mobile=text(answer.get("entityMobileNo")),
    )


def _account(kind: str, line: Fields) -> Account | None:
    key, status = number(line.get("id")), fields(line.get("status"))
    if key is None:
        return None
    return Account(
        kind=kind,
        id=key,
        account_no=text(line.get("accountNo")) or "",
        external_id=text(line.get("externalId")),
        status=number(status.get("id")),
        active=flag(status.get("active")),
    )


def _currency(answer: Fields) -> tuple[str, int]:
    named = fields(answer.get("currency"))
    return text(named.get("code")) or "", number(named.get("decimalPlaces")) or 0


def _transactions(answer: Fields, code: str, kind: str) -> tuple[LoanTransaction, ...] | None:
    if "transactions" not in answer:
        return None
    lines = [_transaction(line, code, kind) for line in listed(answer.get("transactions"))]
    return tuple(line for line in lines if line)


def _transaction(line: Fields, code: str, kind: str) -> LoanTransaction | None:
    key = number(line.get("id"))
    if key is None:
        return None
    named = text(fields(line.get(kind)).get("code")) or ""
    return LoanTransaction(
        id=key,
        kind=named.rpartition(".")[2],
        amount=money(line.get("amount"), code),
        on=day(line.get("date")),
        external_id=text(line.get("externalId")),
        receipt=text(fields(line.get("paymentDetailData")).get("receiptNumber")),
        reversed=flag(line.get("manuallyReversed")) or flag(line.get("reversed")),
    )


def _periods(answer: Fields) -> list[Fields]:
    """The instalments of a schedule; its first line is the disbursement and has no number."""
    lines = listed(fields(answer.get("repaymentSchedule")).get("periods"))
    return [line for line in lines if number(line.get("period"))]


def _schedule(periods: list[Fields], code: str) -> Schedule:
    for period in periods:
        stated = period.get("totalOutstandingForPeriod", period.get("totalDueForPeriod"))
        due: Money | None = money(stated, code)
        if not flag(period.get("complete")) and (due is None or due.minor):
            return Schedule(next_due_on=day(period.get("dueDate")), next_due=due)
    return Schedule()
