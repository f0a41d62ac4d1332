"""What a lender's books are asked. Every question may be asked again.

Each raises MifosRefused, Unreachable or Ambiguous; "not there" is None or nothing.
"""

from collections.abc import AsyncIterator
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx

from models.lender_calendar import Access, Calendar
from models.lender_orders import Hook
from models.lending import (
    Account,
    Client,
    Found,
    Loan,
    LoanStatus,
    LoanTransaction,
    Product,
    Savings,
)
from providers.mifos import office, records
from providers.mifos.connection import Connection, MifosKeys, MifosRefused
from providers.mifos.paging import walk
from providers.readings import UNREADABLE
from providers.wire import Fields, text

Record = TypeVar("Record")
_WITH_LINES = "associations=repaymentSchedule,transactions"


class Looks:
    """Questions over one connection. Payment types are kept: their ids do not change.

    `transport` is the caller's guard against addresses a partner may not name.
    """

    def __init__(
        self, keys: MifosKeys, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._line = Connection(keys, transport=transport)
        self._login = {"username": keys.user, "password": keys.password}
        self._types: dict[str, int] = {}

    async def authenticate(self) -> Access:
        """Who these credentials are and what they may."""
        answer = await self._line.send("POST", "/authentication", body=self._login)
        return office.access(answer)

    async def products(self) -> tuple[Product, ...]:
        """Every loan product, closed ones included."""
        lines = await self._line.list("/loanproducts")
        return tuple(_whole(records.product(line)) for line in lines)

    async def approved_loans(
        self, *, after_id: int = 0, limit: int = 100
    ) -> AsyncIterator[tuple[Loan, ...]]:
        """Approved loans in pages, in the order of ids: see paging.py. `limit` is at least 2.

        Servers up to 1.8.4 know no status filter and list every loan: it is applied here too.
        """
        async for rows in walk(self._page, after=after_id, limit=max(2, limit)):
            loans = [_whole(records.loan(row)) for row in rows]
            approved = tuple(loan for loan in loans if loan.status == LoanStatus.APPROVED)
            if approved:
                yield approved

    async def loan(self, loan_id: int) -> Loan | None:
        """A loan with its schedule and transactions."""
        found = await self._line.find(f"/loans/{loan_id}?{_WITH_LINES}")
        return None if found is None else _whole(records.loan(found))

    async def loan_by_external_id(self, external_id: str) -> Loan | None:
        """The same, by the lender's own name for it."""
        named = quote(external_id, safe="")
        found = await self._line.find(f"/loans/external-id/{named}?{_WITH_LINES}")
        return None if found is None else _whole(records.loan(found))

    async def find_transaction(self, loan_id: int, external_id: str) -> LoanTransaction | None:
        """The transaction we named so, taken back or not."""
        loan = await self.loan(loan_id)
        lines = (loan.transactions if loan else None) or ()
        return next((line for line in lines if line.external_id == external_id), None)

    async def loans_by_account(self, account_no: str) -> tuple[Loan, ...]:
        """Loans of that account number, written in full: nine digits."""
        query = urlencode({"accountNo": account_no, "offset": 0, "limit": 5})
        rows = records.page(await self._line.ask(f"/loans?{query}"))
        loans = [_whole(records.loan(row)) for row in rows]
        return tuple(loan for loan in loans if loan.account_no == account_no)

    async def client(self, client_id: int) -> Client | None:
        """A borrower."""
        found = await self._line.find(f"/clients/{client_id}")
        return None if found is None else _whole(records.client(found))

    async def client_accounts(self, client_id: int) -> tuple[Account, ...]:
        """Loans and savings accounts of a borrower."""
        found = await self._line.find(f"/clients/{client_id}/accounts")
        return records.accounts(found or {})

    async def savings_account(self, savings_id: int) -> Savings | None:
        """A savings account with its transactions."""
        found = await self._line.find(f"/savingsaccounts/{savings_id}?associations=transactions")
        return None if found is None else _whole(records.savings(found))

    async def search(
        self, query: str, *, resource: str = "clients,loans,savings", exact: bool = True
    ) -> tuple[Found, ...]:
        """Clients, loans and savings accounts whose number, name, id or phone is `query`."""
        asked = urlencode({"query": query, "resource": resource, "exactMatch": str(exact).lower()})
        hits = [records.hit(line) for line in await self._line.list(f"/search?{asked}")]
        return tuple(hit for hit in hits if hit)

    async def payment_type(self, name: str) -> int | None:
        """The id of a payment type in this tenant; cash types are not taken: they need a teller."""
        if name not in self._types:
            for line in await self._line.list("/paymenttypes"):
                key, named = records.number(line.get("id")), text(line.get("name"))
                if key and named and not records.flag(line.get("isCashPayment")):
                    self._types[named] = key
        return self._types.get(name)

    async def calendar(self, office_id: int) -> Calendar:
        """Business date, holidays and working days of an office."""
        return office.calendar(
            dates=await self._line.list("/businessdate"),
            holidays=await self._line.list(f"/holidays?officeId={office_id}"),
            working=await self._line.ask("/workingdays"),
            switches=office.switches(await self._line.ask("/configurations")),
        )

    async def maker_checker_on(self, task: str, access: Access) -> bool:
        """Whether a command of ours would wait for a checker: DISBURSE_LOAN, REPAYMENT_LOAN, …"""
        switches = office.switches(await self._line.ask("/configurations"))
        if not switches.get("maker-checker") or access.may("CHECKER_SUPER_USER"):
            return False
        lines = await self._line.list("/permissions?makerCheckerable=true")
        return any(text(line.get("code")) == task and _selected(line) for line in lines)

    async def hooks(self) -> tuple[Hook, ...]:
        """Every hook there is."""
        hooks = [office.hook(line) for line in await self._line.list("/hooks")]
        return tuple(hook for hook in hooks if hook)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    async def _page(self, offset: int, limit: int) -> Fields:
        query = {
            "status": LoanStatus.APPROVED.value,
            "orderBy": "id",
            "sortOrder": "ASC",
            "offset": offset,
            "limit": limit,
        }
        return await self._line.ask(f"/loans?{urlencode(query)}")


def _selected(line: Fields) -> bool:
    return records.flag(line.get("selected"))


def _whole(found: Record | None) -> Record:
    """A record without an id is no record: the books are not what they were."""
    if found is None:
        raise MifosRefused(UNREADABLE)
    return found
