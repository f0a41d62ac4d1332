"""What Wave's statuses and codes mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

_PENDING = Meaning(Verdict.PENDING)
_EXPIRED = Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED)

#: `checkout_status` and `payment_status` together. The second stays `processing` for ever in a
#: session that expired; `cancelled` in an open one is a try that failed: the payer may try again.
SESSIONS = {
    ("open", "processing"): _PENDING,
    ("open", "cancelled"): _PENDING,
    ("complete", "succeeded"): Meaning(Verdict.SETTLED),
    ("complete", "cancelled"): Meaning(Verdict.REFUSED, Reason.DECLINED),
    ("expired", "processing"): _EXPIRED,
    ("expired", "cancelled"): _EXPIRED,
}

#: `last_payment_error.code`: why the last try failed.
FAILURES = {
    "blocked-account": Reason.NOT_ALLOWED,
    "cross-border-payment-not-allowed": Reason.NOT_ALLOWED,
    "customer-age-restricted": Reason.NOT_ALLOWED,
    "insufficient-funds": Reason.INSUFFICIENT_FUNDS,
    "kyb-limits-exceeded": Reason.LIMIT_EXCEEDED,
    "payer-mobile-mismatch": Reason.NOT_ALLOWED,
    "payment-failure": Reason.DECLINED,
}

#: Of a payout. `reversed`: it arrived and came back.
PAYOUTS = {
    "processing": _PENDING,
    "succeeded": Meaning(Verdict.SETTLED),
    "failed": Meaning(Verdict.REFUSED, Reason.DECLINED),
    "reversed": Meaning(Verdict.REFUSED, Reason.REVERSED),
}

_BAD_REQUEST = Meaning(Verdict.REFUSED, Reason.BAD_REQUEST)
_CONFIGURATION = Meaning(Verdict.REFUSED, Reason.CONFIGURATION)
_CREDENTIALS = Meaning(Verdict.REFUSED, Reason.CREDENTIALS)
_NOT_FOUND = Meaning(Verdict.UNKNOWN, Reason.NOT_FOUND)
_DUPLICATE = Meaning(Verdict.UNKNOWN, Reason.DUPLICATE)
_NOT_ALLOWED = Meaning(Verdict.REFUSED, Reason.NOT_ALLOWED)
RATE_LIMITED = Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True)
_MAINTENANCE = Meaning(Verdict.UNKNOWN, Reason.MAINTENANCE)
#: A code nobody listed, and every 5xx: never read as a failure.
UNLISTED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)
#: 404 without a word about a session: of the address perhaps, and no proof of anything.
_NO_SUCH_PLACE = Meaning(Verdict.UNKNOWN, Reason.CONFIGURATION)

#: Codes of an error answer.
ERRORS = {
    "request-validation-error": _BAD_REQUEST,
    "request-not-json": _BAD_REQUEST,
    "request-parsing-error": _BAD_REQUEST,
    "country-mismatch": _CONFIGURATION,
    "currency-mismatch": _CONFIGURATION,
    "aggregated-merchant-required": _CONFIGURATION,
    "invalid-aggregated-merchant-id": _CONFIGURATION,
    "missing-auth-header": _CREDENTIALS,
    "invalid-auth": _CREDENTIALS,
    "api-key-not-provided": _CREDENTIALS,
    "no-matching-api-key": _CREDENTIALS,
    "api-key-revoked": _CREDENTIALS,
    "invalid-wallet": _CONFIGURATION,
    "disabled-wallet": _CONFIGURATION,
    "unauthorized-wallet": _CONFIGURATION,
    "checkout-session-not-found": _NOT_FOUND,
    "idempotency-mismatch": _DUPLICATE,
    "insufficient-funds": Meaning(Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS),
    "recipient-minor": _NOT_ALLOWED,
    "recipient-account-blocked": _NOT_ALLOWED,
    "recipient-account-inactive": _NOT_ALLOWED,
    "recipient-limit-exceeded": Meaning(Verdict.REFUSED, Reason.LIMIT_EXCEEDED),
    "checkout-refund-failed": Meaning(Verdict.REFUSED, Reason.DECLINED),
    "payout-reversal-time-limit-exceeded": _NOT_ALLOWED,
    "payout-reversal-account-terminated": _NOT_ALLOWED,
    "internal-server-error": UNLISTED,
    "service-unavailable": _MAINTENANCE,
}

#: Statuses that decide where no listed code does.
STATUSES = {
    401: _CREDENTIALS,
    403: _CONFIGURATION,
    404: _NO_SUCH_PLACE,
    409: _DUPLICATE,
    503: _MAINTENANCE,
}

#: Events that tell of money outside a checkout session.
MONEY_EVENTS = {
    "merchant.payment_received": Meaning(Verdict.SETTLED),
    "b2b.payment_received": Meaning(Verdict.SETTLED),
    "b2b.payment_failed": Meaning(Verdict.REFUSED, Reason.DECLINED),
}
