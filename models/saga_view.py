"""A saga as the organisation sees it: in answers, lists and events alike."""

from collections.abc import Mapping
from typing import Any

from models import ids
from models.moments import moment, told
from models.saga import SagaKind

PREFIXES: Mapping[SagaKind, str] = {
    SagaKind.LOAN: ids.LOAN,
    SagaKind.TOPUP: ids.TOPUP,
    SagaKind.FLOAT: ids.FLOAT_PURCHASE,
    SagaKind.COLLECTION: ids.COLLECTION,
    SagaKind.REFUND: ids.REFUND,
    SagaKind.PAYOUT: ids.PAYOUT,
    SagaKind.BATCH: ids.BATCH,
    SagaKind.ESCROW: ids.ESCROW,
    SagaKind.CLEARING: ids.CLEARING,
}


def saga_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `sagas` in the public shape. Amounts are minor units."""
    return {
        "id": ids.shown(PREFIXES[SagaKind(row["kind"])], row["id"]),
        "object": row["kind"],
        "livemode": row["livemode"],
        "status": row["state"],
        "amount": row["amount"],
        "currency": row["currency"],
        "reference": row["reference"],
        "needs_review": row["needs_review"],
        "next_check_at": moment(row["next_check_at"]),
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
        **told(row["data"]),
    }
