"""How an accepted row is started, by API and relay alike: one starter per kind of workflow."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter

from models import collection_order, float_order, ids, loan_order, topup
from models.bank_credit import BANK_CREDIT, BankCreditOrder
from models.checkout import WORKFLOW, CheckoutOrder
from models.collection_decisions import ReversalOrder
from models.collection_order import CollectionOrder
from models.credential_check import CREDENTIAL_CHECK, CheckOrder
from models.float_order import FloatOrder
from models.loan_order import LoanOrder
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
        attempt=ids.parsed(ids.ATTEMPT, order.first.id),
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


def topup_start(order: TopUpOrder) -> Start:
    """The start of a top-up's workflow: its id is the top-up's."""
    return Start(
        kind=topup.WORKFLOW,
        workflow_id=order.saga.id,
        queue=VAULT,
        order=order,
        org=order.saga.org_id,
        provider=order.into.rail,
        livemode=order.saga.livemode,
        summary=f"{order.amount} by {order.via}",
    )


def loan_start(order: LoanOrder) -> Start:
    """The start of a loan's workflow: its id is the disbursement's."""
    return Start(
        kind=loan_order.WORKFLOW,
        workflow_id=order.saga.id,
        queue=VAULT,
        order=order,
        org=order.saga.org_id,
        provider="mpesa",
        livemode=order.saga.livemode,
        summary=f"{order.partner}: loan {order.account_no}",
    )


def float_start(order: FloatOrder) -> Start:
    """The start of a float purchase's workflow: its id is the purchase's."""
    return Start(
        kind=float_order.WORKFLOW,
        workflow_id=order.saga.id,
        queue=VAULT,
        order=order,
        org=order.saga.org_id,
        provider=order.pool.bank,
        livemode=order.saga.livemode,
        summary=f"float of {order.amount} for {order.short_code}",
    )


def bank_credit_start(order: BankCreditOrder) -> Start:
    """The start of a credit's workflow: its id is the receipt's."""
    return Start(
        kind=BANK_CREDIT,
        workflow_id=f"bank/{order.into.bank}/{order.receipt}",
        queue=VAULT,
        order=order,
        org=ids.shown(ids.ORG, ids.PLATFORM_ORG),
        provider=order.into.bank,
        livemode=order.livemode,
        summary=f"credit of {order.amount}",
    )


def collection_start(order: CollectionOrder) -> Start:
    """The start of a collection's workflow: its id is the collection's."""
    return Start(
        kind=collection_order.WORKFLOW,
        workflow_id=order.saga.id,
        queue=VAULT,
        order=order,
        org=order.saga.org_id,
        provider="mpesa",
        livemode=order.saga.livemode,
        summary=f"{order.partner or order.short_code}: {order.amount}",
    )


def collection_reversal_start(order: ReversalOrder) -> Start:
    """The start of what follows a reversal by M-Pesa: numbered, for one may be refused."""
    return Start(
        kind=collection_order.REVERSAL,
        workflow_id=order.workflow_id,
        queue=VAULT,
        order=order,
        org=order.saga.org_id,
        provider="mifos",
        livemode=order.saga.livemode,
        summary=f"reversal of {order.receipt}",
    )


#: What an accepted row's `kind` means: the order it holds and how that is started.
_STARTERS: Mapping[str, tuple[TypeAdapter[Any], _Starter]] = {
    WORKFLOW: (TypeAdapter(CheckoutOrder), checkout_start),
    CREDENTIAL_CHECK: (TypeAdapter(CheckOrder), credential_start),
    loan_order.WORKFLOW: (TypeAdapter(LoanOrder), loan_start),
    collection_order.WORKFLOW: (TypeAdapter(CollectionOrder), collection_start),
    collection_order.REVERSAL: (TypeAdapter(ReversalOrder), collection_reversal_start),
    topup.WORKFLOW: (TypeAdapter(TopUpOrder), topup_start),
    BANK_CREDIT: (TypeAdapter(BankCreditOrder), bank_credit_start),
    float_order.WORKFLOW: (TypeAdapter(FloatOrder), float_start),
}


def start_of(kind: str, plain: bytes) -> Start:
    """The start an accepted row asks for. Raises KeyError for a kind this code does not know."""
    adapter, starter = _STARTERS[kind]
    return starter(adapter.validate_json(plain))
