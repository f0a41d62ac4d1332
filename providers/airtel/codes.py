"""What Airtel's codes mean, as data. Sources: MAPPINGS.md."""

from models.reading import Reason, Verdict
from providers.readings import Meaning

_SETTLED, _PENDING = Meaning(Verdict.SETTLED), Meaning(Verdict.PENDING)
_AMBIGUOUS = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)
_TIMED_OUT = Meaning(Verdict.UNKNOWN, Reason.NO_ANSWER)
_NOT_FOUND = Meaning(Verdict.UNKNOWN, Reason.NOT_FOUND)
_DUPLICATE = Meaning(Verdict.UNKNOWN, Reason.DUPLICATE)
_BAD_REQUEST = Meaning(Verdict.REFUSED, Reason.BAD_REQUEST)
_CONFIGURATION = Meaning(Verdict.REFUSED, Reason.CONFIGURATION)
_CREDENTIALS = Meaning(Verdict.REFUSED, Reason.CREDENTIALS)
EXPIRED = Meaning(Verdict.REFUSED, Reason.PROMPT_EXPIRED)
_DECLINED = Meaning(Verdict.REFUSED, Reason.DECLINED)
#: A code nobody listed.
UNLISTED = _AMBIGUOUS

#: `response_code` of a collection.
COLLECTION = {
    "DP00800001000": _AMBIGUOUS,
    "DP00800001001": _SETTLED,
    "DP00800001002": Meaning(Verdict.REFUSED, Reason.WRONG_PIN),
    "DP00800001003": Meaning(Verdict.REFUSED, Reason.LIMIT_EXCEEDED),
    "DP00800001004": _BAD_REQUEST,
    "DP00800001005": EXPIRED,
    "DP00800001006": _PENDING,
    "DP00800001007": Meaning(Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS),
    "DP00800001008": _DECLINED,
    "DP00800001009": _DECLINED,
    "DP00800001010": Meaning(Verdict.REFUSED, Reason.NOT_ALLOWED),
    "DP00800001024": _TIMED_OUT,
    "DP00800001025": _NOT_FOUND,
    "DP00800001026": _CONFIGURATION,
    "DP00800001029": EXPIRED,
}
#: A refusal without a reason: believed when it is asked for, not when it is acknowledged, and
#: not of a refund, which cannot be asked for.
GENERIC_REFUSAL = "DP00800001009"
#: Unsure; but a push that is asked for and has failed ended so, mostly for want of a PIN.
PUSH_TIMED_OUT = "DP00800001024"
#: What no error says, whatever code it names.
ONLY_IF_GOOD = {Verdict.SETTLED, Verdict.PENDING}
#: Refusals that speak of our request and not of the money.
ABOUT_THE_REQUEST = {Reason.BAD_REQUEST, Reason.CONFIGURATION, Reason.CREDENTIALS}

#: `response_code` of a disbursement.
DISBURSEMENT = {
    "DP00900001000": _AMBIGUOUS,
    "DP00900001001": _SETTLED,
    "DP00900001003": Meaning(Verdict.REFUSED, Reason.LIMIT_EXCEEDED),
    "DP00900001004": Meaning(Verdict.REFUSED, Reason.LIMIT_EXCEEDED),
    "DP00900001005": _DECLINED,
    "DP00900001006": _PENDING,
    "DP00900001007": Meaning(Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS),
    "DP00900001009": Meaning(Verdict.REFUSED, Reason.PAYEE_NOT_FOUND),
    "DP00900001010": _CONFIGURATION,
    "DP00900001011": _DUPLICATE,
    "DP00900001012": Meaning(Verdict.REFUSED, Reason.PAYEE_NOT_FOUND),
    "DP00900001013": _CONFIGURATION,
    "DP00900001014": _TIMED_OUT,
    "DP00900001015": _NOT_FOUND,
    "DP00900001016": _CONFIGURATION,
    "DP00900001017": _DUPLICATE,
    "DP00900001018": _CONFIGURATION,
}

#: What stands before the platform, and the older codes that count where no `response_code` is.
GATEWAY = {
    "ROUTER001": _CONFIGURATION,
    "ROUTER005": _CONFIGURATION,
    "ROUTER006": _CONFIGURATION,
    "ROUTER110": _CONFIGURATION,
    "ROUTER114": _CREDENTIALS,
    "ROUTER115": _CREDENTIALS,
    "ROUTER116": _CREDENTIALS,
    "ROUTER117": _TIMED_OUT,
    "ESB000008": _BAD_REQUEST,
}
#: The older word for success.
DONE = "ESB000010"

#: `transaction.status` of an enquiry, `status_code` of a callback.
STATES = {
    "TS": _SETTLED,
    "TF": _DECLINED,
    "TIP": _PENDING,
    "TA": _AMBIGUOUS,
    "TE": EXPIRED,
}

#: OAuth errors, whatever the status.
TOKENS = {
    "invalid_token": Meaning(Verdict.REFUSED, Reason.CREDENTIALS, retryable=True),
    "invalid_client": _CREDENTIALS,
}

#: Statuses that decide where no listed code does.
STATUSES = {
    401: _CREDENTIALS,
    403: _CONFIGURATION,
    #: Of the address perhaps: no proof that there is no such transaction.
    404: Meaning(Verdict.UNKNOWN, Reason.CONFIGURATION),
    429: Meaning(Verdict.REFUSED, Reason.RATE_LIMITED, retryable=True),
}
