"""Whether money told by a confirmation has come: nobody signs one, so M-Pesa is asked. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from models.collection_order import Paid
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaRef

#: Signal: M-Pesa's answer to a collection's question about its receipt.
PAYMENT_TOLD = "payment_told"
#: Kind of the case where M-Pesa did not confirm it.
NOT_CONFIRMED = "collection_not_confirmed"
#: Seconds an answer may take; after it the question is asked again, at this pace, for so long.
PATIENCE = 30.0
ASK_EVERY = (15.0, 30.0, 60.0, 300.0, 900.0, 1800.0)
HORIZON = 86_400.0
#: "No such receipt" is believed when it was said so often.
DENIALS = 3


class Confirming(StrEnum):
    """What is wanted of words nobody signs: believed, or asked about first."""

    NONE = "none"
    QUERY = "query"


class Truth(StrEnum):
    """What an answer means. OPEN: ask again. SHUT: we are not allowed to ask."""

    TRUE = "confirmed"
    FALSE = "contradicted"
    NOT_FOUND = "no_such_receipt"
    SHUT = "not_confirmed"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOrder:
    """Ask about one receipt, in the saga's own name. `patience`: seconds an answer may take."""

    saga: SagaRef
    receipt: str
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTold:
    """M-Pesa's answer. `credited`: the number of who was paid, None where it was not told."""

    reading: Reading
    credited: str | None
    evidence_id: str

    def report(self, saga_id: str) -> ProviderReport:
        """The answer as evidence for its saga."""
        return ProviderReport(
            attempt_id=saga_id,
            source=Source.QUERY,
            reading=self.reading,
            evidence_id=self.evidence_id,
        )


def truth(told: PaymentTold, paid: Paid, short_code: str) -> Truth:
    """True only where receipt, amount and short code are the ones the confirmation told.

    An answer that leaves amount or short code out confirms nothing.
    """
    said = told.reading
    if said.verdict is Verdict.REFUSED:
        return Truth.FALSE
    if said.verdict is Verdict.SETTLED:
        return _compared(told, paid, short_code)
    closed = {Reason.NOT_FOUND: Truth.NOT_FOUND, Reason.CREDENTIALS: Truth.SHUT}
    return closed.get(said.reason, Truth.OPEN) if said.reason else Truth.OPEN


def _compared(told: PaymentTold, paid: Paid, short_code: str) -> Truth:
    said = told.reading
    pairs = (
        (said.receipt, paid.receipt),
        (said.amount, paid.amount),
        (told.credited, short_code),
    )
    if any(theirs is not None and theirs != ours for theirs, ours in pairs):
        return Truth.FALSE
    whole = said.amount is not None and told.credited is not None
    return Truth.TRUE if whole else Truth.OPEN
