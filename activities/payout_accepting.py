"""Accepting a payout: its row, its payee, its approval and its start, in one transaction.

The API, batches, automatic payouts and refunds share it. Nothing is held yet.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import TypeAdapter

from activities import approval_rows
from activities import payout_rows as rows
from activities.accepting import Newcomer, accept
from activities.cooling import free_from
from activities.loan_accepting import partner_name
from activities.operators import corrected_rail, number_lookup
from activities.payout_rules import Predicts, rail_for
from models import approval, ids
from models.fees import fee_for
from models.payout_order import (
    WORKFLOW,
    Payee,
    PayoutDraft,
    PayoutKind,
    PayoutNotTaken,
    PayoutOrder,
    PayoutRefusal,
    first_state,
)
from models.payout_policy import PayoutPolicy, approval_needed
from models.payout_rail import PayoutRail
from models.saga import SagaKind, SagaRef, Shown

if TYPE_CHECKING:
    from runtime.database import Connection
    from runtime.vault import Vault

#: The longest a payout may be put off.
_AHEAD = timedelta(days=90)
_ORDER: TypeAdapter[PayoutOrder] = TypeAdapter(PayoutOrder)
_PAYEE: TypeAdapter[Payee] = TypeAdapter(Payee)


def nobody_knows(_wallet: str) -> str | None:
    """Predicts no operator: every draft has to name its method."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDesk:
    """Where payouts are accepted. `rails`: what is installed; `scale` shortens waits in tests."""

    vault: "Vault"
    rails: Mapping[str, PayoutRail]
    predicts: Predicts = nobody_knows
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedPayout:
    """The row of `sagas`. `order`: start it after the commit (`runtime.starting.payout_start`).

    None where the claim was taken before: the row is that payout's, and it has its start.
    """

    row: Mapping[str, Any]
    order: PayoutOrder | None


async def ready(desk: PayoutDesk, draft: PayoutDraft) -> None:
    """Have the data key at hand: fetched inside a transaction it needs a second connection."""
    await desk.vault.seal(draft.org, livemode=draft.livemode, field=rows.PAYEE_FIELD, plain=b"")
    await desk.vault.lookup(draft.org, livemode=draft.livemode, value="")
    await number_lookup(desk.vault, "", livemode=draft.livemode)


async def seal_payee(vault: "Vault", org: UUID, payee: Payee, *, livemode: bool) -> bytes:
    """The payee in the only form it is kept in."""
    plain = _PAYEE.dump_json(payee)
    return await vault.seal(org, livemode=livemode, field=rows.PAYEE_FIELD, plain=plain)


async def accept_payout(
    connection: "Connection", desk: PayoutDesk, draft: PayoutDraft
) -> AcceptedPayout:
    """Accept it in the caller's transaction, whose scope is the draft's. Call `ready` before.

    Raises PayoutNotTaken; psycopg raises UniqueViolation (`sagas_reference`) for a reference the
    organisation used: then the transaction is lost.
    """
    there = await rows.claimed(connection, draft.claim) if draft.claim else None
    if there is not None:
        return AcceptedPayout(row=there, order=None)
    draft = await _corrected(connection, desk, draft)
    rail = rail_for(draft, desk.rails, desk.predicts)
    policy = await rows.policy(connection)
    order = _order(desk, draft, rail, policy)
    order = dataclasses.replace(
        order,
        payer=await partner_name(connection, draft.org),
        scheduled_at=await _cooled(connection, desk, draft),
    )
    if await _needs_approval(connection, draft, rail):
        life = order.approval_life * desk.scale
        terms = approval.terms(draft.maker, datetime.now(UTC), life=life)
        order = dataclasses.replace(order, approval=terms)
    row = await accept(connection, await _newcomer(desk, draft, order))
    if row is None:
        there = await rows.claimed(connection, draft.claim or "")
        return AcceptedPayout(row=there or {}, order=None)
    await _keep(connection, desk, row, draft)
    if order.approval is not None:
        await approval_rows.open_approval(connection, row, order.approval)
    return AcceptedPayout(row=row, order=order)


async def _cooled(
    connection: "Connection", desk: PayoutDesk, draft: PayoutDraft
) -> datetime | None:
    """When it leaves: a new payee waits. Who paid us is no stranger."""
    if draft.kind is PayoutKind.REFUND_FALLBACK:
        return draft.scheduled_at
    lookup = await desk.vault.lookup(draft.org, livemode=draft.livemode, value=draft.payee.same)
    free = await free_from(connection, draft.org, livemode=draft.livemode, lookup=lookup)
    planned = draft.scheduled_at
    if free <= datetime.now(UTC):
        return planned
    return max(free, planned) if planned else free


async def _corrected(connection: "Connection", desk: PayoutDesk, draft: PayoutDraft) -> PayoutDraft:
    """With the method people know for a number whose prefix says another."""
    if draft.method is not None or draft.payee.wallet is None:
        return draft
    known = await corrected_rail(
        connection, desk.vault, draft.payee.wallet, livemode=draft.livemode
    )
    return dataclasses.replace(draft, method=known) if known in desk.rails else draft


async def _needs_approval(connection: "Connection", draft: PayoutDraft, rail: PayoutRail) -> bool:
    """Whether a second person is asked. Raises PayoutNotTaken for a limit, or where nobody may."""
    limits = await rows.limits(connection, rail.name, draft.amount.currency)
    for limit in limits:
        told = await rows.exceeded(connection, draft.org, limit, draft.amount.minor)
        if told is not None:
            raise PayoutNotTaken(PayoutRefusal.LIMIT_EXCEEDED, told, field="/amount")
    if draft.approved_in is not None or not approval_needed(limits, draft.amount.minor):
        return False
    if await approval_rows.somebody_may_approve(connection, draft.maker):
        return True
    told = "the amount needs a second person: mint a key with the scope payouts:approve for one"
    raise PayoutNotTaken(PayoutRefusal.NOBODY_MAY_APPROVE, told, field="/amount")


def _order(
    desk: PayoutDesk, draft: PayoutDraft, rail: PayoutRail, policy: PayoutPolicy
) -> PayoutOrder:
    if draft.scheduled_at and draft.scheduled_at > datetime.now(UTC) + _AHEAD:
        told = f"{_AHEAD.days} days ahead at most"
        raise PayoutNotTaken(PayoutRefusal.TOO_FAR_AHEAD, told, field="/scheduled_at")
    ref = SagaRef(
        id=ids.mint(ids.PAYOUT),
        kind=SagaKind.PAYOUT,
        org_id=ids.shown(ids.ORG, draft.org),
        livemode=draft.livemode,
    )
    return PayoutOrder(
        saga=ref,
        amount=draft.amount,
        fee=fee_for(draft.amount, policy.fee_rule(draft.kind)),
        kind=draft.kind,
        rail=rail,
        payee=draft.payee,
        purpose=draft.purpose,
        maker=draft.maker,
        scheduled_at=draft.scheduled_at,
        approval_life=policy.approval_hours * 3600.0,
        name_check=policy.name_check,
        tells_payee=policy.tells_payee,
        returns_fee=policy.return_fee,
        wait_scale=desk.scale,
    )


async def _newcomer(desk: PayoutDesk, draft: PayoutDraft, order: PayoutOrder) -> Newcomer:
    sealed = await desk.vault.seal(
        draft.org, livemode=draft.livemode, field="start", plain=_ORDER.dump_json(order)
    )
    return Newcomer(
        ref=order.saga,
        state=first_state(order),
        workflow=WORKFLOW,
        sealed=sealed,
        at=datetime.now(UTC),
        actor=draft.maker,
        claim=draft.claim,
        reference=draft.reference,
        amount=order.amount,
        data=_shown(draft, order),
    )


def _shown(draft: PayoutDraft, order: PayoutOrder) -> Mapping[str, Shown]:
    when = order.scheduled_at
    return {
        "method": order.rail.name,
        "kind": str(order.kind),
        "fee": order.fee.net.minor,
        "tax": order.fee.tax.minor,
        "payee": order.payee.shown,
        "purpose": order.purpose,
        "scheduled_at": when.isoformat() if when else None,
        "batch": draft.batch,
        "payment": draft.payment,
        "approved_in": draft.approved_in,
    }


async def _keep(
    connection: "Connection", desk: PayoutDesk, row: Mapping[str, Any], draft: PayoutDraft
) -> None:
    vault, mode = desk.vault, draft.livemode
    await rows.keep_payee(
        connection,
        row,
        sealed=await seal_payee(vault, draft.org, draft.payee, livemode=mode),
        lookup=await vault.lookup(draft.org, livemode=mode, value=draft.payee.same),
        masked=draft.payee.shown,
    )
