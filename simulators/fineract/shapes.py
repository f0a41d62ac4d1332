"""Records as Fineract writes them: dates are arrays, amounts numbers, enumerations objects."""

from typing import Any

from simulators.fineract.records import (
    Client,
    Hook,
    Loan,
    PaymentType,
    Product,
    Savings,
    Transaction,
)
from simulators.fineract.tenant import Tenant

_STATUSES = {
    100: ("submitted.and.pending.approval", "Submitted and pending approval", "pendingApproval"),
    200: ("approved", "Approved", "waitingForDisbursal"),
    300: ("active", "Active", "active"),
    400: ("withdrawn.by.client", "Withdrawn by applicant", "closed"),
    500: ("rejected", "Rejected", "closed"),
    600: ("closed.obligations.met", "Closed (obligations met)", "closedObligationsMet"),
    700: ("overpaid", "Overpaid", "overpaid"),
}
_FLAGS = sorted({flag for _, _, flag in _STATUSES.values()})
_KINDS = {"disbursement": 1, "repayment": 2, "deposit": 1}


def status(key: int) -> dict[str, Any]:
    """A loan status with its flags."""
    code, value, true = _STATUSES[key]
    flags = {flag: flag == true for flag in _FLAGS}
    return {"id": key, "code": f"loanStatusType.{code}", "value": value, **flags}


def day(text: str | None) -> list[int] | None:
    """A date as an array of numbers."""
    return [int(part) for part in text.split("-")] if text else None


def major(minor: int, decimals: int) -> float:
    """An amount as a JSON number."""
    return minor / int(10**decimals)


def currency(of: Loan | Savings | Product) -> dict[str, Any]:
    """A currency."""
    return {
        "code": of.currency,
        "name": of.currency,
        "decimalPlaces": of.decimals,
        "inMultiplesOf": 1,
    }


def listed_loan(tenant: Tenant, loan: Loan) -> dict[str, Any]:
    """A loan in the list."""
    client, product = tenant.clients[loan.client_id], tenant.products[loan.product_id]
    shown = {
        "id": loan.id,
        "accountNo": loan.account_no,
        "externalId": loan.external_id,
        "status": status(loan.status),
        "clientId": client.id,
        "clientName": client.name,
        "clientOfficeId": client.office_id,
        "loanProductId": product.id,
        "loanProductName": product.name,
        "loanType": {"id": 1, "code": "accountType.individual", "value": "Individual"},
        "currency": currency(loan),
        "principal": major(loan.principal_minor, loan.decimals),
        "approvedPrincipal": _optional(loan.approved_minor, loan.decimals),
        "netDisbursalAmount": _optional(loan.net_minor, loan.decimals),
        "timeline": _present(
            {
                "submittedOnDate": day(loan.submitted_on),
                "approvedOnDate": day(loan.approved_on),
                "expectedDisbursementDate": day(loan.expected_on),
                "actualDisbursementDate": day(loan.disbursed_on),
            }
        ),
    }
    return _present(shown)


def whole_loan(tenant: Tenant, loan: Loan, associations: set[str]) -> dict[str, Any]:
    """A loan by itself; schedule and transactions only where asked for."""
    product = tenant.products[loan.product_id]
    shown = {
        **listed_loan(tenant, loan),
        "multiDisburseLoan": product.multi_disburse,
        "isTopup": loan.top_up,
        "expectedFirstRepaymentOnDate": day(loan.first_repayment_on),
        "summary": {"totalOutstanding": major(max(0, loan.outstanding), loan.decimals)},
        "disbursementDetails": [{"id": n + 1} for n in range(loan.tranches)],
    }
    if associations & {"all", "repaymentSchedule"}:
        shown["repaymentSchedule"] = {"currency": currency(loan), "periods": _periods(tenant, loan)}
    if associations & {"all", "transactions"}:
        shown["transactions"] = [
            _loan_line(tenant, loan, line, "loanTransactionType", "type")
            for line in loan.transactions
        ]
    return shown


def savings(tenant: Tenant, account: Savings, associations: set[str]) -> dict[str, Any]:
    """A savings account."""
    shown = {
        "id": account.id,
        "accountNo": account.account_no,
        "externalId": account.external_id,
        "clientId": account.client_id,
        "clientName": tenant.clients[account.client_id].name,
        "status": savings_status(active=account.active),
        "currency": currency(account),
        "summary": {
            "accountBalance": major(account.balance, account.decimals),
            "availableBalance": major(account.balance, account.decimals),
        },
    }
    if associations & {"all", "transactions"}:
        shown["transactions"] = [
            _loan_line(tenant, account, line, "savingsAccountTransactionType", "transactionType")
            for line in account.transactions
        ]
    return _present(shown)


def savings_status(*, active: bool) -> dict[str, Any]:
    """The status of a savings account."""
    word = "active" if active else "closed"
    key = 300 if active else 600
    return {"id": key, "code": f"savingsAccountStatusType.{word}", "active": active}


def client(of: Client) -> dict[str, Any]:
    """A borrower; what is not known is left out."""
    word = "active" if of.active else "closed"
    return _present(
        {
            "id": of.id,
            "accountNo": of.account_no,
            "externalId": of.external_id,
            "status": {"id": 300 if of.active else 600, "code": f"clientStatusType.{word}"},
            "active": of.active,
            "displayName": of.name,
            "mobileNo": of.mobile,
            "officeId": of.office_id,
        }
    )


def product(of: Product) -> dict[str, Any]:
    """A loan product."""
    return _present(
        {
            "id": of.id,
            "name": of.name,
            "shortName": of.short_name,
            "status": "loanProduct.active" if of.active else "loanProduct.inActive",
            "currency": currency(of),
            "principal": major(of.principal_minor, of.decimals),
            "minPrincipal": _optional(of.min_minor, of.decimals),
            "maxPrincipal": _optional(of.max_minor, of.decimals),
            "numberOfRepayments": of.instalments,
            "repaymentEvery": 1,
            "multiDisburseLoan": of.multi_disburse,
            "maxTrancheCount": of.tranches,
            "closeDate": day(of.closed_on),
        }
    )


def payment_type(of: PaymentType) -> dict[str, Any]:
    """A payment type."""
    return {"id": of.id, "name": of.name, "description": of.name, "isCashPayment": of.cash}


def hook(of: Hook) -> dict[str, Any]:
    """A hook."""
    return {
        "id": of.id,
        "name": "Web",
        "displayName": of.name,
        "isActive": True,
        "events": [{"entityName": entity, "actionName": action} for entity, action in of.events],
        "config": [
            {"fieldName": "Payload URL", "fieldValue": of.url},
            {"fieldName": "Content Type", "fieldValue": of.content_type},
        ],
    }


def _loan_line(
    tenant: Tenant, of: Loan | Savings, line: Transaction, family: str, key: str
) -> dict[str, Any]:
    named = tenant.payment_types.get(line.payment_type_id or 0)
    paid = {
        "paymentType": payment_type(named) if named else None,
        "accountNumber": line.account_number,
        "receiptNumber": line.receipt,
    }
    shown = {
        "id": line.id,
        key: {"id": _KINDS[line.kind], "code": f"{family}.{line.kind}", line.kind: True},
        "date": day(line.on),
        "currency": currency(of),
        "amount": major(line.amount_minor, of.decimals),
        "externalId": line.external_id if tenant.switches.modern else None,
        "manuallyReversed": line.reversed,
        "reversed": line.reversed,
        "paymentDetailData": _present(paid) or None,
    }
    return _present(shown)


def _periods(tenant: Tenant, loan: Loan) -> list[dict[str, Any]]:
    """The disbursement, then equal instalments a month apart; the oldest is paid first."""
    count = max(1, tenant.products[loan.product_id].instalments)
    owed = loan.approved_minor or loan.principal_minor
    share, paid = -(-owed // count), loan.sum_of("repayment")
    periods: list[dict[str, Any]] = [
        {"dueDate": day(loan.disbursed_on or loan.expected_on), "principalDisbursed": owed}
    ]
    for number in range(1, count + 1):
        due = min(share, owed - share * (number - 1))
        left = max(0, due - max(0, paid - share * (number - 1)))
        periods.append(
            {
                "period": number,
                "dueDate": _months_on(loan.first_repayment_on, number - 1),
                "complete": left == 0,
                "totalDueForPeriod": major(due, loan.decimals),
                "totalOutstandingForPeriod": major(left, loan.decimals),
            }
        )
    return periods


def _months_on(text: str, months: int) -> list[int]:
    year, month, on = (int(part) for part in text.split("-"))
    years, month = divmod(month - 1 + months, 12)
    return [year + years, month + 1, min(on, 28)]


def _optional(minor: int | None, decimals: int) -> float | None:
    return None if minor is None else major(minor, decimals)


def _present(shown: dict[str, Any]) -> dict[str, Any]:
    """Fineract writes no nulls."""
    return {name: value for name, value in shown.items() if value is not None}
