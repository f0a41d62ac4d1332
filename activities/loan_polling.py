"""Polling: a partner's approved loans are gone through, and what is new or waits is set going."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from activities import loan_accepting as accepting
from activities.lending import NOT_US, Known
from activities.loan_alerts import LoanAlerts
from activities.loan_waking import LoanWaking
from activities.pulse import beating
from models import ids
from models.credentials import CredentialKind, NoCredentials
from models.lending import Loan, LoanStatus
from models.loan_calls import HintOrder, Polled, PollOrder, host_of
from models.loan_claims import Held, Sighting, changed_after_payment, sighting
from models.saga import SagaCase, SagaKind, SagaRef, SagaStep
from providers.contract import QuestionRefused

if TYPE_CHECKING:
    from activities.sagas import Sagas
    from runtime.database import Database
    from runtime.vault import Vault

#: Loans of one page.
PAGE = 100


class ListsLoans(Protocol):
    """A lender's books. Each raises QuestionRefused, Unreachable or Ambiguous."""

    def approved_loans(
        self, *, after_id: int = 0, limit: int = 100
    ) -> AsyncIterator[tuple[Loan, ...]]:
        """Approved loans in pages, by id."""
        ...

    async def loan(self, loan_id: int) -> Loan | None:
        """One loan."""
        ...


class GivesLists(Protocol):
    """Where a partner's credentials are kept. Both raise NoCredentials."""

    async def mifos(self, org_id: str, livemode: bool) -> ListsLoans:  # noqa: FBT001 - the second half of the scope
        """The lender's books."""
        ...

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> Known:  # noqa: FBT001 - as above
        """A credential in use, without its secrets."""
        ...


class LoanPolling:
    """Finds loans by asking; a hook only says where to look."""

    def __init__(
        self,
        database: "Database",
        vault: "Vault",
        partners: GivesLists,
        *,
        sagas: "Sagas",
        waking: LoanWaking,
        alerts: LoanAlerts,
        scale: float,
    ) -> None:
        self._database, self._vault, self._partners = database, vault, partners
        self._sagas, self._waking = sagas, waking
        self._alerts, self._scale = alerts, scale

    @activity.defn(name="loan.poll")
    async def poll(self, order: PollOrder) -> Polled:
        """Go through every approved loan; memory holds one page however many there are."""
        async with beating():
            try:
                return await self._polled(order)
            except NoCredentials as none:
                return Polled(skipped=str(none))
            except QuestionRefused as no:
                if no.reading.reason not in NOT_US:
                    raise
            org = ids.parsed(ids.ORG, order.org_id)
            await self._alerts.refused(org, livemode=order.livemode)
            return Polled(skipped="the lender's books refuse our user")

    async def _polled(self, order: PollOrder) -> Polled:
        lender, books = await self._lender(order)
        async with self._database.scoped(lender.org, lender.livemode) as connection:
            products = await accepting.products_in_use(connection)
        seen = taken = suspects = 0
        async for page in books.approved_loans(limit=PAGE) if products else _nothing():
            ours = [loan for loan in page if loan.product_id in products]
            seen += len(ours)
            new, doubted = await self._sorted(lender, ours)
            taken += await self._take(lender, new, "poll")
            suspects += await self._suspected(lender, books, doubted)
        return Polled(seen=seen, accepted=taken, suspects=suspects, woken=await self._woken(lender))

    @activity.defn(name="loan.hint")
    async def hint(self, order: HintOrder) -> Polled:
        """Read one loan back and do with it what a poll would."""
        async with beating():
            try:
                lender, books = await self._lender(order.poll)
            except NoCredentials as none:
                return Polled(skipped=str(none))
            loan = await books.loan(order.loan_id)
            async with self._database.scoped(lender.org, lender.livemode) as connection:
                products = await accepting.products_in_use(connection)
            seen = loan if loan is not None and loan.product_id in products else None
            approved = [seen] if seen and seen.status == LoanStatus.APPROVED else []
            new, doubted = await self._sorted(lender, approved, asked=order.asked)
            return Polled(
                seen=len(approved),
                accepted=await self._take(lender, new, "person" if order.asked else "hook"),
                suspects=await self._suspected(lender, books, doubted),
                woken=await self._woken(lender, order.loan_id),
            )

    async def _lender(self, order: PollOrder) -> tuple[accepting.Lender, ListsLoans]:
        """Who lends. Without a short code to pay from nothing is accepted either."""
        known = await self._partners.known(order.org_id, order.livemode, CredentialKind.MIFOS)
        await self._partners.known(order.org_id, order.livemode, CredentialKind.MPESA_B2C)
        org = ids.parsed(ids.ORG, order.org_id)
        async with self._database.scoped(org, order.livemode) as connection:
            partner = await accepting.partner_name(connection, org)
            confirm = await accepting.confirms(connection, org)
        lender = accepting.Lender(
            org=org,
            livemode=order.livemode,
            tenant=str(known.shown.get("tenant", "default")),
            host=host_of(known.shown),
            partner=partner,
            confirm=confirm,
            scale=self._scale,
        )
        return lender, await self._partners.mifos(order.org_id, order.livemode)

    async def _sorted(
        self, lender: accepting.Lender, loans: Sequence[Loan], *, asked: bool = False
    ) -> tuple[list[Loan], list[Loan]]:
        """The loans to accept, and those that look changed after we paid."""
        async with self._database.scoped(lender.org, lender.livemode) as connection:
            held = await accepting.holders(connection, lender, [loan.id for loan in loans])
        found = {loan.id: sighting(loan, held.get(loan.id), asked=asked) for loan in loans}
        new = [loan for loan in loans if found[loan.id] is Sighting.ACCEPT]
        return new, [loan for loan in loans if found[loan.id] is Sighting.SUSPECT]

    async def _take(self, lender: accepting.Lender, new: Sequence[Loan], actor: str) -> int:
        if not new:
            return 0
        return await accepting.take(self._database, self._vault, lender, new, actor=actor)

    async def _suspected(
        self, lender: accepting.Lender, books: ListsLoans, doubted: Sequence[Loan]
    ) -> int:
        """Look again, loan by loan: a list may be older than our own booking."""
        opened = 0
        for seen in doubted:
            loan = await books.loan(seen.id)
            async with self._database.scoped(lender.org, lender.livemode) as connection:
                held = (await accepting.holders(connection, lender, [seen.id])).get(seen.id)
            if loan is not None and held is not None and changed_after_payment(loan, held):
                await self._sagas.commit(_changed(lender, loan, held))
                opened += 1
        return opened

    async def _woken(self, lender: accepting.Lender, loan_id: int | None = None) -> int:
        """Wake what waits, or one loan; once per run, however often its activity is tried."""
        run = activity.info().workflow_run_id or ""
        return await self._waking.waiting(
            lender.org, livemode=lender.livemode, occasion=run, loan=loan_id
        )


def _changed(lender: accepting.Lender, loan: Loan, held: Held) -> SagaStep:
    approved = loan.approved_on.isoformat() if loan.approved_on else None
    ref = SagaRef(
        id=held.id,
        kind=SagaKind.LOAN,
        org_id=ids.shown(ids.ORG, lender.org),
        livemode=lender.livemode,
    )
    case = SagaCase(
        kind="loan_changed_after_payment",
        cause=approved or "",
        amount=loan.approved_principal,
        facts={
            "loan": loan.id,
            "state": str(held.state),
            "approved_on": approved,
            "paid_for_approval_of": held.approved_on,
        },
    )
    return SagaStep(
        key=f"{held.id}/changed/{approved}",
        saga=ref,
        at=datetime.now(UTC),
        actor="poll",
        believes=held.state,
        case=case,
        events=("reconciliation.exception.opened",),
        needs_review=True,
    )


async def _nothing() -> AsyncIterator[tuple[Loan, ...]]:
    """No page at all."""
    pages: tuple[tuple[Loan, ...], ...] = ()
    for page in pages:
        yield page
