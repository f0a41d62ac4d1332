"""What Mastercard Gateway's words mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

PENDING = Meaning(Verdict.PENDING)
SETTLED = Meaning(Verdict.SETTLED)
_DECLINED = Meaning(Verdict.REFUSED, Reason.DECLINED)
_GIVEN_BACK = Meaning(Verdict.UNKNOWN, Reason.REVERSED)
#: A word nobody listed, two words that contradict, and every 5xx: never read as a failure.
UNLISTED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)

#: `order.status`. A try that failed leaves the page open: the payer may try again.
ORDERS = {
    "CAPTURED": SETTLED,
    "AUTHORIZED": PENDING,
    "AUTHENTICATION_INITIATED": PENDING,
    "AUTHENTICATED": PENDING,
    "AUTHENTICATION_NOT_NEEDED": PENDING,
    "INITIATED": PENDING,
    "PENDING": PENDING,
    "FAILED": Meaning(Verdict.PENDING, Reason.DECLINED),
    "AUTHENTICATION_UNSUCCESSFUL": Meaning(Verdict.PENDING, Reason.DECLINED),
    "DECLINED": Meaning(Verdict.PENDING, Reason.DECLINED),
    "CANCELLED": Meaning(Verdict.REFUSED, Reason.PAYER_CANCELLED),
    "EXPIRED": Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED),
    "PARTIALLY_CAPTURED": UNLISTED,
    "REFUNDED": _GIVEN_BACK,
    "PARTIALLY_REFUNDED": _GIVEN_BACK,
    "EXCESSIVELY_REFUNDED": _GIVEN_BACK,
    "CHARGEBACK_PROCESSED": _GIVEN_BACK,
}
#: Nothing that was begun in such an order goes on once its page is over. Money may still come
#: into one that is AUTHORIZED or PENDING.
ENDS_WITH_ITS_PAGE = frozenset(
    {
        "AUTHENTICATION_INITIATED",
        "AUTHENTICATED",
        "AUTHENTICATION_NOT_NEEDED",
        "INITIATED",
        "FAILED",
        "AUTHENTICATION_UNSUCCESSFUL",
        "DECLINED",
    }
)

#: `response.gatewayCode` of a result SUCCESS.
APPROVALS = frozenset({"APPROVED", "APPROVED_AUTO", "APPROVED_PENDING_SETTLEMENT"})
#: `response.gatewayCode` of a result FAILURE. The rest is unknown: the order tells.
FAILURES = {
    "DECLINED": _DECLINED,
    "INSUFFICIENT_FUNDS": Meaning(Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS),
    "EXPIRED_CARD": _DECLINED,
    "AUTHENTICATION_FAILED": _DECLINED,
    "BLOCKED": Meaning(Verdict.REFUSED, Reason.NOT_ALLOWED),
    "CANCELLED": Meaning(Verdict.REFUSED, Reason.PAYER_CANCELLED),
}
DECLINED_SO = "DECLINED_"
DECLINED = _DECLINED

#: `transaction.type`: money moves only in these.
MOVES_MONEY = frozenset({"PAYMENT", "CAPTURE", "REFUND"})
#: These bring money in.
BRINGS_MONEY = frozenset({"PAYMENT", "CAPTURE"})
#: These move none, whatever their result: a payment follows, or nothing.
MOVES_NOTHING = frozenset({"AUTHENTICATION", "AUTHORIZATION", "VERIFICATION"})
#: What was paid is undone.
UNDOES = "VOID_"
UNDONE = _GIVEN_BACK

BUSY = Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True)
CREDENTIALS = Meaning(Verdict.REFUSED, Reason.CREDENTIALS)
NOT_FOUND = Meaning(Verdict.UNKNOWN, Reason.NOT_FOUND)
#: `error.cause`.
ERRORS = {
    "INVALID_REQUEST": Meaning(Verdict.REFUSED, Reason.BAD_REQUEST),
    "REQUEST_REJECTED": Meaning(Verdict.REFUSED, Reason.NOT_ALLOWED),
    "SERVER_BUSY": BUSY,
    "SERVER_FAILED": UNLISTED,
}
#: How an INVALID_REQUEST begins that asked for what is not there: it has no code of its own.
MISSING = ("unable to find order", "unable to find transaction")

#: Statuses that decide where no listed cause does.
STATUSES = {
    403: Meaning(Verdict.REFUSED, Reason.CONFIGURATION),
    #: Of the address perhaps: no proof that there is no such order.
    404: Meaning(Verdict.UNKNOWN, Reason.CONFIGURATION),
    503: Meaning(Verdict.UNKNOWN, Reason.MAINTENANCE),
}
