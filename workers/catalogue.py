"""Which queue runs what: the one list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers import collections, floats, loans, money_out
from workers.wiring import Wiring
from workflows.bank_credit import BankCreditWorkflow
from workflows.bank_statement import BankStatementWorkflow
from workflows.case_decision import CaseDecisionWorkflow
from workflows.checkout import CheckoutWorkflow
from workflows.credential_check import CredentialCheckWorkflow
from workflows.late_report import LateReportWorkflow
from workflows.message_delivery import MessageDeliveryWorkflow
from workflows.partner_upkeep import PartnerUpkeepWorkflow
from workflows.queues import CHECKOUTS, NOTICES, UPKEEP, VAULT
from workflows.session_expiry import DataPurgeWorkflow, SessionExpiryWorkflow
from workflows.stray_report import StrayReportWorkflow
from workflows.wallet_topup import WalletTopUpWorkflow
from workflows.webhook_delivery import WebhookDeliveryWorkflow

_ON: Mapping[str, tuple[type, ...]] = {
    CHECKOUTS: (CheckoutWorkflow, StrayReportWorkflow, CaseDecisionWorkflow),
    NOTICES: (WebhookDeliveryWorkflow, MessageDeliveryWorkflow),
    VAULT: (
        LateReportWorkflow,
        WalletTopUpWorkflow,
        BankCreditWorkflow,
        BankStatementWorkflow,
        *loans.WORKFLOWS,
        *collections.WORKFLOWS,
        *floats.WORKFLOWS,
        *money_out.WORKFLOWS,
    ),
    UPKEEP: (
        SessionExpiryWorkflow,
        DataPurgeWorkflow,
        CredentialCheckWorkflow,
        PartnerUpkeepWorkflow,
    ),
}
WORKFLOWS: tuple[type, ...] = tuple(one for served in _ON.values() for one in served)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One task queue with its workflows and activities."""

    name: str
    workflows: Sequence[type]
    activities: Sequence[Callable[..., Any]]


def queues(wiring: Wiring) -> tuple[Queue, ...]:
    """Every queue a worker serves."""
    return (_checkouts(wiring), _notices(wiring), _vault(wiring), _upkeep(wiring))


def _checkouts(wiring: Wiring) -> Queue:
    return Queue(
        name=CHECKOUTS,
        workflows=_ON[CHECKOUTS],
        activities=(
            wiring.charges.prompt,
            wiring.charges.ask,
            wiring.records.record,
            wiring.records.book,
            wiring.strays.weigh,
            wiring.cases.decide,
        ),
    )


def _notices(wiring: Wiring) -> Queue:
    return Queue(
        name=NOTICES,
        workflows=_ON[NOTICES],
        activities=(wiring.deliveries.deliver, wiring.messages.deliver),
    )


def _vault(wiring: Wiring) -> Queue:
    return Queue(
        name=VAULT,
        workflows=_ON[VAULT],
        activities=(
            wiring.sagas.write,
            wiring.late.weigh,
            wiring.late_top_ups.weigh,
            wiring.top_ups.prompt,
            wiring.top_ups.ask,
            wiring.bank_credits.owner,
            wiring.bank_credits.suspend,
            wiring.bank_statements.follow,
            *wiring.loans.activities,
            *wiring.collections.activities,
            *wiring.floats.activities,
            *wiring.money_out.activities,
        ),
    )


def _upkeep(wiring: Wiring) -> Queue:
    return Queue(
        name=UPKEEP,
        workflows=_ON[UPKEEP],
        activities=(
            wiring.upkeep.expire_sessions,
            wiring.upkeep.purge,
            wiring.credentials.probe,
            wiring.credentials.conclude,
            wiring.partner_upkeep.warn_of_passwords,
            wiring.partner_upkeep.sync_products,
        ),
    )
