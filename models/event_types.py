"""Every event there is: what a list is filtered by, and what the page of webhooks tells. Pure."""

from collections.abc import Mapping

from models import decisions, delivery, takeback

_BEGUN = ("created", "outcome_unknown")
#: What happens to each object, in the words of the event's type.
HAPPENINGS: Mapping[str, tuple[str, ...]] = {
    "provider": ("degraded", "outage", "recovered"),
    "loan_disbursement": (
        *_BEGUN,
        *("parked", "paid", "disbursed", "failed", "rejected", "reversal_suspected", "reversed"),
    ),
    "wallet_topup": (*_BEGUN, "credited", "expired"),
    "float_purchase": (
        *_BEGUN,
        *("held", "credited", "settled", "float_refused", "returned", "transfer_refused"),
        *("expired", "rejected", "canceled", "insufficient"),
    ),
    "escrow": ("created", "funded", "released", "refunded", "disputed", "closed", "canceled"),
    "refund": (*_BEGUN, "waiting_funds", "succeeded", "failed", "canceled"),
    "payout": (*_BEGUN, "queued", "paid", "failed", "canceled", "returned", "reversed"),
    "approval": ("requested", "decided"),
    "payout_batch": (
        *("created", "requires_approval", "running", "paused", "resumed", "invalid"),
        *("completed", "completed_with_errors", "canceled"),
    ),
    "c2b_receipt": (
        *_BEGUN,
        *("received", "failed", "matched", "suspended", "allocated", "posted", "refunded"),
        *("left", "reversed", "reversal_refused"),
    ),
    "credential": ("checked", "password_expiring"),
    "loan_product": ("changed", "closed"),
    "clearing_move": (*_BEGUN, "approved", "arrived", "returned", "rejected"),
    "float": ("difference", "low"),
    "coverage": ("reported", "short"),
}
EVENT_TYPES = frozenset(
    {f"{about}.{word}" for about, words in HAPPENINGS.items() for word in words}
    | {decisions.CREATED, decisions.PROCESSING, decisions.REQUIRES_ACTION}
    | {decisions.ATTEMPT_FAILED, decisions.OUTCOME_UNKNOWN}
    | {decisions.SUCCEEDED, decisions.CANCELED, takeback.TAKEN_BACK}
    | {decisions.REVIEW_OPENED, decisions.REVIEW_RESOLVED}
    | {delivery.TEST_EVENT, delivery.DISABLED_EVENT}
)
