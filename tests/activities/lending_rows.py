"""A partner with credentials, products and people in real rows, and a lender's books of fakes."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

from activities.contacts import EMAIL, PHONE
from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.lender_calendar import Access, Calendar
from models.lender_orders import Disbursement
from models.lending import Client, Loan, LoanStatus, Schedule
from models.loan_order import claim_of
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.reading import Reading
from models.vault_postings import TopUpCredited
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls

APPROVED = date(2026, 11, 20)


def a_loan(key: int = 17, **changes: Any) -> Loan:
    """An approved loan of 10,000 shillings, of which the client gets 9,500."""
    fields: dict[str, Any] = {
        "id": key,
        "account_no": f"{key:09d}",
        "external_id": None,
        "status": int(LoanStatus.APPROVED),
        "client_id": 7,
        "client_name": "Jane Wanjiku",
        "product_id": 3,
        "currency": "KES",
        "decimals": 2,
        "office_id": 1,
        "approved_principal": Money(1_000_000, "KES"),
        "net_disbursal": Money(950_000, "KES"),
        "approved_on": APPROVED,
        "schedule": Schedule(next_due_on=date(2026, 12, 21)),
        "transactions": (),
    }
    return Loan(**{**fields, **changes})


def a_client(**changes: Any) -> Client:
    fields: dict[str, Any] = {
        "id": 7,
        "account_no": "000000007",
        "external_id": None,
        "active": True,
        "name": "Jane Wanjiku",
        "mobile": "0712 000 001",
        "office_id": 1,
    }
    return Client(**{**fields, **changes})


@dataclass
class Books:
    """A lender's books in memory. Pages are as given; one loan is read from `loans`."""

    pages: list[tuple[Loan, ...]] = field(default_factory=list)
    loans: dict[int, Loan] = field(default_factory=dict)
    client_row: Client | None = field(default_factory=a_client)
    waits: bool = False
    shown: dict[str, str] = field(
        default_factory=lambda: {"tenant": "default", "payment_type": "M-Pesa"}
    )
    short_code: str = "600996"
    reads: int = 0
    refuses: Exception | None = None
    orders: list[Disbursement] = field(default_factory=list)

    async def approved_loans(
        self, *, after_id: int = 0, limit: int = 100
    ) -> AsyncIterator[tuple[Loan, ...]]:
        del after_id, limit
        for page in self.pages:
            yield page

    async def loan(self, loan_id: int) -> Loan | None:
        self.reads += 1
        if self.refuses:
            raise self.refuses
        return self.loans.get(loan_id)

    async def client(self, _client_id: int) -> Client | None:
        return self.client_row

    async def calendar(self, _office: int) -> Calendar:
        return Calendar()

    async def authenticate(self) -> Access:
        return Access(user_id=1, office_id=1, permissions=frozenset({"ALL_FUNCTIONS"}))

    async def maker_checker_on(self, _task: str, _access: Access) -> bool:
        return self.waits

    async def payment_type(self, _name: str) -> int | None:
        return 26

    async def inquire(self, _order: Disbursement) -> Reading:
        raise AssertionError("nobody asked for this")


class Partners:
    """Gives the fake books to whoever asks; `gone` is raised instead."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.gone: Exception | None = None

    async def mifos(self, *_scope: Any) -> Any:
        return self.books

    async def known(self, *_scope: Any) -> Any:
        if self.gone:
            raise self.gone
        return self.books


class Partner:
    """One partner that lends, in real rows."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.sagas = Sagas(database, vault, VaultBooking(Book()))
        self.org = ids.uuid7()
        self.org_id = ids.shown(ids.ORG, self.org)
        self.books = Books()
        self.books.shown["url"] = f"https://{self.org_id}.example/api/v1"
        self.partners = Partners(self.books)
        self.read("insert into orgs (id, kind, name) values (%s, 'partner', 'Umoja')", self.org)

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Do as the administrator; the rows, if there are any."""
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            done = connection.execute(query, values)
            return done.fetchall() if done.description else []

    def lends(self, product: int = 3, **limits: int) -> None:
        """Enable a product."""
        self.read(
            "insert into loan_products (id, org_id, livemode, product_id, name, currency, terms,"
            " enabled, per_loan_limit, per_day_limit, per_client_day_limit)"
            " values (%s, %s, false, %s, 'Biashara', 'KES', '{}', true, %s, %s, %s)",
            ids.uuid7(),
            self.org,
            product,
            limits.get("per_loan", 10**9),
            limits.get("per_day", 10**9),
            limits.get("per_client", 10**9),
        )

    async def person(self) -> None:
        """Somebody who is written to."""
        phone = await self.vault.seal(self.org, livemode=False, field=PHONE, plain=b"254722000001")
        email = await self.vault.seal(
            self.org, livemode=False, field=EMAIL, plain=b"amina@umoja.example"
        )
        self.read(
            "insert into authorised_users (id, org_id, livemode, name, phone_sealed, phone_lookup,"
            " phone_masked, email_sealed, email_masked)"
            " values (%s, %s, false, 'Amina', %s, %s, '…001', %s, 'a…')",
            ids.uuid7(),
            self.org,
            phone,
            ids.uuid7().bytes,
            email,
        )

    def saga(self, state: str, loan: int = 17, **data: Any) -> str:
        """A loan's saga in a state of the test's choosing."""
        made = ids.uuid7()
        approved = APPROVED.isoformat()
        shown = {"loan": loan, "tenant": "default", "approved_on": approved, **data}
        self.read(
            "insert into sagas (id, org_id, livemode, kind, state, claim, amount, currency, data)"
            " values (%s, %s, false, 'loan_disbursement', %s, %s, 950000, 'KES', %s)",
            made,
            self.org,
            state,
            claim_of(f"{self.org_id}.example", "default", loan),
            json.dumps(shown),
        )
        return ids.shown(ids.LOAN, made)

    async def pays_in(self, amount: Money) -> None:
        """Money comes into the wallet."""
        posting = TopUpCredited(
            topup_id=ids.mint(ids.TOPUP),
            amount=amount,
            into=BankAccount(bank="ncba", account="1"),
            receipt=ReceiptClaim(rail="ncba", account="1", number=str(ids.uuid7())),
        )
        async with self.database.scoped(self.org, False) as connection:
            booking = VaultBooking(Book())
            await booking.book(connection, org=self.org, livemode=False, posting=posting)

    def states(self) -> list[str]:
        found = self.read("select state from sagas where org_id = %s order by created_at", self.org)
        return [row[0] for row in found]
