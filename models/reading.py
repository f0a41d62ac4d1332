"""What a wire message says, and what it means. The same words for every provider."""

from dataclasses import dataclass
from enum import StrEnum

from models.money import Money


class Verdict(StrEnum):
    """Settled: money moved as asked. Unknown is answered by asking, never by resending."""

    PENDING = "pending"
    SETTLED = "settled"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def final(self) -> bool:
        """True when the provider has said its last word."""
        return self in {Verdict.SETTLED, Verdict.REFUSED}


class Reason(StrEnum):
    """Our normalised words for why a provider said no, or nothing clear."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    PAYER_CANCELLED = "payer_cancelled"
    PROMPT_EXPIRED = "prompt_expired"
    WRONG_PIN = "wrong_pin"
    PAYER_NOT_FOUND = "payer_not_found"
    PAYEE_NOT_FOUND = "payee_not_found"
    PAYER_UNREACHABLE = "payer_unreachable"
    PAYER_BUSY = "payer_busy"
    LIMIT_EXCEEDED = "limit_exceeded"
    NOT_ALLOWED = "not_allowed"
    DECLINED = "declined"
    REVERSED = "reversed"
    DUPLICATE = "duplicate"
    NOT_FOUND = "not_found"
    CONFIGURATION = "configuration"
    CREDENTIALS = "credentials"
    BAD_REQUEST = "bad_request"
    RATE_LIMITED = "rate_limited"
    MAINTENANCE = "maintenance"
    PROVIDER_ERROR = "provider_error"
    UNREADABLE = "unreadable"
    NEVER_SENT = "never_sent"
    NO_TURN = "no_turn"
    NO_ANSWER = "no_answer"
    NOTHING_TO_ASK_WITH = "nothing_to_ask_with"
    PARKED = "parked"
    LOCKED = "locked"
    IN_PROGRESS = "in_progress"
    KEY_SPENT = "key_spent"
    DATE_REFUSED = "date_refused"
    MISMATCH = "mismatch"
    OPERATOR = "operator"


class Source(StrEnum):
    """The channel a piece of evidence came through."""

    ACK = "ack"
    CALLBACK = "callback"
    QUERY = "query"
    STATEMENT = "statement"
    SMS = "sms"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One wire message, read. Keys and rules: docs/decode.md.

    `verdict` is None when the message says nothing about money. `retryable` is true only
    with REFUSED when the provider refused before acting: the same attempt may be sent again.
    `redirect_url`: the provider's page on which the payer pays.
    """

    verdict: Verdict | None
    retryable: bool = False
    reason: Reason | None = None
    provider_code: str | None = None
    provider_message: str | None = None
    amount: Money | None = None
    our_reference: str | None = None
    provider_reference: str | None = None
    receipt: str | None = None
    redirect_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReport:
    """A reading tied to the attempt it speaks about: the one kind of evidence.

    `hint`: the message is unsigned and must be confirmed by asking before money is posted.
    `not_received`: the provider provably never got, or never acted on, the instruction.
    """

    attempt_id: str
    source: Source
    reading: Reading
    evidence_id: str
    hint: bool = False
    not_received: bool = False

    @property
    def verdict(self) -> Verdict:
        """The verdict; a message without one counts as UNKNOWN for a payment."""
        return self.reading.verdict or Verdict.UNKNOWN
