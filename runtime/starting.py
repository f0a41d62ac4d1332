"""How an accepted row is started, by API and relay alike: one starter per kind of workflow."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from pydantic import TypeAdapter

from models import (
    clearing_move,
    collection_order,
    escrow_order,
    float_order,
    ids,
    loan_order,
    payout_batch,
    payout_order,
    refund_order,
    topup,
)
from models.bank_credit import BANK_CREDIT, BankCreditOrder
from models.checkout import WORKFLOW, CheckoutOrder
from models.clearing_move import ClearingOrder
from models.collection_decisions import ReversalOrder
from models.collection_order import CollectionOrder
from models.credential_check import CREDENTIAL_CHECK, CheckOrder
from models.escrow_order import EscrowOrder
from models.float_order import FloatOrder
from models.loan_order import LoanOrder
from models.payout_batch import BatchOrder
from models.payout_order import PayoutOrder
from models.refund_order import RefundPlan
from models.saga import SagaRef
from models.topup import TopUpOrder
from runtime.dispatch import Start
from workflows.queues import CHECKOUTS, UPKEEP, VAULT

_Starter = Callable[[Any], Start]


def checkout_start(order: CheckoutOrder) -> Start:
    """The start of a checkout's workflow: its id is the session's."""
    return Start(
        kind=WORKFLOW,
        workflow_id=order.checkout_id,
        queue=CHECKOUTS,
        order=order,
        org=order.org_id,
        provider=order.first.provider,
        livemode=order.livemode,
        summary=f"{order.amount} by {order.first.provider}",
        paced=ids.parsed(ids.ATTEMPT, order.first.id),
    )


def credential_start(order: CheckOrder) -> Start:
    """The start of a credential's check: its id names credential and version."""
    return Start(
        kind=CREDENTIAL_CHECK,
        workflow_id=order.workflow_id,
        queue=UPKEEP,
        order=order,
        org=order.org_id,
        provider=order.kind,
        livemode=order.livemode,
        summary=f"check {order.kind}",
    )


class _OfSaga(Protocol):
    """An order about one saga of the vault."""

    @property
    def saga(self) -> SagaRef:
        """Which, whose, in which mode."""
        ...


def saga_start(
    kind: str, order: _OfSaga, *, provider: str, summary: str = "", workflow_id: str = ""
) -> Start:
    """The start of a workflow about a saga of the vault: its id is the saga's unless named."""
    return Start(
        kind=kind,
        workflow_id=workflow_id or order.saga.id,
        queue=VAULT,
        order=order,
        org=order.saga.org_id,
        provider=provider,
        livemode=order.saga.livemode,
        summary=summary,
    )


def topup_start(order: TopUpOrder) -> Start:
    """The start of a top-up's workflow."""
    summary = f"{order.amount} by {order.via}"
    return saga_start(topup.WORKFLOW, order, provider=order.into.rail, summary=summary)


def loan_start(order: LoanOrder) -> Start:
    """The start of a loan's workflow: no faster than payouts leave."""
    summary = f"{order.partner}: loan {order.account_no}"
    start = saga_start(loan_order.WORKFLOW, order, provider="mpesa", summary=summary)
    return replace(start, paced=ids.parsed(ids.LOAN, order.saga.id))


def float_start(order: FloatOrder) -> Start:
    """The start of a float purchase's workflow."""
    summary = f"float of {order.amount} for {order.short_code}"
    return saga_start(float_order.WORKFLOW, order, provider=order.pool.bank, summary=summary)


def payout_start(order: PayoutOrder) -> Start:
    """The start of a payout's workflow: thousands may come at once, and keep pace as loans do."""
    summary = f"{order.amount} by {order.rail.name}"
    start = saga_start(payout_order.WORKFLOW, order, provider=order.rail.name, summary=summary)
    return replace(start, paced=ids.parsed(ids.PAYOUT, order.saga.id))


def clearing_start(order: ClearingOrder) -> Start:
    """The start of a clearing move's workflow."""
    summary = f"{order.amount} from {order.origin.rail} to {order.destination.rail}"
    return saga_start(clearing_move.WORKFLOW, order, provider=order.origin.rail, summary=summary)


def escrow_start(order: EscrowOrder) -> Start:
    """The start of an escrow's workflow."""
    summary = f"escrow of {order.amount}"
    return saga_start(escrow_order.WORKFLOW, order, provider="escrow", summary=summary)


def batch_start(order: BatchOrder) -> Start:
    """The start of a batch's workflow: its payouts are started each by itself."""
    return saga_start(payout_batch.WORKFLOW, order, provider="batch", summary="batch of payouts")


def collection_start(order: CollectionOrder) -> Start:
    """The start of a collection's workflow."""
    summary = f"{order.partner or order.short_code}: {order.amount}"
    return saga_start(collection_order.WORKFLOW, order, provider="mpesa", summary=summary)


def collection_reversal_start(order: ReversalOrder) -> Start:
    """The start of what follows a reversal by M-Pesa: numbered, for one may be refused."""
    return saga_start(
        collection_order.REVERSAL,
        order,
        provider="mifos",
        summary=f"reversal of {order.receipt}",
        workflow_id=order.workflow_id,
    )


def refund_start(plan: RefundPlan) -> Start:
    """The start of a refund's workflow."""
    summary = f"{plan.amount} back by {plan.out_of.provider}"
    return saga_start(refund_order.WORKFLOW, plan, provider=plan.out_of.provider, summary=summary)


def bank_credit_start(order: BankCreditOrder) -> Start:
    """The start of a credit's workflow: its id is the receipt's and amount's."""
    return Start(
        kind=BANK_CREDIT,
        workflow_id=order.workflow_id,
        queue=VAULT,
        order=order,
        org=ids.shown(ids.ORG, ids.PLATFORM_ORG),
        provider=order.into.bank,
        livemode=order.livemode,
        summary=f"credit of {order.amount}",
    )


#: What an accepted row's `kind` means: the order it holds and how that is started.
_STARTERS: Mapping[str, tuple[TypeAdapter[Any], _Starter]] = {
    WORKFLOW: (TypeAdapter(CheckoutOrder), checkout_start),
    CREDENTIAL_CHECK: (TypeAdapter(CheckOrder), credential_start),
    loan_order.WORKFLOW: (TypeAdapter(LoanOrder), loan_start),
    collection_order.WORKFLOW: (TypeAdapter(CollectionOrder), collection_start),
    collection_order.REVERSAL: (TypeAdapter(ReversalOrder), collection_reversal_start),
    clearing_move.WORKFLOW: (TypeAdapter(ClearingOrder), clearing_start),
    payout_order.WORKFLOW: (TypeAdapter(PayoutOrder), payout_start),
    topup.WORKFLOW: (TypeAdapter(TopUpOrder), topup_start),
    BANK_CREDIT: (TypeAdapter(BankCreditOrder), bank_credit_start),
    payout_batch.WORKFLOW: (TypeAdapter(BatchOrder), batch_start),
    float_order.WORKFLOW: (TypeAdapter(FloatOrder), float_start),
    refund_order.WORKFLOW: (TypeAdapter(RefundPlan), refund_start),
    escrow_order.WORKFLOW: (TypeAdapter(EscrowOrder), escrow_start),
}


def start_of(kind: str, plain: bytes) -> Start:
    """The start an accepted row asks for. Raises KeyError for a kind this code does not know."""
    adapter, starter = _STARTERS[kind]
    return starter(adapter.validate_json(plain))
