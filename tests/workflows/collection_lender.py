"""A lender's books in memory: accounts, clients and what is posted on them."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from models.lender_orders import Deposit, Repayment, Undo
from models.lending import Account, Found, Loan, LoanTransaction, Savings
from models.lending import Client as Borrower
from models.money import Money
from models.reading import Reading, Verdict
from providers.contract import Unreachable
from providers.mifos import proof


def a_loan(loan_id: int = 12, status: int = 300, **changes: Any) -> Loan:
    told: dict[str, Any] = {
        "id": loan_id,
        "account_no": f"{loan_id:09}",
        "external_id": None,
        "status": status,
        "client_id": 3,
        "client_name": "Jane",
        "product_id": 1,
        "currency": "KES",
        "decimals": 2,
        "outstanding": Money(250_000, "KES"),
        "transactions": (),
    }
    return Loan(**{**told, **changes})


def a_savings(savings_id: int = 40, *, active: bool = True, **changes: Any) -> Savings:
    told: dict[str, Any] = {
        "id": savings_id,
        "account_no": f"{savings_id:09}",
        "external_id": None,
        "client_id": 3,
        "active": active,
        "currency": "KES",
        "balance": Money(90_000, "KES"),
        "transactions": (),
    }
    return Savings(**{**told, **changes})


def a_borrower(client_id: int = 3, mobile: str | None = "0712 000 001", **changes: Any) -> Borrower:
    told: dict[str, Any] = {
        "id": client_id,
        "account_no": f"{client_id:09}",
        "external_id": None,
        "active": True,
        "name": "Jane",
        "mobile": mobile,
    }
    return Borrower(**{**told, **changes})


@dataclass
class FakeLender:
    """Books in memory. `answers`: what commands say instead of booking, first one first.

    A Reading is said, and Unreachable raised, and nothing is booked; another exception is
    raised after booking.
    """

    loans: dict[int, Loan] = field(default_factory=lambda: {12: a_loan()})
    savings: dict[int, Savings] = field(default_factory=lambda: {40: a_savings()})
    clients: dict[int, Borrower] = field(default_factory=lambda: {3: a_borrower()})
    answers: list[Reading | Exception] = field(default_factory=list)
    undo_answers: list[Reading] = field(default_factory=list)
    silent: bool = False
    told: list[Repayment | Deposit] = field(default_factory=list)
    undone: list[Undo] = field(default_factory=list)

    async def search(
        self, query: str, *, resource: str = "clients,loans,savings", exact: bool = True
    ) -> tuple[Found, ...]:
        self._listen()
        kinds: list[tuple[str, str, Any]] = [
            ("clients", "CLIENT", self.clients),
            ("loans", "LOAN", self.loans),
            ("savings", "SAVING", self.savings),
        ]
        return tuple(
            Found(kind=kind, id=one.id, account_no=one.account_no, external_id=one.external_id)
            for name, kind, held in kinds
            for one in held.values()
            if name in resource and query in _names(one)
        )

    async def loan(self, loan_id: int) -> Loan | None:
        self._listen()
        return self.loans.get(loan_id)

    async def savings_account(self, savings_id: int) -> Savings | None:
        self._listen()
        return self.savings.get(savings_id)

    async def client(self, client_id: int) -> Borrower | None:
        self._listen()
        return self.clients.get(client_id)

    async def client_accounts(self, client_id: int) -> tuple[Account, ...]:
        return tuple(
            Account(
                kind="LOAN",
                id=one.id,
                account_no=one.account_no,
                external_id=one.external_id,
                status=one.status,
                active=one.status == 300,
            )
            for one in self.loans.values()
            if one.client_id == client_id
        )

    async def payment_type(self, _name: str) -> int | None:
        self._listen()
        return 26

    async def repay(self, order: Repayment) -> Reading:
        return self._enter(order, "repayment")

    async def deposit(self, order: Deposit) -> Reading:
        return self._enter(order, "deposit")

    async def inquire(self, order: Repayment | Deposit) -> Reading:
        self._listen()
        kind = "deposit" if isinstance(order, Deposit) else "repayment"
        return proof.transaction_in(self._account(order).transactions or (), order, kind=kind)

    async def undo_transaction(self, order: Undo) -> Reading:
        self.undone.append(order)
        if self.undo_answers:
            return self.undo_answers.pop(0)
        loan = self.loans[order.account_id]
        lines = tuple(replace(line, reversed=True) for line in loan.transactions or ())
        self.loans[loan.id] = replace(loan, transactions=lines)
        return Reading(verdict=Verdict.SETTLED)

    async def undo_deposit(self, order: Undo) -> Reading:
        raise AssertionError(f"no deposit is undone here: {order}")

    def _enter(self, order: Repayment | Deposit, kind: str) -> Reading:
        self.told.append(order)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Reading):
            return answer
        if isinstance(answer, Unreachable):
            raise answer
        account = self._account(order)
        line = LoanTransaction(
            id=564,
            kind=kind,
            amount=order.amount,
            on=date(2026, 11, 21),
            external_id=order.external_id,
            receipt=order.receipt,
        )
        booked: Any = replace(account, transactions=(*(account.transactions or ()), line))
        held: Any = self.loans if isinstance(account, Loan) else self.savings
        held[account.id] = booked
        if answer is not None:
            raise answer
        return Reading(verdict=Verdict.SETTLED, provider_reference="564", amount=order.amount)

    def _account(self, order: Repayment | Deposit) -> Loan | Savings:
        if isinstance(order, Deposit):
            return self.savings[order.savings_id]
        return self.loans[order.loan_id]

    def _listen(self) -> None:
        if self.silent:
            raise Unreachable("away")


def _names(one: Any) -> set[str | None]:
    mobile = getattr(one, "mobile", None)
    return {one.account_no, one.external_id, mobile, mobile and mobile.replace(" ", "")}
