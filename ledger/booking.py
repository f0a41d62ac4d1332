"""From a decided posting to an entry in the book, in the caller's transaction."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from ledger.book import Book, Receipt
from ledger.entry import Entry
from ledger.postings import (
    Arrival,
    Suspended,
    checkout_settled,
    money_suspended,
    suspense_accepted,
)
from models import ids
from models.fees import Fee
from models.money import Money
from models.step import CaseKind, Posting, Step


class Booking:
    """Chooses the rule of a posting and books it. `wallets`: the wallet each provider fills."""

    def __init__(self, book: Book, wallets: Mapping[str, str]) -> None:
        self._book = book
        self._wallets = wallets

    async def book(
        self, connection: AsyncConnection[Any], step: Step, posting: Posting
    ) -> str | None:
        """Post in the open transaction; None when the receipt was booked for another entry."""
        entry = self._entry(step, posting)
        receipt = None if posting.accepted else self._receipt(posting)
        posted = await self._book.post(connection, entry, receipt)
        return posted.entry_id if posted.stands else None

    async def release(
        self, connection: AsyncConnection[Any], case: Mapping[str, Any], fee: Fee
    ) -> None:
        """Two people give the money a case holds (a row of `cases`) to the merchant."""
        held = Suspended(
            case_id=_decided_about(case),
            payment_id=ids.shown(ids.PAYMENT, case["payment_id"]),
            org=case["org_id"],
            livemode=case["livemode"],
            provider=case["provider"],
            amount=Money(case["amount"], case["currency"]),
        )
        await self._book.post(connection, suspense_accepted(held, fee))

    def _entry(self, step: Step, posting: Posting) -> Entry:
        org = ids.parsed(ids.ORG, step.org_id)
        if posting.accepted:
            return suspense_accepted(self._suspended(step, posting, org), _fee(posting))
        if posting.suspense is None:
            return checkout_settled(self._arrival(step, posting, org), _fee(posting))
        entry = money_suspended(self._arrival(step, posting, org), posting.suspense)
        once = f"{posting.attempt_id}/{posting.receipt}"  # every receipt is money of its own
        return dataclasses.replace(entry, id=ids.suspense_entry(once, posting.suspense))

    def _arrival(self, step: Step, posting: Posting, org: UUID) -> Arrival:
        return Arrival(
            attempt_id=posting.attempt_id,
            payment_id=step.payment_id,
            org=org,
            livemode=step.livemode,
            provider=posting.provider,
            wallet=self._wallets[posting.provider],
            amount=posting.amount,
            escrow=posting.escrow,
        )

    def _suspended(self, step: Step, posting: Posting, org: UUID) -> Suspended:
        return Suspended(
            case_id=_mismatch(posting.attempt_id, posting.suspense),
            payment_id=step.payment_id,
            org=org,
            livemode=step.livemode,
            provider=posting.provider,
            amount=posting.amount,
            escrow=posting.escrow,
        )

    def _receipt(self, posting: Posting) -> Receipt:
        wallet = self._wallets[posting.provider]
        handle = (posting.handle,) if posting.handle else ()
        return Receipt(
            rail=posting.provider, account=wallet, number=posting.receipt, aliases=handle
        )


def _fee(posting: Posting) -> Fee:
    zero = Money(0, posting.amount.currency)
    return posting.fee or Fee(net=zero, tax=zero)


def _decided_about(case: Mapping[str, Any]) -> str:
    """What names a decision: the case, or for a mismatch what the running session would use.

    One name for one pot of money: were it decided on both ways, the second is the first again.
    """
    kind = CaseKind(case["kind"])
    if kind in {CaseKind.AMOUNT_MISMATCH, CaseKind.CURRENCY_MISMATCH}:
        return _mismatch(ids.shown(ids.ATTEMPT, case["attempt_id"]), kind)
    return ids.shown(ids.CASE, case["id"])


def _mismatch(attempt_id: str, kind: CaseKind | None) -> str:
    return f"{attempt_id}/{kind}"
