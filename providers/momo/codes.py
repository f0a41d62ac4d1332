"""What MTN's codes mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

#: `reason` of a FAILED operation. FAILED is final whatever the reason says.
REASONS = {
    "APPROVAL_REJECTED": Reason.PAYER_CANCELLED,
    "EXPIRED": Reason.PROMPT_EXPIRED,
    "COULD_NOT_PERFORM_TRANSACTION": Reason.PROMPT_EXPIRED,
    "NOT_ENOUGH_FUNDS": Reason.INSUFFICIENT_FUNDS,
    "PAYER_LIMIT_REACHED": Reason.LIMIT_EXCEEDED,
    "PAYEE_LIMIT_REACHED": Reason.LIMIT_EXCEEDED,
    "PAYER_NOT_FOUND": Reason.PAYER_NOT_FOUND,
    "PAYEE_NOT_FOUND": Reason.PAYEE_NOT_FOUND,
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": Reason.NOT_ALLOWED,
    "NOT_ALLOWED": Reason.NOT_ALLOWED,
    "TRANSACTION_CANCELED": Reason.PAYER_CANCELLED,
    "PAYMENT_NOT_APPROVED": Reason.PAYER_CANCELLED,
    "TRANSFER_TYPE_UNKNOWN": Reason.CONFIGURATION,
    "INTERNAL_PROCESSING_ERROR": Reason.PROVIDER_ERROR,
    "SERVICE_UNAVAILABLE": Reason.MAINTENANCE,
    "NOT_ALLOWED_TARGET_ENVIRONMENT": Reason.CONFIGURATION,
    "INVALID_CALLBACK_URL_HOST": Reason.CONFIGURATION,
    "INVALID_CURRENCY": Reason.CONFIGURATION,
}

_STALE_TOKEN = Meaning(Verdict.REFUSED, Reason.CREDENTIALS, retryable=True)
_NOT_OPEN_TO_US = Meaning(Verdict.REFUSED, Reason.CONFIGURATION)
_NOT_FOUND = Meaning(Verdict.UNKNOWN, Reason.NOT_FOUND)
#: The gateway serves no such address: that says nothing about what was asked for.
_NO_SUCH_ADDRESS = Meaning(Verdict.UNKNOWN, Reason.CONFIGURATION)
_DUPLICATE = Meaning(Verdict.UNKNOWN, Reason.DUPLICATE)

#: Errors that mean one thing under any status: MTN sends our mistakes with 500 too.
ERRORS = {
    "NOT_ALLOWED_TARGET_ENVIRONMENT": _NOT_OPEN_TO_US,
    "INVALID_CALLBACK_URL_HOST": _NOT_OPEN_TO_US,
    "INVALID_CURRENCY": _NOT_OPEN_TO_US,
    "FORBIDDEN_IP": _NOT_OPEN_TO_US,
    "LOGIN_FAILED": Meaning(Verdict.REFUSED, Reason.CREDENTIALS),
    "RESOURCE_ALREADY_EXIST": _DUPLICATE,
    "RESOURCE_NOT_FOUND": _NOT_FOUND,
}

#: Statuses that decide where no listed code does.
STATUSES = {
    401: _STALE_TOKEN,
    403: _NOT_OPEN_TO_US,
    404: _NO_SUCH_ADDRESS,
    409: _DUPLICATE,
    429: Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True),
}

WRONG_KEY = Meaning(Verdict.REFUSED, Reason.CREDENTIALS)
BAD_REQUEST = Meaning(Verdict.REFUSED, Reason.BAD_REQUEST)
CLOSED = Meaning(Verdict.REFUSED, Reason.MAINTENANCE, retryable=True)
FAILED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)
