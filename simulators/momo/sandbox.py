"""MTN's own sandbox numbers, 46733123450 to 464, as its catalogue lists them."""

from simulators.faults import Calls, Fault, Outcome

_PREFIX = "46733123"

_OUTCOMES: dict[str, Outcome] = {
    "450": Outcome.FAILED,
    "451": Outcome.DECLINED,
    "452": Outcome.EXPIRED,
    "453": Outcome.NEVER,
    "455": Outcome.NOT_FOUND,
    "456": Outcome.PAYEE_NOT_ALLOWED,
    "457": Outcome.NOT_ALLOWED,
    "461": Outcome.INTERNAL_ERROR,
    "462": Outcome.UNAVAILABLE,
    "463": Outcome.COULD_NOT_PERFORM,
    "464": Outcome.TRANSFER_TYPE_UNKNOWN,
}

#: Transfers read the same numbers shifted by one.
_TRANSFERS: dict[str, Outcome] = {
    "450": Outcome.FAILED,
    "451": Outcome.DECLINED,
    "452": Outcome.EXPIRED,
    "453": Outcome.NEVER,
    "455": Outcome.INSUFFICIENT_FUNDS,
    "456": Outcome.LIMIT_REACHED,
    "457": Outcome.NOT_FOUND,
    "458": Outcome.NOT_ALLOWED,
    "462": Outcome.INTERNAL_ERROR,
    "463": Outcome.UNAVAILABLE,
    "464": Outcome.FAILED,
}

#: Refused at once, with HTTP 500.
REFUSED_AT_ONCE = {
    f"{_PREFIX}458": "NOT_ALLOWED_TARGET_ENVIRONMENT",
    f"{_PREFIX}459": "INVALID_CALLBACK_URL_HOST",
    f"{_PREFIX}460": "INVALID_CURRENCY",
}
TRANSFER_REFUSED_AT_ONCE = {
    f"{_PREFIX}459": "NOT_ALLOWED_TARGET_ENVIRONMENT",
    f"{_PREFIX}460": "INVALID_CALLBACK_URL_HOST",
    f"{_PREFIX}461": "INVALID_CURRENCY",
}

#: The account-holder check reads the same numbers differently: status and code, or inactive.
ACCOUNT_ERRORS = {
    f"{_PREFIX}450": (404, "RESOURCE_NOT_FOUND"),
    f"{_PREFIX}452": (500, "NOT_ALLOWED"),
    f"{_PREFIX}453": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    f"{_PREFIX}454": (500, "INTERNAL_PROCESSING_ERROR"),
    f"{_PREFIX}455": (503, "SERVICE_UNAVAILABLE"),
}
INACTIVE = f"{_PREFIX}451"


def _fault(suffix: str, outcome: Outcome, calls: Calls = Calls.ONCE, kind: str = "") -> Fault:
    name = f"sandbox_{kind}{suffix}"
    return Fault(suffix="", name=name, says=outcome.value, outcome=outcome, calls=calls)


_FAULTS = {
    **{f"{_PREFIX}{suffix}": _fault(suffix, outcome) for suffix, outcome in _OUTCOMES.items()},
    f"{_PREFIX}454": _fault("454", Outcome.PAID, Calls.LATE),
}
_PAYEES = {
    **{
        f"{_PREFIX}{suffix}": _fault(suffix, outcome, kind="transfer_")
        for suffix, outcome in _TRANSFERS.items()
    },
    f"{_PREFIX}454": _fault("454", Outcome.PAID, Calls.LATE, "transfer_"),
}
_BY_NAME = {fault.name: fault for fault in (*_FAULTS.values(), *_PAYEES.values())}


def of_number(msisdn: str) -> Fault | None:
    """What a sandbox number does; None for any other number."""
    return _FAULTS.get(msisdn)


def of_payee(msisdn: str) -> Fault | None:
    """What a transfer to a sandbox number does; None for any other number."""
    return _PAYEES.get(msisdn)


def named(name: str) -> Fault | None:
    """The sandbox fault of that name."""
    return _BY_NAME.get(name)
