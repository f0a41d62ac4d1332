"""Money of a payout, as a step carries it; ledger/rules_payouts.py makes the entries.

`hold` numbers the times money was set aside: it is in every entry's id.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.fees import Fee
from models.money import Money
from models.places import Place, ReceiptClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRequested:
    """Amount and fee are set aside; `{payout}/{hold}/requested`. May find the payable short."""

    payout_id: str
    amount: Money
    fee: Fee
    hold: int = 1
    kind: Literal["payout_requested"] = "payout_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPaid:
    """The money left `place`, and the fee is taken; `{payout}/{hold}/paid`."""

    payout_id: str
    amount: Money
    fee: Fee
    place: Place
    receipt: ReceiptClaim | None = None
    hold: int = 1
    kind: Literal["payout_paid"] = "payout_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReleased:
    """No money left: what was set aside is turned round; `{payout}/{hold}/released`."""

    payout_id: str
    amount: Money
    fee: Fee
    hold: int = 1
    kind: Literal["payout_released"] = "payout_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReturned:
    """It left and came back to `place`: the merchant is owed it again; `{payout}/{hold}/{event}`.

    `fee`: what is given back with it, None where the fee is kept.
    """

    payout_id: str
    amount: Money
    place: Place
    fee: Fee | None = None
    event: Literal["returned", "reversed"] = "returned"
    receipt: ReceiptClaim | None = None
    hold: int = 1
    kind: Literal["payout_returned"] = "payout_returned"


PayoutPosting: TypeAlias = PayoutRequested | PayoutPaid | PayoutReleased | PayoutReturned
