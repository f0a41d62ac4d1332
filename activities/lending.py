"""Lending: what a partner's books say of a loan before it is paid, and what paying it costs."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from temporalio import activity

from activities import loan_product_rows, loan_rows
from activities.pulse import beating
from activities.tariffs import tariffs_at
from models import ids
from models.credentials import CredentialKind, NoCredentials
from models.lender_calendar import Access, Calendar
from models.lending import Client, Loan
from models.loan import ParkReason
from models.loan_calls import Examined, LoanRef, Reservation
from models.loan_order import LoanMemory
from models.loan_preflight import (
    PERMISSION,
    Finding,
    LoanFacts,
    ProductRule,
    kenyan_mobile,
    preflight,
)
from models.loan_products import usable
from models.reading import Reason
from models.saga import SagaRef
from models.tariff import NoTariff, Quote, loan_quote
from providers.contract import QuestionRefused

if TYPE_CHECKING:
    from runtime.database import Database

#: Seconds for which what an office allows is believed: not every loan asks anew.
_FRESH = 15.0
#: Answers that mean our user may not ask, whatever it asked.
NOT_US = frozenset({Reason.CREDENTIALS, Reason.NOT_ALLOWED, Reason.CONFIGURATION})


class Known(Protocol):
    """What is not secret of a credential."""

    @property
    def short_code(self) -> str | None:
        """The short code it is for."""
        ...

    @property
    def shown(self) -> Mapping[str, Any]:
        """Its fields that are no secrets."""
        ...


class ReadsBooks(Protocol):
    """A lender's books. Each raises QuestionRefused, Unreachable or Ambiguous."""

    async def loan(self, loan_id: int) -> Loan | None:
        """A loan with its transactions."""
        ...

    async def client(self, client_id: int) -> Client | None:
        """A borrower."""
        ...

    async def calendar(self, office_id: int) -> Calendar:
        """The days an office books on."""
        ...

    async def authenticate(self) -> Access:
        """Who we are there, and what we may."""
        ...

    async def maker_checker_on(self, task: str, access: Access) -> bool:
        """Whether a command of ours would wait for a checker."""
        ...

    async def payment_type(self, name: str) -> int | None:
        """The id of a payment type that is not cash."""
        ...


class GivesBooks(Protocol):
    """Where a partner's credentials are kept. Both raise NoCredentials."""

    async def mifos(self, org_id: str, livemode: bool) -> ReadsBooks:  # noqa: FBT001 - the second half of the scope
        """The lender's books."""
        ...

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> Known:  # noqa: FBT001 - as above
        """A credential in use, without its secrets."""
        ...


@dataclass(frozen=True, slots=True)
class _Office:
    """What an office allows, as of `until`."""

    until: float
    calendar: Calendar
    access: Access
    waits: bool


class Lending:
    """Looks at loans before they are paid."""

    def __init__(
        self,
        database: "Database",
        partners: GivesBooks,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._partners = partners
        self._clock = clock
        self._offices: dict[tuple[str, bool, int], _Office] = {}

    @activity.defn(name="loan.examine")
    async def examine(self, ref: LoanRef) -> Examined:
        """Read everything anew and decide. Silent books are asked again by the policy."""
        try:
            async with beating():
                return await self._examined(ref)
        except NoCredentials as none:
            return _waits(f"no valid {none.kind} credential")
        except QuestionRefused as no:
            if no.reading.reason not in NOT_US:
                raise
            return _waits("the lender's books refuse our user")

    @activity.defn(name="loan.reserve")
    async def reserve(self, wanted: Reservation) -> bool:
        """Take a place under the limits of the day; False when there is none. Repeats are free."""
        org = ids.parsed(ids.ORG, wanted.saga.org_id)
        async with self._database.scoped(org, wanted.saga.livemode) as connection:
            return await loan_rows.reserve(connection, wanted)

    @activity.defn(name="loan.remember")
    async def remember(self, ref: LoanRef) -> LoanMemory:
        """What earlier stages left in the rows; the client's number is read from the books."""
        org = ids.parsed(ids.ORG, ref.saga.org_id)
        async with self._database.scoped(org, ref.saga.livemode) as connection:
            row = await loan_rows.one(connection, ids.parsed(ids.LOAN, ref.saga.id))
            numbers = await loan_rows.numbers(connection, row["id"])
            quoted_at = loan_rows.quoted_at(row)
            tariffs = await tariffs_at(connection, quoted_at) if quoted_at else ()
        client = await self._client(ref.saga, row["data"].get("client_id"))
        phone = kenyan_mobile(client.mobile) if client else None
        payable = loan_rows.payable(row, client, phone or "")
        quote = loan_quote(tariffs, payable.amount, quoted_at) if payable and quoted_at else None
        return loan_rows.memory(row, numbers, payable, quote)

    async def _client(self, saga: SagaRef, client_id: int | None) -> Client | None:
        if client_id is None:
            return None
        books = await self._partners.mifos(saga.org_id, saga.livemode)
        async with beating():
            return await books.client(client_id)

    async def _examined(self, ref: LoanRef) -> Examined:
        saga = ref.saga
        lender = await self._partners.known(saga.org_id, saga.livemode, CredentialKind.MIFOS)
        payer = await self._partners.known(saga.org_id, saga.livemode, CredentialKind.MPESA_B2C)
        if not ref.in_books(lender.shown):  # the number would name somebody else's loan there
            return Examined(finding=Finding(rejects="lender_changed"))
        finding = preflight(await self._facts(ref, lender.shown))
        if finding.payable is None:
            return Examined(finding=finding)
        quoted_at = datetime.now(UTC)
        try:
            quote = await self._quote(saga, finding, quoted_at)
        except NoTariff as none:
            return Examined(finding=Finding(parks=ParkReason.TARIFF, detail=str(none)))
        return Examined(
            finding=finding,
            quote=quote,
            quoted_at=quoted_at,
            short_code=payer.short_code or "",
        )

    async def _facts(self, ref: LoanRef, lender: Mapping[str, Any]) -> LoanFacts:
        saga = ref.saga
        books = await self._partners.mifos(saga.org_id, saga.livemode)
        loan = await books.loan(ref.loan_id)
        client = await books.client(loan.client_id) if loan and loan.client_id else None
        office = await self._office(saga, books, (loan.office_id if loan else None) or 1)
        today = datetime.now(ZoneInfo(lender.get("zone", "Africa/Nairobi"))).date()
        return LoanFacts(
            loan=loan,
            client=client,
            product=await self._product(saga, loan),
            calendar=office.calendar,
            access=office.access,
            waits=office.waits,
            payment_type=await books.payment_type(lender.get("payment_type", "")),
            today=office.calendar.business_date or today,
        )

    async def _office(self, saga: SagaRef, books: ReadsBooks, office_id: int) -> _Office:
        place = (saga.org_id, saga.livemode, office_id)
        known = self._offices.get(place)
        if known is None or known.until <= self._clock():
            access = await books.authenticate()
            known = _Office(
                self._clock() + _FRESH,
                await books.calendar(office_id),
                access,
                await books.maker_checker_on(PERMISSION, access),
            )
            self._offices[place] = known
        return known

    async def _product(self, saga: SagaRef, loan: Loan | None) -> ProductRule | None:
        if loan is None or loan.product_id is None:
            return None
        org = ids.parsed(ids.ORG, saga.org_id)
        async with self._database.scoped(org, saga.livemode) as connection:
            row = await loan_product_rows.by_product(connection, loan.product_id)
        if row is None:
            return None
        return ProductRule(in_use=usable(row), per_loan=row["per_loan_limit"])

    async def _quote(self, saga: SagaRef, finding: Finding, at: datetime) -> Quote | None:
        if finding.payable is None:
            return None
        org = ids.parsed(ids.ORG, saga.org_id)
        async with self._database.scoped(org, saga.livemode) as connection:
            tariffs = await tariffs_at(connection, at)
        return loan_quote(tariffs, finding.payable.amount, at)


def _waits(detail: str) -> Examined:
    return Examined(finding=Finding(parks=ParkReason.CREDENTIALS, detail=detail))
