"""What Orange's statuses and codes mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

_PENDING = Meaning(Verdict.PENDING)
_SETTLED = Meaning(Verdict.SETTLED)
_DECLINED = Meaning(Verdict.REFUSED, Reason.DECLINED)
_EXPIRED = Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED)
_CANCELLED = Meaning(Verdict.REFUSED, Reason.PAYER_CANCELLED)
#: A word nobody listed, and every 5xx: never read as a failure.
UNLISTED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)

#: `status` of a Web Payment.
PAGES = {
    "INITIATED": _PENDING,
    "PENDING": _PENDING,
    "SUCCESS": _SETTLED,
    "FAILED": _DECLINED,
    "EXPIRED": _EXPIRED,
}

#: `data.status` of the core API. Two Ls are how it writes success.
CORE = {
    "INITIATED": _PENDING,
    "PENDING": _PENDING,
    "SUCCESSFULL": _SETTLED,
    "SUCCESSFUL": _SETTLED,
    "SUCCESS": _SETTLED,
    "FAILED": _DECLINED,
    "CANCELLED": _CANCELLED,
    "EXPIRED": _EXPIRED,
}

#: Codes of the wallet platform: why a payment of the core API failed.
FAILURES = {"60019": Reason.INSUFFICIENT_FUNDS}

_BAD_REQUEST = Meaning(Verdict.REFUSED, Reason.BAD_REQUEST)
_CONFIGURATION = Meaning(Verdict.REFUSED, Reason.CONFIGURATION)
_CREDENTIALS = Meaning(Verdict.REFUSED, Reason.CREDENTIALS)
_STALE_TOKEN = Meaning(Verdict.REFUSED, Reason.CREDENTIALS, retryable=True)
_NOT_FOUND = Meaning(Verdict.UNKNOWN, Reason.NOT_FOUND)
_DUPLICATE = Meaning(Verdict.UNKNOWN, Reason.DUPLICATE)
RATE_LIMITED = Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True)
_MAINTENANCE = Meaning(Verdict.UNKNOWN, Reason.MAINTENANCE)

#: Codes of an error answer.
ERRORS = {
    "1204": _DUPLICATE,
    "900901": _STALE_TOKEN,
    "invalid_client": _CREDENTIALS,
    "unauthorized_client": _CREDENTIALS,
}

#: What the gateway calls throttling begins so.
THROTTLED = "9008"

#: The core API's own words, where it sends no code with them.
SAYINGS = {
    "no mp found for input pay token": _NOT_FOUND,
    "invalid paytoken supplied": _BAD_REQUEST,
}

#: Statuses that decide where no listed code does.
STATUSES = {
    400: _BAD_REQUEST,
    401: _STALE_TOKEN,
    403: _CONFIGURATION,
    404: _CONFIGURATION,
    503: _MAINTENANCE,
}
