"""Hooks of a lender: each says where to look, none is believed."""

from collections.abc import Mapping
from typing import Any

from models import ids
from models.lender_orders import HookHint
from models.loan_calls import HintOrder
from models.repayment_hint import REPAYMENT_HINT, RepaymentHint
from providers.mifos.hooks import read_hint
from runtime.dispatch import Start
from workflows.loan_polling import HINT
from workflows.queues import VAULT


async def loan_hint(row: Mapping[str, Any], raw: bytes) -> tuple[str, Start | None]:
    """Have the loan read back; what names no loan is kept and says nothing."""
    hint = read_hint(raw)
    if hint is None or hint.loan_id is None or hint.entity not in {None, "LOAN"}:
        return "names no loan", None
    org = ids.shown(ids.ORG, row["org_id"])
    if hint.action == "REPAYMENT":
        return _repayment(row, hint, org)
    order = HintOrder(org_id=org, livemode=row["livemode"], loan_id=hint.loan_id)
    return "looked at", _start(HINT, order, row, f"look at loan {hint.loan_id}")


def _repayment(row: Mapping[str, Any], hint: HookHint, org: str) -> tuple[str, Start | None]:
    """Have a repayment read back, and the client told; one that failed names no transaction."""
    if hint.loan_id is None or hint.resource_id is None or hint.failed:
        return "names no repayment", None
    order = RepaymentHint(
        org_id=org,
        livemode=row["livemode"],
        loan_id=hint.loan_id,
        transaction_id=hint.resource_id,
    )
    summary = f"repayment {hint.resource_id} of loan {hint.loan_id}"
    return "read back", _start(REPAYMENT_HINT, order, row, summary)


def _start(
    kind: str, order: HintOrder | RepaymentHint, row: Mapping[str, Any], summary: str
) -> Start:
    return Start(
        kind=kind,
        workflow_id=f"{kind}/{row['digest']}",
        queue=VAULT,
        order=order,
        org=order.org_id,
        provider="mifos",
        livemode=order.livemode,
        summary=summary,
    )
