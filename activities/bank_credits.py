"""Bank credits: whose they are, and a place in suspense for those that are nobody's."""

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from temporalio import activity

from activities import credit_cases, credit_owners
from models import faultpoints, ids
from models.bank_credit import BankCreditOrder, Owner
from models.places import Place, ReceiptClaim
from models.saga import SagaRef
from models.suspense import CreditSuspended
from models.vault_postings import VaultPosting

if TYPE_CHECKING:
    from runtime.database import Connection, Database


class Booked(Protocol):
    """What became of a posting."""

    @property
    def stands(self) -> bool:
        """True when its entries are in the book."""
        ...

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """What was posted."""
        ...


class Suspends(Protocol):
    """Where the money is booked."""

    async def book(
        self, connection: "Connection", *, org: UUID, livemode: bool, posting: VaultPosting
    ) -> Booked:
        """Post in the caller's transaction."""
        ...

    async def standing(
        self, connection: "Connection", claim: ReceiptClaim, *, into: Place, livemode: bool
    ) -> tuple[credit_cases.Stands, ...]:
        """What is booked under a receipt, in whosever name. The system role."""
        ...


class BankCredits:
    """Finds the owner of a credit, by our reference only; never by amount or phone."""

    def __init__(self, database: "Database", books: Suspends) -> None:
        self._database = database
        self._books = books

    @activity.defn(name="bank_credit.owner")
    async def owner(self, order: BankCreditOrder) -> Owner | None:
        """The saga whose own money it is, or else whose reference was written; None: nobody's."""
        async with self._database.system() as connection:
            ours = await credit_owners.by_instruction(connection, order)
            return ours or await credit_owners.by_reference(connection, order)

    @activity.defn(name="bank_credit.suspend")
    async def suspend(self, order: BankCreditOrder, late_for: SagaRef | None) -> str:
        """Hold it for whoever it turns out to be, with a case: once, however often it is told.

        Answers `suspended`, `known` when the receipt is booked already, or `differs` when it is
        booked with another amount: then nothing moves, and a case names both.
        """
        org = ids.parsed(ids.ORG, late_for.org_id) if late_for else ids.PLATFORM_ORG
        await faultpoints.reach("bank_credit.suspend.before", order.receipt)
        standing = await self._standing(order)
        if standing and all(one.amount != order.amount for one in standing):
            await self._differs(order, standing[0])
            word = "differs"
        elif any(one.org != org for one in standing):
            word = "known"
        else:
            word = await self._hold(order, late_for, org)
        await faultpoints.reach("bank_credit.suspend.after", order.receipt)
        return word

    async def _standing(self, order: BankCreditOrder) -> tuple[credit_cases.Stands, ...]:
        async with self._database.system() as connection:
            return await self._books.standing(
                connection, order.claim(), into=order.into, livemode=order.livemode
            )

    async def _differs(self, order: BankCreditOrder, booked: credit_cases.Stands) -> None:
        async with self._database.scoped(booked.org, order.livemode) as connection:
            await credit_cases.differs(connection, order, booked)

    async def _hold(self, order: BankCreditOrder, late_for: SagaRef | None, org: UUID) -> str:
        """Told with two amounts at once, the slower is tried again and finds the other booked."""
        posting = CreditSuspended(
            amount=order.amount,
            into=order.into,
            receipt=order.claim(),
            about=late_for.id if late_for else None,
        )
        async with self._database.scoped(org, order.livemode) as connection:
            booked = await self._books.book(
                connection, org=org, livemode=order.livemode, posting=posting
            )
            if not booked.stands:
                return "known"
            await credit_cases.of_nobody(connection, order, late_for, booked.entry_ids[-1])
        return "suspended"
