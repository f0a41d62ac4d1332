"""Accept a refund: reserved of its payment, row and start, in the caller's transaction.

API and escrows share it. The payment's row is locked, so of many that ask at once none sees
what another is about to take; the database refuses what would exceed it all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from activities import approval_rows
from activities import refund_sources as sources
from activities.accepting import Newcomer, accept
from models import approval, ids
from models.approval import ApprovalTerms
from models.fees import Fee
from models.money import Money
from models.places import ProviderWallet
from models.refund_order import (
    WORKFLOW,
    RefundDraft,
    RefundPlan,
    RefundRail,
    RefundRefused,
    Refusal,
    Way,
    first_state,
    rail_of,
    way_of,
)
from models.saga import SagaKind, SagaRef, Shown

if TYPE_CHECKING:
    from runtime.database import Connection
    from runtime.vault import Vault

    Row = Mapping[str, Any]

_PLAN: TypeAdapter[RefundPlan] = TypeAdapter(RefundPlan)
_KNOWN = "select * from sagas where id = %s and kind = 'refund'"
_RESERVE = """
insert into refund_reservations (refund_id, org_id, livemode, payment_id, amount, fee_net, fee_tax)
values (%s, %s, %s, %s, %s, %s, %s)"""
#: Of many that decide the same case one has it; the table says which.
_CLAIM = """
insert into suspense_refunds (refund_id, org_id, livemode, case_id) values (%s, %s, %s, %s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRefund:
    """The row, and what to start after the commit; None where it was accepted before."""

    row: Mapping[str, Any]
    plan: RefundPlan | None


class RefundDesk:
    """Accepts refunds over `rails`. `wait_scale` shortens the sagas' waits in tests."""

    def __init__(
        self, vault: "Vault", rails: Mapping[str, RefundRail], *, wait_scale: float = 1.0
    ) -> None:
        self._vault = vault
        self._rails = rails
        self._scale = wait_scale

    async def accept(
        self, connection: "Connection", draft: RefundDraft, *, at: datetime
    ) -> AcceptedRefund:
        """Accept it once; the scope of the transaction is the organisation's.

        Raises RefundRefused, and psycopg's UniqueViolation (`sagas_reference`) for a reference
        that was used. Have the organisation's data key at hand: the vault is asked inside the
        transaction.
        """
        source = await _source(connection, draft)
        before = await _accepted_before(connection, draft)
        if before is not None:
            return AcceptedRefund(row=before, plan=None)
        plan = await self._plan(connection, draft, source, at)
        row = await accept(connection, await self._newcomer(draft, plan, at))
        if row is None:
            raise RuntimeError("a refund claims nothing")
        await _take(connection, row, plan)
        if plan.approval is not None:
            await approval_rows.open_approval(connection, row, plan.approval)
        return AcceptedRefund(row=row, plan=plan)

    async def _plan(
        self, connection: "Connection", draft: RefundDraft, source: "Row", at: datetime
    ) -> RefundPlan:
        amount = sources.amount(draft, source)
        rail, way = self._way(draft, source, amount)
        saga = _saga(draft, source)
        instruction = ids.instruction_id(saga.id, rail_of(rail.provider, way), 1)
        wallet = rail.wallet if way is Way.NATIVE else rail.pays_from
        return RefundPlan(
            saga=saga,
            payment_id=draft.payment_id,
            attempt_id=ids.shown(ids.ATTEMPT, source["attempt_id"]),
            amount=amount,
            paid=Money(source["amount_received"], amount.currency),
            way=way,
            out_of=ProviderWallet(provider=rail.provider, wallet=wallet),
            our_reference=rail.reference(instruction),
            terms=rail.terms,
            payer=await self._payer(source),
            fee=await self._fee(connection, draft, source, amount),
            escrow=draft.escrow,
            case=draft.case,
            approval=await self._approval(connection, draft, way, at),
            provider_reference=source["provider_reference"],
            receipt=source["receipt"],
            waiter=draft.waiter,
            wait_scale=1.0 if source["livemode"] else self._scale,
        )

    async def _fee(
        self, connection: "Connection", draft: RefundDraft, source: "Row", amount: Money
    ) -> Fee | None:
        """No fee was taken yet of what lies in an escrow or in suspense."""
        if draft.escrow or draft.case:
            return None
        return await sources.fee(connection, source, amount)

    def _way(self, draft: RefundDraft, source: "Row", amount: Money) -> tuple[RefundRail, Way]:
        """Over which rail, and how. Raises RefundRefused."""
        rail = self._rails.get(source["provider"])
        if rail is None:
            raise RefundRefused(Refusal.NO_WAY, f"{source['provider']} is not configured")
        if amount.minor % rail.step(amount.currency):
            raise RefundRefused(Refusal.STEP, f"{rail.provider} carries no such fraction")
        paid = Money(source["amount_received"], amount.currency)
        wanted = draft if source["alone"] else replace(draft, way=Way.PAYOUT)
        return rail, way_of(rail, wanted, amount=amount, paid=paid)

    async def _approval(
        self, connection: "Connection", draft: RefundDraft, way: Way, at: datetime
    ) -> ApprovalTerms | None:
        """A payout to a number has to be allowed by a second person. Raises RefundRefused."""
        if way is Way.NATIVE or draft.approved_in is not None:
            return None
        if not await approval_rows.somebody_may_approve(connection, draft.maker):
            told = "mint a key with the scope payouts:approve for a second person"
            raise RefundRefused(Refusal.NOBODY_MAY_APPROVE, told)
        return approval.terms(draft.maker, at, life=approval.LIFETIME * self._scale)

    async def _payer(self, source: "Row") -> str:
        org, livemode = source["org_id"], source["livemode"]
        sealed = source["payer_sealed"]
        plain = await self._vault.unseal(org, livemode=livemode, field="payer", sealed=sealed)
        return plain.decode()

    async def _newcomer(self, draft: RefundDraft, plan: RefundPlan, at: datetime) -> Newcomer:
        org, livemode = ids.parsed(ids.ORG, plan.saga.org_id), plan.saga.livemode
        plain = _PLAN.dump_json(plan)
        return Newcomer(
            ref=plan.saga,
            state=first_state(plan),
            workflow=WORKFLOW,
            sealed=await self._vault.seal(org, livemode=livemode, field="start", plain=plain),
            at=at,
            actor=draft.maker,
            reference=draft.reference,
            amount=plan.amount,
            data=_shown(draft, plan),
        )


async def _accepted_before(connection: "Connection", draft: RefundDraft) -> "Row | None":
    if draft.id is None:
        return None
    known = [ids.parsed(ids.REFUND, draft.id)]
    return await (await connection.execute(_KNOWN, known)).fetchone()


def _saga(draft: RefundDraft, source: "Row") -> SagaRef:
    return SagaRef(
        id=draft.id or ids.mint(ids.REFUND),
        kind=SagaKind.REFUND,
        org_id=ids.shown(ids.ORG, source["org_id"]),
        livemode=source["livemode"],
    )


async def _source(connection: "Connection", draft: RefundDraft) -> "Row":
    """What it is taken from, held. Raises RefundRefused."""
    if draft.case is not None:
        return await sources.suspended(connection, draft.case)
    return await sources.payment(connection, draft.payment_id)


async def _take(connection: "Connection", row: "Row", plan: RefundPlan) -> None:
    """Reserve the amount of its payment, or claim the money of its case."""
    scope = [row["id"], row["org_id"], row["livemode"]]
    if plan.case is not None:
        await connection.execute(_CLAIM, [*scope, ids.parsed(ids.CASE, plan.case)])
        return
    fee = [plan.fee.net.minor, plan.fee.tax.minor] if plan.fee else [0, 0]
    payment = ids.parsed(ids.PAYMENT, plan.payment_id)
    await connection.execute(_RESERVE, [*scope, payment, plan.amount.minor, *fee])


def _shown(draft: RefundDraft, plan: RefundPlan) -> dict[str, Shown]:
    return {
        "payment": plan.payment_id,
        "reason": draft.reason,
        "method": plan.out_of.provider,
        "via": str(plan.way),
        "escrow": plan.escrow,
        "case": plan.case,
        "approved_in": draft.approved_in,
        "fee_returned": plan.fee.total.minor if plan.fee else 0,
        "failure": None,
        "receipt": None,
    }
