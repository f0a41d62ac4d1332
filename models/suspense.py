"""Money nobody could be credited with yet, and what two people decide about it.

It is named by the place it lies in and the `number` of its receipt. `decision` numbers what was
decided: a claim and a refund of one number are the same decision, so only one of them can stand.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.money import Money
from models.places import Place, ReceiptClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditSuspended:
    """Money came that nobody can be credited with yet; `{rail}:{account}:{receipt}/suspended`."""

    amount: Money
    into: Place
    receipt: ReceiptClaim
    about: str | None = None
    kind: Literal["credit_suspended"] = "credit_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspenseClaimed:
    """Two people give it to the wallet of the organisation in scope."""

    number: str
    amount: Money
    into: Place
    decision: int = 1
    about: str | None = None
    kind: Literal["suspense_claimed"] = "suspense_claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspenseRefundRequested:
    """Two people send it back: set aside until the answer is known."""

    number: str
    amount: Money
    into: Place
    decision: int = 1
    about: str | None = None
    kind: Literal["suspense_refund_requested"] = "suspense_refund_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspenseRefundPaid:
    """It left our account."""

    number: str
    amount: Money
    into: Place
    decision: int = 1
    about: str | None = None
    receipt: ReceiptClaim | None = None
    kind: Literal["suspense_refund_paid"] = "suspense_refund_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspenseRefundRefused:
    """It did not leave: it waits in suspense again, for a decision with the next number."""

    number: str
    amount: Money
    into: Place
    decision: int = 1
    about: str | None = None
    kind: Literal["suspense_refund_refused"] = "suspense_refund_refused"


SuspensePosting: TypeAlias = (
    CreditSuspended
    | SuspenseClaimed
    | SuspenseRefundRequested
    | SuspenseRefundPaid
    | SuspenseRefundRefused
)
