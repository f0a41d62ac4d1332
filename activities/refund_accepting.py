"""Accept a refund: reserved of its payment, row and start, in the caller's transaction.

API and escrows share it. The payment's row is locked, so of many that ask at once none sees
what another is about to take; the database refuses what would exceed it all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from activities import approval_rows
from activities.accepting import Newcomer, accept
from models import approval, ids
from models.approval import ApprovalTerms
from models.fees import Fee
from models.lifecycle import PaymentStatus
from models.money import Money
from models.places import ProviderWallet
from models.refund import RefundState
from models.refund_order import (
    WORKFLOW,
    RefundDraft,
    RefundPlan,
    RefundRail,
    RefundRefused,
    Refusal,
    Way,
    fee_returned,
    rail_of,
    way_of,
)
from models.saga import SagaKind, SagaRef, Shown
from models.saga_states import final

if TYPE_CHECKING:
    from runtime.database import Connection
    from runtime.vault import Vault

    Row = Mapping[str, Any]

_PLAN: TypeAdapter[RefundPlan] = TypeAdapter(RefundPlan)
_KNOWN = "select * from sagas where id = %s and kind = 'refund'"
_PAYMENT = """
select p.*, o.return_fee_on_refund, a.id as attempt_id, a.provider,
       a.provider_reference, a.receipt, a.payer_sealed, e.state as escrow_state
  from payments p join orgs o on o.id = p.org_id
  join checkouts c on c.id = p.checkout_id left join sagas e on e.id = c.escrow_id
  left join attempts a on a.payment_id = p.id and a.state = 'succeeded'
 where p.id = %s order by a.number limit 1 for no key update of p"""
_TAKEN = "select net, tax from fee_taken(%s)"
_RETURNED = """
select coalesce(sum(fee_net), 0)::bigint as net, coalesce(sum(fee_tax), 0)::bigint as tax
  from refund_reservations where payment_id = %s and state <> 'released'"""
_RESERVE = """
insert into refund_reservations (refund_id, org_id, livemode, payment_id, amount, fee_net, fee_tax)
values (%s, %s, %s, %s, %s, %s, %s)"""
#: The entries that may have taken the fee of an attempt: settled, or accepted by people.
_FEE_ENTRIES = ("settled", "amount_mismatch/accepted", "currency_mismatch/accepted")


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
        payment = await _locked(connection, draft)
        before = await _accepted_before(connection, draft)
        if before is not None:
            return AcceptedRefund(row=before, plan=None)
        plan = await self._plan(connection, draft, payment, at)
        row = await accept(connection, await self._newcomer(draft, plan, at))
        if row is None:
            raise RuntimeError("a refund claims nothing")
        fee = [plan.fee.net.minor, plan.fee.tax.minor] if plan.fee else [0, 0]
        scope = [row["id"], payment["org_id"], payment["livemode"], payment["id"]]
        await connection.execute(_RESERVE, [*scope, plan.amount.minor, *fee])
        if plan.approval is not None:
            await approval_rows.open_approval(connection, row, plan.approval)
        return AcceptedRefund(row=row, plan=plan)

    async def _plan(
        self, connection: "Connection", draft: RefundDraft, payment: "Row", at: datetime
    ) -> RefundPlan:
        amount = _amount(draft, payment)
        rail, way = self._way(draft, payment, amount)
        saga = _saga(draft, payment)
        instruction = ids.instruction_id(saga.id, rail_of(rail.provider, way), 1)
        wallet = rail.wallet if way is Way.NATIVE else rail.pays_from
        return RefundPlan(
            saga=saga,
            payment_id=draft.payment_id,
            attempt_id=ids.shown(ids.ATTEMPT, payment["attempt_id"]),
            amount=amount,
            paid=Money(payment["amount_received"], amount.currency),
            way=way,
            out_of=ProviderWallet(provider=rail.provider, wallet=wallet),
            our_reference=rail.reference(instruction),
            terms=rail.terms,
            payer=await self._payer(payment),
            fee=None if draft.escrow else await _fee(connection, payment, amount),
            escrow=draft.escrow,
            approval=await self._approval(connection, draft, way, at),
            provider_reference=payment["provider_reference"],
            receipt=payment["receipt"],
            waiter=draft.waiter,
            wait_scale=1.0 if payment["livemode"] else self._scale,
        )

    def _way(self, draft: RefundDraft, payment: "Row", amount: Money) -> tuple[RefundRail, Way]:
        """Over which rail, and how. Raises RefundRefused."""
        rail = self._rails.get(payment["provider"])
        if rail is None:
            raise RefundRefused(Refusal.NO_WAY, f"{payment['provider']} is not configured")
        if amount.minor % rail.step(amount.currency):
            raise RefundRefused(Refusal.STEP, f"{rail.provider} carries no such fraction")
        paid = Money(payment["amount_received"], amount.currency)
        return rail, way_of(rail, draft, amount=amount, paid=paid)

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

    async def _payer(self, payment: "Row") -> str:
        org, livemode = payment["org_id"], payment["livemode"]
        sealed = payment["payer_sealed"]
        plain = await self._vault.unseal(org, livemode=livemode, field="payer", sealed=sealed)
        return plain.decode()

    async def _newcomer(self, draft: RefundDraft, plan: RefundPlan, at: datetime) -> Newcomer:
        org, livemode = ids.parsed(ids.ORG, plan.saga.org_id), plan.saga.livemode
        plain = _PLAN.dump_json(plan)
        return Newcomer(
            ref=plan.saga,
            state=RefundState.REQUIRES_APPROVAL if plan.approval else RefundState.CREATED,
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


def _saga(draft: RefundDraft, payment: "Row") -> SagaRef:
    return SagaRef(
        id=draft.id or ids.mint(ids.REFUND),
        kind=SagaKind.REFUND,
        org_id=ids.shown(ids.ORG, payment["org_id"]),
        livemode=payment["livemode"],
    )


async def _locked(connection: "Connection", draft: RefundDraft) -> "Row":
    """The payment, held, with the attempt that paid it. Raises RefundRefused."""
    try:
        payment_id = ids.parsed(ids.PAYMENT, draft.payment_id)
    except ids.BadId as error:
        raise RefundRefused(Refusal.NO_PAYMENT, "there is no such payment") from error
    row = await (await connection.execute(_PAYMENT, [payment_id])).fetchone()
    if row is None:
        raise RefundRefused(Refusal.NO_PAYMENT, "there is no such payment")
    return row


def _amount(draft: RefundDraft, payment: "Row") -> Money:
    """What goes back. Raises RefundRefused."""
    status = PaymentStatus(payment["status"])
    if status is PaymentStatus.UNKNOWN:
        raise RefundRefused(Refusal.OUTCOME_UNKNOWN, "nobody knows yet whether it was paid")
    if status is not PaymentStatus.SUCCEEDED or payment["attempt_id"] is None:
        raise RefundRefused(Refusal.NOT_SUCCEEDED, f"the payment is {status}")
    kept = payment["escrow_state"]
    if draft.escrow is None and kept is not None and not final(SagaKind.ESCROW, kept):
        raise RefundRefused(Refusal.IN_ESCROW, "its money lies in an escrow: refund that")
    taken = payment["amount_refunded"] + payment["amount_reserved"]
    left = Money(payment["amount_received"] - taken, payment["currency"])
    amount = draft.amount or left
    if amount.currency != left.currency:
        raise RefundRefused(Refusal.CURRENCY, f"the payment is in {left.currency}")
    if not 0 < amount.minor <= left.minor:
        raise RefundRefused(Refusal.EXCEEDS, f"{left} of the payment are left", left)
    return amount


async def _fee(connection: "Connection", payment: "Row", amount: Money) -> Fee | None:
    """What of our fee goes back with this amount, by the organisation's policy."""
    if not payment["return_fee_on_refund"]:
        return None
    attempt = ids.shown(ids.ATTEMPT, payment["attempt_id"])
    named = [[f"{attempt}/{event}" for event in _FEE_ENTRIES]]
    taken = await (await connection.execute(_TAKEN, named)).fetchone()
    given = await (await connection.execute(_RETURNED, [payment["id"]])).fetchone()
    if taken is None or given is None:
        raise RuntimeError("sums have one row")
    before = payment["amount_refunded"] + payment["amount_reserved"]
    back = fee_returned(
        _in(taken, amount.currency),
        already=_in(given, amount.currency),
        refunded=before + amount.minor,
        captured=payment["amount_received"],
    )
    return back if back.total.minor else None


def _in(sums: "Row", currency: str) -> Fee:
    return Fee(net=Money(sums["net"], currency), tax=Money(sums["tax"], currency))


def _shown(draft: RefundDraft, plan: RefundPlan) -> dict[str, Shown]:
    return {
        "payment": plan.payment_id,
        "reason": draft.reason,
        "method": plan.out_of.provider,
        "via": str(plan.way),
        "escrow": plan.escrow,
        "approved_in": draft.approved_in,
        "fee_returned": plan.fee.total.minor if plan.fee else 0,
        "failure": None,
        "receipt": None,
    }
