"""A wallet top-up: money is expected under a reference of ours; by bank or by mobile money."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.charge import Terms
from models.money import Money
from models.places import Place, ReceiptClaim
from models.reading import ProviderReport
from models.saga import SagaRef
from models.suspense import CreditSuspended
from models.vault_postings import TopUpCredited


class TopUpState(StrEnum):
    """Late money never credits an expired top-up: it goes to suspense with a case."""

    REQUESTED = "requested"
    AWAITING_MONEY = "awaiting_money"
    SENDING = "sending"
    UNKNOWN = "unknown"
    CREDITED = "credited"
    EXPIRED = "expired"
    REVERSED = "reversed"


_T = TopUpState

MOVES: dict[str, frozenset[str]] = {
    _T.REQUESTED: frozenset({_T.AWAITING_MONEY, _T.SENDING, _T.CREDITED, _T.EXPIRED}),
    _T.AWAITING_MONEY: frozenset({_T.SENDING, _T.CREDITED, _T.EXPIRED}),
    _T.SENDING: frozenset({_T.UNKNOWN, _T.CREDITED, _T.EXPIRED}),
    _T.UNKNOWN: frozenset({_T.SENDING, _T.CREDITED, _T.EXPIRED}),
    _T.CREDITED: frozenset({_T.REVERSED}),
    _T.EXPIRED: frozenset(),
    _T.REVERSED: frozenset(),
}


WORKFLOW = "wallet-topup"
#: What a partner quotes with a bank transfer: our letters, then eight nobody mistypes.
REFERENCE = re.compile(r"KT[0-9A-HJKMNP-TV-Z]{8}")


class Via(StrEnum):
    """How the money comes."""

    BANK = "bank"
    MOBILE_MONEY = "mobile_money"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpOrder:
    """Starts a top-up. `payer` is E.164 without the plus, for mobile money only.

    `into` is where the money lands; `terms` are the rail's, for mobile money only.
    """

    saga: SagaRef
    amount: Money
    reference: str
    via: Via
    into: Place
    expires_at: datetime
    payer: str | None = field(default=None, repr=False)
    terms: Terms | None = None
    wait_scale: float = 1.0


def credited(order: TopUpOrder, report: ProviderReport) -> TopUpCredited:
    """What arrived is the partner's, whatever was announced: it came under our reference."""
    return TopUpCredited(
        topup_id=order.saga.id,
        amount=report.reading.amount or order.amount,
        into=order.into,
        receipt=claim(order.into, report),
    )


def suspended(order: TopUpOrder, report: ProviderReport) -> CreditSuspended:
    """Money for a top-up that has ended, or in another currency: nobody's until decided."""
    return CreditSuspended(
        amount=report.reading.amount or order.amount,
        into=order.into,
        receipt=claim(order.into, report),
        about=order.saga.id,
    )


def claim(into: Place, report: ProviderReport) -> ReceiptClaim:
    """The proof of the movement: the receipt, else the handle, else the evidence itself."""
    said = report.reading
    number = said.receipt or said.provider_reference or report.evidence_id
    other = said.provider_reference
    return ReceiptClaim(
        rail=into.rail,
        account=into.account,
        number=number,
        aliases=(other,) if other and other != number else (),
    )
