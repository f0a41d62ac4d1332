"""Every way a simulated provider misbehaves: the one table, told in docs/simulators.md.

A fault is a point on five axes: what the payer does, how the call is answered, when and
what is called back, what a question is answered, and what is really taken.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of the money. Only PAID debits the payer; NEVER means no word, ever."""

    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    WRONG_PIN = "wrong_pin"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    NOT_FOUND = "not_found"
    LIMIT_REACHED = "limit_reached"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    PAYEE_NOT_ALLOWED = "payee_not_allowed"
    NOT_ALLOWED = "not_allowed"
    INTERNAL_ERROR = "internal_error"
    UNAVAILABLE = "unavailable"
    COULD_NOT_PERFORM = "could_not_perform"
    TRANSFER_TYPE_UNKNOWN = "transfer_type_unknown"
    NEVER = "never"


class Wire(StrEnum):
    """How a call is answered."""

    CLEAN = "clean"
    HANG = "hang"
    RESET = "reset"
    DRIP = "drip"
    STORM = "storm"
    ERROR = "error"
    RATE_LIMITED = "rate_limited"
    SPIKE = "spike"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a fault, not a secret
    MALFORMED = "malformed"
    HTML = "html"
    WRONG_TYPE = "wrong_type"
    MISCONFIGURED = "misconfigured"


class Calls(StrEnum):
    """When the provider calls back, and what it claims. Played by scripts.py."""

    ONCE = "once"
    NEVER = "never"
    TWICE = "twice"
    STALE_AFTER = "stale_after"
    BEFORE_ANSWER = "before_answer"
    LATE = "late"
    EXPIRED_THEN_PAID = "expired_then_paid"
    DENIED_THEN_PAID = "denied_then_paid"
    FORGED = "forged"


class Asks(StrEnum):
    """What a question about the payment is answered."""

    TRUE = "true"
    STALE = "stale"
    UNSEEN = "unseen"
    SPOILED = "spoiled"


class Takes(StrEnum):
    """What is taken from a payer who pays."""

    ASKED = "asked"
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`acts`: the call is acted upon. `spoils`: calls spoiled for one reference; then all is well.

    `suffix`: the last two digits of the magic number, empty for sandbox numbers.
    """

    suffix: str
    name: str
    says: str
    outcome: Outcome = Outcome.PAID
    wire: Wire = Wire.CLEAN
    acts: bool = True
    spoils: int = 1
    calls: Calls = Calls.ONCE
    asks: Asks = Asks.TRUE
    takes: Takes = Takes.ASKED


def _payer(suffix: str, name: str, outcome: Outcome, says: str) -> Fault:
    return Fault(suffix=suffix, name=name, outcome=outcome, says=says)


def _calls(suffix: str, name: str, calls: Calls, says: str) -> Fault:
    return Fault(suffix=suffix, name=name, calls=calls, says=says)


def _answer(suffix: str, name: str, wire: Wire, says: str, asks: Asks = Asks.TRUE) -> Fault:
    return Fault(suffix=suffix, name=name, wire=wire, asks=asks, says=says)


def _refusal(suffix: str, name: str, wire: Wire, says: str, spoils: int = 1) -> Fault:
    return Fault(suffix=suffix, name=name, wire=wire, says=says, acts=False, spoils=spoils)


FAULTS: tuple[Fault, ...] = (
    _payer("00", "paid", Outcome.PAID, "pays; called back once"),
    _payer("01", "declined", Outcome.DECLINED, "says no: 1032, APPROVAL_REJECTED"),
    _payer("02", "cancelled", Outcome.CANCELLED, "cancels: 1031, TRANSACTION_CANCELED"),
    _payer(
        "03",
        "insufficient_funds",
        Outcome.INSUFFICIENT_FUNDS,
        "has too little: 1, NOT_ENOUGH_FUNDS",
    ),
    _payer("04", "wrong_pin", Outcome.WRONG_PIN, "mistypes the PIN: 2001, PAYMENT_NOT_APPROVED"),
    _payer("05", "prompt_expired", Outcome.EXPIRED, "does not react in time: 1019, EXPIRED"),
    _payer(
        "06",
        "unreachable",
        Outcome.UNREACHABLE,
        "phone is off: 1037, COULD_NOT_PERFORM_TRANSACTION",
    ),
    _payer("07", "payer_not_found", Outcome.NOT_FOUND, "has no wallet: 2051, PAYER_NOT_FOUND"),
    _payer("08", "limit_reached", Outcome.LIMIT_REACHED, "is over a limit: 4, PAYER_LIMIT_REACHED"),
    _payer("09", "pending_for_ever", Outcome.NEVER, "never decides; never called back"),
    _calls("10", "no_callback", Calls.NEVER, "pays; never called back"),
    _calls("11", "duplicate_callback", Calls.TWICE, "pays; the same callback comes twice"),
    _calls(
        "12",
        "out_of_order_callback",
        Calls.STALE_AFTER,
        "pays; after the success an older word arrives (1037, PENDING)",
    ),
    _calls(
        "13",
        "callback_before_response",
        Calls.BEFORE_ANSWER,
        "pays; the callback comes before the call is answered",
    ),
    _calls("14", "late_callback", Calls.LATE, "pays and is called back only after the late delay"),
    _calls(
        "15",
        "late_success",
        Calls.EXPIRED_THEN_PAID,
        "called back and answered as expired (1019, EXPIRED); pays after the late delay",
    ),
    _calls(
        "16",
        "contradictory_callback",
        Calls.DENIED_THEN_PAID,
        "pays; one callback says declined, the next says paid",
    ),
    Fault(
        suffix="17",
        name="forged_callback",
        outcome=Outcome.DECLINED,
        calls=Calls.FORGED,
        says="a callback says paid, nothing was taken; declined after the late delay",
    ),
    _answer("20", "lost_answer", Wire.HANG, "pays; the accepted call is never answered"),
    _refusal("21", "not_received", Wire.HANG, "the first call is neither acted upon nor answered"),
    _answer(
        "22",
        "slow_to_appear",
        Wire.HANG,
        "lost answer, and the first questions find nothing (MTN 404)",
        Asks.UNSEEN,
    ),
    _answer("23", "reset_mid_body", Wire.RESET, "pays; the answer breaks off with a TCP reset"),
    _answer("24", "slow_drip", Wire.DRIP, "pays; the answer drips in byte by byte"),
    _refusal("25", "server_error_storm", Wire.STORM, "three calls meet 500, 502, 504", spoils=3),
    _answer("26", "error_after_accept", Wire.ERROR, "pays; the accepted call is answered 500"),
    _refusal(
        "27", "rate_limited", Wire.RATE_LIMITED, "the first call is answered 429, Retry-After"
    ),
    _refusal(
        "28",
        "spike_arrest",
        Wire.SPIKE,
        "the first call is answered 500.003.02, 503 SERVICE_UNAVAILABLE",
    ),
    _refusal(
        "29",
        "token_expired",
        Wire.TOKEN_EXPIRED,
        "the token dies in mid-flight: the first call is answered 404.001.03, 401",
    ),
    _answer(
        "30", "malformed_json", Wire.MALFORMED, "pays; ack and first answer are cut", Asks.SPOILED
    ),
    _answer(
        "31",
        "html_error_page",
        Wire.HTML,
        "pays; ack and first answer are a 502 web page",
        Asks.SPOILED,
    ),
    _answer(
        "32",
        "wrong_content_type",
        Wire.WRONG_TYPE,
        "pays; ack and first answer are labelled text/html",
        Asks.SPOILED,
    ),
    _refusal(
        "33",
        "misconfigured",
        Wire.MISCONFIGURED,
        "every call is answered as ours to mend: Wrong credentials, 403 FORBIDDEN_IP",
        spoils=1_000_000,
    ),
    Fault(
        suffix="40",
        name="wrong_amount",
        takes=Takes.OTHER_AMOUNT,
        says="pays a tenth less (one unit more where that rounds to nothing)",
    ),
    Fault(
        suffix="41",
        name="wrong_currency",
        takes=Takes.OTHER_CURRENCY,
        says="pays in another currency; M-Pesa names none on the wire and acts as paid",
    ),
    Fault(
        suffix="42",
        name="stale_status",
        asks=Asks.STALE,
        says="pays; the first three questions are answered pending all the same",
    ),
)

PAID = FAULTS[0]
_BY_NAME = {fault.name: fault for fault in FAULTS}
_BY_SUFFIX = {fault.suffix: fault for fault in FAULTS}
_MAGIC = ("2547000000", "2376700000", "2376900000", "2376200000", "2217700000", "2567000000")

#: In hundreds of whole units.
_MAGIC_AMOUNT = 7000


def named(name: str) -> Fault:
    """The fault of that name; raises KeyError."""
    return _BY_NAME[name]


def of_number(msisdn: str) -> Fault:
    """The fault of a magic number; PAID for any other number."""
    if msisdn[:10] in _MAGIC and len(msisdn) == 12:
        return _BY_SUFFIX.get(msisdn[10:], PAID)
    return PAID


def of_amount(major: int) -> Fault:
    """The fault of a magic amount, where nothing but it tells payers apart; else PAID."""
    begins, suffix = divmod(major, 100)
    return _BY_SUFFIX.get(f"{suffix:02d}", PAID) if begins == _MAGIC_AMOUNT else PAID
