"""What the activities of a loan are asked, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from models.loan import ParkReason
from models.loan_preflight import Finding
from models.money import Money
from models.saga import SagaRef
from models.tariff import Quote


def host_of(shown: Mapping[str, Any]) -> str:
    """The host of a lender's address."""
    return urlsplit(str(shown.get("url", ""))).netloc.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRef:
    """Which loan in whose books, and the saga that pays it. `host` empty: whatever it is."""

    saga: SagaRef
    tenant: str
    loan_id: int
    host: str = ""

    def in_books(self, shown: Mapping[str, Any]) -> bool:
        """Whether the credential in use, as it is shown, still leads to the same books."""
        same_host = self.host in {"", host_of(shown)}
        return same_host and str(shown.get("tenant", "default")) == self.tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a look at the loan found. With a payable comes what it costs and who pays."""

    finding: Finding
    quote: Quote | None = None
    quoted_at: datetime | None = None
    short_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A loan wants its place under the limits of one day. Amounts are minor units."""

    saga: SagaRef
    product_id: int
    client_id: int
    day: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidQuestion:
    """What else does the proof of a payment say? `phone` and `client`: who it was for."""

    saga: SagaRef
    evidence_id: str
    phone: str = field(repr=False)
    client: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidDetails:
    """When M-Pesa completed it, and whether the receiver is the one it was for."""

    completed_at: datetime | None = None
    same_name: bool | None = None
    same_number: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something to tell about a loan: to its client, to the partner's people, or to both.

    `kind`: disbursed, failed or parked; `needed` and `balance` say what a parked loan lacks.
    """

    ref: LoanRef
    kind: str
    key: str
    account_no: str
    client: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    amount: Money | None = None
    receipt: str = ""
    why: str = ""
    parked_for: ParkReason | None = None
    needed: Money | None = None
    balance: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOrder:
    """Whose approved loans to go through."""

    org_id: str
    livemode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll did. `skipped`: the partner lends nothing through us just now."""

    seen: int = 0
    accepted: int = 0
    suspects: int = 0
    woken: int = 0
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HintOrder:
    """Look at one loan now: its lender called, or somebody `asked` to try it again."""

    org_id: str
    livemode: bool
    loan_id: int
    asked: bool = False

    @property
    def poll(self) -> PollOrder:
        """Whose loan it is."""
        return PollOrder(org_id=self.org_id, livemode=self.livemode)
