"""What people at the lender do: clients, loans, approvals, and disbursing by hand."""

import json
from datetime import date, timedelta
from typing import Any

from simulators.fineract import acts, answers, orders, records, shapes
from simulators.fineract.acts import Order
from simulators.fineract.records import Client, Loan, Product, Savings
from simulators.fineract.telling import News, Teller
from simulators.fineract.tenant import Tenant

_BEFORE_FIRST = timedelta(days=30)


def number(key: int) -> str:
    """An account number: nine digits, unique per type only."""
    return f"{key:09d}"


def new_client(tenant: Tenant, order: orders.NewClient) -> dict[str, Any]:
    """A borrower, with a savings account where asked."""
    client = _client(tenant, order.name, order.mobile)
    client.external_id, client.office_id = order.external_id, order.office_id
    client.active = order.active
    tenant.save(client)
    if not order.savings:
        return {"client_id": client.id}
    key = tenant.next_id(Savings)
    tenant.save(Savings(id=key, account_no=number(key), client_id=client.id))
    return {"client_id": client.id, "savings_id": key}


def new_product(tenant: Tenant, order: orders.NewProduct) -> dict[str, Any]:
    """A loan product."""
    product = Product(id=tenant.next_id(Product), **order.model_dump(exclude={"tenant"}))
    tenant.save(product)
    return {"product_id": product.id}


def new_loans(tenant: Tenant, order: orders.NewLoans, teller: Teller) -> dict[str, Any]:
    """Loans as an officer entered them, in one write however many."""
    product = tenant.products[order.product_id or min(tenant.products)]
    made: list[Loan] = []
    clients: list[Client] = []
    for _number in range(order.count):
        client = tenant.clients.get(order.client_id or 0)
        if client is None:
            client = _numbered_client(tenant, order)
            clients.append(client)
        made.append(_loan(tenant, order, client, product))
    tenant.save(*clients, *made)
    if order.approved and order.hooks:
        for loan in made:
            _told(tenant, loan, "APPROVE", teller)
    return {"loan_ids": [loan.id for loan in made]}


def act(tenant: Tenant, loan: Loan, order: orders.Act, teller: Teller) -> dict[str, Any]:
    """Do it, and tell the hooks. Raises answers.Error where the loan's status forbids it."""
    on = (order.on or tenant.switches.today()).isoformat()
    if order.act in {"lock", "unlock"}:
        loan.locked = order.act == "lock"
        tenant.save(loan)
        return {"locked": loan.locked}
    if order.act == "disburse":
        return _by_hand(tenant, loan, on, teller)
    wanted, becomes, action = _MOVES[order.act]
    if loan.status != wanted:
        teller.tell(tenant, News(entity="LOAN", action=action, request={}))
        code = f"error.msg.loan.{order.act}.account.is.not.in.the.right.state"
        raise answers.invalid(code, f"{order.act} is not allowed")
    loan.status = becomes
    approved = order.act == "approve"
    loan.approved_on = on if approved else None
    loan.approved_minor = (order.approved_minor or loan.principal_minor) if approved else None
    tenant.save(loan)
    _told(tenant, loan, action, teller)
    return {"status": loan.status}


_MOVES = {
    "approve": (records.SUBMITTED, records.APPROVED, "APPROVE"),
    "undoapproval": (records.APPROVED, records.SUBMITTED, "APPROVALUNDO"),
    "reject": (records.SUBMITTED, records.REJECTED, "REJECT"),
}


def _by_hand(tenant: Tenant, loan: Loan, on: str, teller: Teller) -> dict[str, Any]:
    """An officer disburses in the office: a transaction that is not ours."""
    body = {"actualDisbursementDate": on, "dateFormat": "yyyy-MM-dd", "locale": "en"}
    raw = json.dumps(body).encode()
    order = Order(action="DISBURSE", entity="LOAN", task="", account_id=loan.id, raw=raw)
    answer = acts.perform(tenant, order)
    teller.command(tenant, order, answer)
    return answer


def _told(tenant: Tenant, loan: Loan, action: str, teller: Teller) -> None:
    if not tenant.hooks:
        return
    response = {
        "officeId": tenant.clients[loan.client_id].office_id,
        "clientId": loan.client_id,
        "loanId": loan.id,
        "resourceId": loan.id,
        "changes": {"status": shapes.status(loan.status)},
    }
    teller.tell(tenant, News(entity="LOAN", action=action, request={}, response=response))


def _client(tenant: Tenant, name: str, mobile: str | None) -> Client:
    key = tenant.next_id(Client)
    return Client(id=key, account_no=number(key), name=name, mobile=mobile)


def _numbered_client(tenant: Tenant, order: orders.NewLoans) -> Client:
    client = _client(tenant, "", None)
    client.name = order.client_name.format(n=client.id)
    client.mobile = order.mobile.format(n=client.id) if order.mobile else None
    tenant.clients[client.id] = client
    return client


def _loan(tenant: Tenant, order: orders.NewLoans, client: Client, product: Product) -> Loan:
    key, today = tenant.next_id(Loan), tenant.switches.today()
    approved_on = order.approved_on or today
    expected = order.expected_on or approved_on
    approved = order.approved_minor or order.principal_minor
    return Loan(
        id=key,
        account_no=number(key),
        client_id=client.id,
        product_id=product.id,
        currency=product.currency,
        decimals=product.decimals,
        principal_minor=order.principal_minor,
        submitted_on=min(approved_on, today).isoformat(),
        expected_on=expected.isoformat(),
        first_repayment_on=_first(order, expected).isoformat(),
        status=records.APPROVED if order.approved else records.SUBMITTED,
        external_id=order.external_id,
        approved_minor=approved if order.approved else None,
        net_minor=order.net_minor,
        approved_on=approved_on.isoformat() if order.approved else None,
        top_up=order.top_up,
        tranches=order.tranches,
    )


def _first(order: orders.NewLoans, expected: date) -> date:
    return order.first_repayment_on or expected + _BEFORE_FIRST
