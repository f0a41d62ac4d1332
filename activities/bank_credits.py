"""Bank credits: whose they are, and a place in suspense for those that are nobody's."""

import json
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from temporalio import activity

from models import faultpoints, ids, saga_states
from models.bank_credit import BankCreditOrder, Owner
from models.saga import SagaKind, SagaRef
from models.suspense import CreditSuspended
from models.topup import Via
from models.vault_postings import VaultPosting

if TYPE_CHECKING:
    from runtime.database import Connection, Database

_OWNER = "select * from sagas where kind = 'wallet_topup' and reference = %s"
_CASE = """
insert into cases (id, org_id, livemode, kind, cause, saga_id, amount, currency, entry_id, data)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (cause) do nothing"""


class Stands(Protocol):
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
    ) -> Stands:
        """Post in the caller's transaction."""
        ...


class BankCredits:
    """Finds the owner of a credit, by our reference only; never by amount or phone."""

    def __init__(self, database: "Database", books: Suspends) -> None:
        self._database = database
        self._books = books

    @activity.defn(name="bank_credit.owner")
    async def owner(self, order: BankCreditOrder) -> Owner | None:
        """The top-up whose reference the payer wrote; None when there is none in this mode.

        One that rings a phone waits for that money only: it is not open to the bank's.
        """
        if order.reference is None:
            return None
        async with self._database.system() as connection:
            row = await (await connection.execute(_OWNER, [order.reference])).fetchone()
        if row is None or row["livemode"] is not order.livemode:
            return None
        ref = SagaRef(
            id=ids.shown(ids.TOPUP, row["id"]),
            kind=SagaKind.TOPUP,
            org_id=ids.shown(ids.ORG, row["org_id"]),
            livemode=row["livemode"],
        )
        ended = saga_states.final(SagaKind.TOPUP, row["state"])
        waits = not ended and row["data"].get("via") != Via.MOBILE_MONEY
        return Owner(saga=ref, open=waits)

    @activity.defn(name="bank_credit.suspend")
    async def suspend(self, order: BankCreditOrder, late_for: SagaRef | None) -> str:
        """Hold it for whoever it turns out to be, with a case: once, however often it is told.

        Answers `suspended`, or `known` when the receipt is booked already.
        """
        org = ids.parsed(ids.ORG, late_for.org_id) if late_for else ids.PLATFORM_ORG
        livemode = late_for.livemode if late_for else order.livemode
        posting = CreditSuspended(
            amount=order.amount,
            into=order.into,
            receipt=order.claim(),
            about=late_for.id if late_for else None,
        )
        await faultpoints.reach("bank_credit.suspend.before", order.receipt)
        async with self._database.scoped(org, livemode) as connection:
            booked = await self._books.book(connection, org=org, livemode=livemode, posting=posting)
            if not booked.stands:
                return "known"
            await _open_case(connection, order, late_for, booked.entry_ids[-1])
        await faultpoints.reach("bank_credit.suspend.after", order.receipt)
        return "suspended"


async def _open_case(
    connection: "Connection", order: BankCreditOrder, late_for: SagaRef | None, entry: str
) -> None:
    kind = "late_money" if late_for else "unmatched_credit"
    org = ids.parsed(ids.ORG, late_for.org_id) if late_for else ids.PLATFORM_ORG
    values: list[Any] = [ids.uuid7(), org, late_for.livemode if late_for else order.livemode]
    values += [kind, f"{order.into.bank}/{order.receipt}/{kind}"]
    values += [ids.parsed(ids.TOPUP, late_for.id) if late_for else None]
    values += [order.amount.minor, order.amount.currency, entry]
    facts = {"receipt": order.receipt, "account": order.into.account, "written": order.reference}
    await connection.execute(_CASE, [*values, json.dumps(facts)])
