"""Money of a case, given back to its payer: a refund begins in the transaction that decides it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from temporalio.exceptions import ApplicationError

from activities import approval_rows
from activities.refund_accepting import RefundDesk
from activities.sagas import VaultBooks
from models import ids
from models.case import NOT_DECIDABLE, CaseDecision, CaseWord
from models.float_gate import COLLECTIONS
from models.money import Money
from models.places import ProviderWallet
from models.refund_order import RefundDraft, RefundRefused
from models.refund_postings import RefundPaid, RefundPosting, RefundRequested

if TYPE_CHECKING:
    from uuid import UUID

    from runtime.database import Connection
    from runtime.vault import Vault

    Row = Mapping[str, Any]

_BEGUN = "select 1 from suspense_refunds where refund_id = %s"


class SuspenseRefunds:
    """Whoever decided is the maker, whoever agreed the second person: none is asked again."""

    def __init__(self, vault: "Vault", desk: RefundDesk, books: VaultBooks) -> None:
        self._vault = vault
        self._desk = desk
        self._books = books

    async def ready(self, org: "UUID", *, livemode: bool) -> None:
        """Have the organisation's data key at hand, before the transaction."""
        await self._vault.seal(org, livemode=livemode, field="start", plain=b"")

    async def begun(self, connection: "Connection", decision: CaseDecision) -> bool:
        """Whether this decision was written before, however its refund has ended since."""
        if decision.refund_id is None:
            return False
        named = [ids.parsed(ids.REFUND, decision.refund_id)]
        return await (await connection.execute(_BEGUN, named)).fetchone() is not None

    async def start(
        self, connection: "Connection", case: "Row", decision: CaseDecision, at: datetime
    ) -> None:
        """Accept the refund and set the money aside for it.

        Raises ApplicationError (NOT_DECIDABLE) where the rail cannot give it back.
        """
        if decision.refund_id is None:
            raise _no("the decision names no refund")
        draft = RefundDraft(
            payment_id=ids.shown(ids.PAYMENT, case["payment_id"]),
            maker=decision.actor,
            reason=decision.reason,
            id=decision.refund_id,
            case=decision.case_id,
            approved_in=decision.case_id,
        )
        try:
            accepted = await self._desk.accept(connection, draft, at=at)
        except RefundRefused as refused:
            told = f"{refused}: send it back by hand, then decide {CaseWord.REFUNDED}"
            raise _no(told) from refused
        await approval_rows.approved(
            connection,
            accepted.row,
            maker=decision.actor,
            checker=decision.approver,
            reason=decision.reason,
        )
        await self._book(connection, case, _set_aside(case, decision.refund_id))

    async def sent_by_hand(
        self, connection: "Connection", case: "Row", decision: CaseDecision
    ) -> None:
        """Book what people sent themselves: out of suspense, and out of our wallet."""
        await self._book(connection, case, _set_aside(case, decision.case_id))
        left = RefundPaid(
            refund_id=decision.case_id,
            amount=_amount(case),
            out_of=ProviderWallet(provider=case["provider"], wallet=COLLECTIONS),
            suspense=case["provider"],
        )
        await self._book(connection, case, left)

    async def _book(self, connection: "Connection", case: "Row", posting: RefundPosting) -> None:
        booked = await self._books.book(
            connection, org=case["org_id"], livemode=case["livemode"], posting=posting
        )
        if not booked.stands:
            raise _no("suspense does not hold the money any more")


def _set_aside(case: "Row", named: str) -> RefundRequested:
    return RefundRequested(refund_id=named, amount=_amount(case), suspense=case["provider"])


def _amount(case: "Row") -> Money:
    return Money(case["amount"], case["currency"])


def _no(told: str) -> ApplicationError:
    return ApplicationError(told, type=NOT_DECIDABLE, non_retryable=True)
