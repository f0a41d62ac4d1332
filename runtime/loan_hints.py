"""Hooks of a lender: each says where to look, none is believed."""

from collections.abc import Mapping
from typing import Any

from models import ids
from models.loan_calls import HintOrder
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
    order = HintOrder(org_id=org, livemode=row["livemode"], loan_id=hint.loan_id)
    start = Start(
        kind=HINT,
        workflow_id=f"{HINT}/{row['digest']}",
        queue=VAULT,
        order=order,
        org=org,
        provider="mifos",
        livemode=row["livemode"],
        summary=f"look at loan {hint.loan_id}",
    )
    return "looked at", start
