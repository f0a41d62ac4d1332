"""What the proposed contract's statuses and codes mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

_PENDING = Meaning(Verdict.PENDING)
#: A word or code nobody listed, and every 5xx: never read as a failure.
UNLISTED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)

STATUSES = {
    "PENDING": _PENDING,
    "PROCESSING": _PENDING,
    "SUCCEEDED": Meaning(Verdict.SETTLED),
    "FAILED": Meaning(Verdict.REFUSED, Reason.DECLINED),
    "EXPIRED": Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED),
    "CANCELLED": Meaning(Verdict.REFUSED, Reason.PAYER_CANCELLED),
    "REVERSED": Meaning(Verdict.REFUSED, Reason.REVERSED),
}
#: Why a payment failed.
FAILURES = {
    "insufficient_funds": Reason.INSUFFICIENT_FUNDS,
    "account_inactive": Reason.NOT_ALLOWED,
    "account_unknown": Reason.PAYEE_NOT_FOUND,
    "limit_exceeded": Reason.LIMIT_EXCEEDED,
}
ERRORS = {
    "invalid_request": Meaning(Verdict.REFUSED, Reason.BAD_REQUEST),
    "invalid_client": Meaning(Verdict.REFUSED, Reason.CREDENTIALS),
    "invalid_token": Meaning(Verdict.REFUSED, Reason.CREDENTIALS, retryable=True),
    "forbidden": Meaning(Verdict.REFUSED, Reason.CONFIGURATION),
    "not_found": Meaning(Verdict.UNKNOWN, Reason.NOT_FOUND),
    "idempotency_mismatch": Meaning(Verdict.UNKNOWN, Reason.DUPLICATE),
    **{code: Meaning(Verdict.REFUSED, reason) for code, reason in FAILURES.items()},
}
RATE_LIMITED = Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True)
