"""Money of refunds, as a step carries it; ledger/rules_refunds.py makes the entries."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.fees import Fee
from models.money import Money
from models.places import ProviderWallet, ReceiptClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested:
    """The amount is set aside until it is known whether it left; `{refund}/requested`.

    `fee`: what of our fee goes back to the merchant first. `escrow`: it is taken from there.
    `suspense`: from that provider's suspense. May find the merchant short.
    """

    refund_id: str
    amount: Money
    fee: Fee | None = None
    escrow: str | None = None
    suspense: str | None = None
    kind: Literal["refund_requested"] = "refund_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRefused:
    """It did not leave: the request turned round, our fee too; `{refund}/refused`."""

    refund_id: str
    amount: Money
    fee: Fee | None = None
    escrow: str | None = None
    suspense: str | None = None
    kind: Literal["refund_refused"] = "refund_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPaid:
    """The payer has it; `{refund}/paid`."""

    refund_id: str
    amount: Money
    out_of: ProviderWallet
    receipt: ReceiptClaim | None = None
    suspense: str | None = None
    kind: Literal["refund_paid"] = "refund_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTakenBack:
    """The provider, or a card's holder, took a payment back; `{payment}/{number}/taken_back`.

    `fee`: what of our fee belongs to it, which is given back. `kept`: as much of it lay in
    `escrow` and is taken from there. What the payable cannot bear of the rest the merchant owes us.
    """

    payment_id: str
    number: str
    amount: Money
    out_of: ProviderWallet
    fee: Fee
    escrow: str | None = None
    kept: Money | None = None
    kind: Literal["payment_taken_back"] = "payment_taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFeeReturned:
    """Our fee of what was taken back, due once a refund ended unpaid; `{refund}/fee_of_taken`."""

    refund_id: str
    fee: Fee
    kind: Literal["taken_fee_returned"] = "taken_fee_returned"


RefundPosting: TypeAlias = (
    RefundRequested | RefundRefused | RefundPaid | PaymentTakenBack | TakenFeeReturned
)
