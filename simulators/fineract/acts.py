"""What commands do to the books, each check in the order of Fineract's code.

An act raises answers.Error before it changes anything.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from simulators.fineract import answers, records, shapes
from simulators.fineract.fields import DISBURSEMENT, TRANSACTION, UNDO, Sent
from simulators.fineract.records import Loan, Savings, Transaction
from simulators.fineract.tenant import Tenant

_NOT_DISBURSABLE = "error.msg.loan.disbursal.account.is.not.approve.not.disbursed.state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command as it came: on which account, and for an undo on which transaction."""

    action: str
    entity: str
    task: str
    account_id: int
    raw: bytes = b"{}"
    transaction_id: int | None = None


def perform(tenant: Tenant, order: Order) -> dict[str, Any]:
    """Do it; the answer of a success. Raises answers.Error."""
    act = _ACTS.get((order.action, order.entity))
    if act is None:
        raise answers.invalid("error.msg.command.unsupported", f"{order.action} is not supported")
    return act(tenant, order)


def _disburse(tenant: Tenant, order: Order) -> dict[str, Any]:
    sent = Sent(order.raw, DISBURSEMENT)
    on = sent.day("actualDisbursementDate")
    loan = _loan(tenant, order.account_id)
    minor = sent.minor("transactionAmount", loan.decimals)
    amount = loan.approved_minor if minor is None else minor
    _disbursable(tenant, loan, on, amount or 0)
    line = _line(tenant, sent, loan, kind="disbursement", on=on, minor=amount or 0)
    loan.status, loan.disbursed_on = records.ACTIVE, on.isoformat()
    loan.transactions.append(line)
    tenant.save(loan)
    answer = {
        **_answer(tenant, loan),
        "resourceId": loan.id,
        "changes": {**sent.echo(), "status": shapes.status(loan.status)},
    }
    if tenant.switches.modern:
        answer |= {"subResourceId": line.id, "subResourceExternalId": line.external_id}
    return answer


def _disbursable(tenant: Tenant, loan: Loan, on: date, minor: int) -> None:
    product = tenant.products[loan.product_id]
    if not tenant.clients[loan.client_id].active:
        raise answers.rule("error.msg.client.not.active.exception", "The client is not active")
    if loan.status != records.APPROVED:
        said = "Loan Disbursal is not allowed. Loan Account is not in approved and not disbursed"
        raise answers.invalid(_NOT_DISBURSABLE, said)
    if product.sync_expected and on.isoformat() != loan.expected_on:
        code = "error.msg.actual.disbursement.date.does.not.match.with.expected.disbursement.date"
        raise answers.rule(code, "Not the expected disbursement date")
    _open_day(tenant, on, "loan.disbursement")
    if loan.approved_on and on.isoformat() < loan.approved_on:
        code = "error.msg.loan.disbursal.cannot.be.before.approval.date"
        raise answers.rule(code, "The date is before the approval")
    if minor > (loan.approved_minor or 0):
        code = "error.msg.loan.disbursal.amount.can't.be.greater.than.maximum.applied.loan.amount"
        raise answers.rule(code, "Above the approved amount")
    if on.isoformat() > loan.first_repayment_on:
        code = "error.msg.loan.disbursal.cannot.be.after.first.repayment.date"
        raise answers.rule(code, "The date is after the first repayment")
    _not_ahead(tenant, on, "loan.disbursal")


def _undo_disbursal(tenant: Tenant, order: Order) -> dict[str, Any]:
    Sent(order.raw, UNDO)
    loan = _loan(tenant, order.account_id)
    if loan.status != records.ACTIVE or loan.top_up:
        code = "error.msg.loan.undo.disbursal.account.is.not.active"
        raise answers.invalid(code, "Undo of the disbursal is not allowed")
    if loan.sum_of("repayment"):
        code = "error.msg.loan.undo.disbursal.not.allowed.repayments.exist"
        raise answers.rule(code, "There are repayments")
    for line in loan.transactions:
        line.reversed = True
    loan.status, loan.disbursed_on = records.APPROVED, None
    tenant.save(loan)
    changes = {"status": shapes.status(loan.status), "actualDisbursementDate": ""}
    return {**_answer(tenant, loan), "resourceId": loan.id, "changes": changes}


def _repay(tenant: Tenant, order: Order) -> dict[str, Any]:
    sent = Sent(order.raw, TRANSACTION)
    on = sent.day("transactionDate")
    loan = _loan(tenant, order.account_id)
    minor = sent.amount("transactionAmount", loan.decimals)
    if loan.status not in {records.ACTIVE, records.CLOSED, records.OVERPAID}:
        said = f"Loan Repayment of {loan.account_no} is not allowed"
        raise answers.invalid("error.msg.loan.repayment.account.is.not.active", said)
    _not_ahead(tenant, on, "loan.transaction")
    _open_day(tenant, on, "loan.transaction")
    line = _line(tenant, sent, loan, kind="repayment", on=on, minor=minor)
    loan.transactions.append(line)
    _settle(loan)
    tenant.save(loan)
    return {**_answer(tenant, loan), **_made(line, sent, tenant)}


def _deposit(tenant: Tenant, order: Order) -> dict[str, Any]:
    sent = Sent(order.raw, TRANSACTION)
    on = sent.day("transactionDate")
    account = tenant.savings.get(order.account_id)
    if account is None:
        raise answers.not_found("savingsaccount", order.account_id)
    minor = sent.amount("transactionAmount", account.decimals)
    if not account.active:
        code = "error.msg.savingsaccount.transaction.account.is.not.active"
        raise answers.invalid(code, "The account is not active")
    _not_ahead(tenant, on, "savingsaccount.transaction")
    line = _line(tenant, sent, account, kind="deposit", on=on, minor=minor)
    account.transactions.append(line)
    tenant.save(account)
    return {**_answer(tenant, account), **_made(line, sent, tenant)}


def _take_back(tenant: Tenant, order: Order) -> dict[str, Any]:
    Sent(order.raw, TRANSACTION)
    savings = order.entity == "SAVINGSACCOUNT"
    account: Loan | Savings | None = (tenant.savings if savings else tenant.loans).get(
        order.account_id
    )
    line = records.line_of(account, order.transaction_id or 0) if account else None
    if account is None or line is None:
        raise answers.not_found("transaction", order.transaction_id)
    if line.reversed:
        code = "error.msg.transaction.undo.not.allowed.already.reversed"
        raise answers.invalid(code, "The transaction was undone before")
    line.reversed = True
    if isinstance(account, Loan):
        _settle(account)
    tenant.save(account)
    return {**_answer(tenant, account), "resourceId": line.id, "changes": {}}


def _settle(loan: Loan) -> None:
    """Closed when all is paid, overpaid beyond that, active below."""
    owed = loan.outstanding
    paid_off = records.CLOSED if owed == 0 else records.OVERPAID
    loan.status = records.ACTIVE if owed > 0 else paid_off


def _loan(tenant: Tenant, key: int) -> Loan:
    loan = tenant.loans.get(key)
    if loan is None:
        raise answers.not_found("loan", key)
    if loan.locked:
        raise answers.locked()
    return loan


def _open_day(tenant: Tenant, on: date, what: str) -> None:
    if tenant.switches.rests(on):
        raise answers.rule(f"error.msg.{what}.date.on.nonworking.day", "Not a working day")
    if tenant.switches.holiday(on):
        raise answers.rule(f"error.msg.{what}.date.on.holiday", "A holiday")


def _not_ahead(tenant: Tenant, on: date, what: str) -> None:
    if on > tenant.switches.today():
        raise answers.rule(f"error.msg.{what}.cannot.be.a.future.date", "The date is in the future")


def _line(
    tenant: Tenant, sent: Sent, account: Loan | Savings, *, kind: str, on: date, minor: int
) -> Transaction:
    """A new transaction; its external id is unique in the tenant."""
    external_id, named = sent.text("externalId"), sent.text("paymentTypeId")
    if external_id in tenant.external_ids:
        noun = "loan" if isinstance(account, Loan) else "savingsaccount"
        code = f"validation.msg.{noun}.transaction.externalId.value.must.be.unique"
        raise answers.invalid(code, f"externalId {external_id} is taken", field="externalId")
    if named and (not named.isdecimal() or int(named) not in tenant.payment_types):
        raise answers.not_found("paymenttype", named)
    return Transaction(
        id=tenant.next_id(Transaction),
        kind=kind,
        on=on.isoformat(),
        amount_minor=minor,
        external_id=external_id,
        receipt=sent.text("receiptNumber"),
        account_number=sent.text("accountNumber"),
        payment_type_id=int(named) if named else None,
    )


def _answer(tenant: Tenant, account: Loan | Savings) -> dict[str, Any]:
    owner = "loanId" if isinstance(account, Loan) else "savingsId"
    office = tenant.clients[account.client_id].office_id
    return {"officeId": office, "clientId": account.client_id, owner: account.id}


def _made(line: Transaction, sent: Sent, tenant: Tenant) -> dict[str, Any]:
    named = {"resourceExternalId": line.external_id} if tenant.switches.modern else {}
    return {"resourceId": line.id, "changes": sent.echo(), **named}


_ACTS = {
    ("DISBURSE", "LOAN"): _disburse,
    ("DISBURSALUNDO", "LOAN"): _undo_disbursal,
    ("REPAYMENT", "LOAN"): _repay,
    ("ADJUST", "LOAN"): _take_back,
    ("DEPOSIT", "SAVINGSACCOUNT"): _deposit,
    ("UNDOTRANSACTION", "SAVINGSACCOUNT"): _take_back,
}
