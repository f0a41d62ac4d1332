"""What Fineract's error codes mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

_R, _U = Verdict.REFUSED, Verdict.UNKNOWN
_DUPLICATE = Meaning(_U, Reason.DUPLICATE)
_LOCKED = Meaning(_R, Reason.LOCKED, retryable=True)
_IN_PROGRESS = Meaning(_R, Reason.IN_PROGRESS, retryable=True)
_DATE = Meaning(_R, Reason.DATE_REFUSED)
_LIMIT = Meaning(_R, Reason.LIMIT_EXCEEDED)
_CREDENTIALS = Meaning(_R, Reason.CREDENTIALS)

#: Parts of a code, first match wins: codes carry field and entity names around the part that
#: says what is wrong.
FRAGMENTS: tuple[tuple[str, Meaning], ...] = (
    ("must.be.unique", _DUPLICATE),
    ("duplicate", _DUPLICATE),
    ("data.integrity.issue", _DUPLICATE),
    ("not.approve.not.disbursed.state", _DUPLICATE),
    ("loan.locked", _LOCKED),
    (".conflict", _LOCKED),
    ("idempoten", _IN_PROGRESS),
    ("not.authorized", _CREDENTIALS),
    ("invalid.tenant.identifier", _CREDENTIALS),
    ("future.date", _DATE),
    ("before.approval.date", _DATE),
    ("on.holiday", _DATE),
    ("nonworking.day", _DATE),
    ("non.working.day", _DATE),
    ("first.repayment.date", _DATE),
    ("expected.disbursement.date", _DATE),
    ("before.last.transaction", _DATE),
    ("meeting", _DATE),
    ("greater.than", _LIMIT),
    ("exceed", _LIMIT),
    ("not.active", Meaning(_R, Reason.NOT_ALLOWED)),
)

#: Statuses that decide where no listed code does.
STATUSES = {
    401: _CREDENTIALS,
    403: Meaning(_R, Reason.NOT_ALLOWED),
    404: Meaning(_U, Reason.NOT_FOUND),
    405: Meaning(_R, Reason.CONFIGURATION),
    408: Meaning(_U, Reason.PROVIDER_ERROR),
    409: Meaning(_U, Reason.PROVIDER_ERROR),
    425: _IN_PROGRESS,
    429: Meaning(_R, Reason.RATE_LIMITED, retryable=True),
    503: Meaning(_U, Reason.MAINTENANCE),
}

BAD_REQUEST = Meaning(_R, Reason.BAD_REQUEST)
FAILED = Meaning(_U, Reason.PROVIDER_ERROR)
DUPLICATE = _DUPLICATE
