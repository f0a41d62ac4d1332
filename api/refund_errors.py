"""What refunds are refused for: a branch of the tree in api/errors.py."""

from api.errors import Conflict, Invalid, NotFound, Problem
from api.payout_errors import NobodyMayApprove
from models.refund_order import RefundRefused, Refusal


class PaymentUnknown(Conflict):
    """Nobody knows yet whether the payment was made: neither collect nor give back."""

    code, title = "payment_outcome_unknown", "The payment's outcome is not known"
    outcome = "unknown"


class PaymentNotRefundable(Conflict):
    """Only a payment that succeeded is given back."""

    code, title = "payment_not_refundable", "The payment did not succeed"


class PaymentInEscrow(Conflict):
    """The money is not with the merchant yet: the escrow gives it back."""

    code, title = "payment_in_escrow", "The payment lies in an escrow"


class RefundExceedsCaptured(Conflict):
    """More than is left of what was captured; `left` is that, in minor units."""

    code, title = "refund_exceeds_captured", "Less than that is left to refund"


class RefundNotPossible(Conflict):
    """The rail gives no such payment back, and pays nothing out."""

    code, title = "refund_not_possible", "This rail cannot give it back"


class RefundReferenceInUse(Conflict):
    """Another refund has the reference."""

    code, title = "refund_reference_in_use", "Another refund has this reference"


_KINDS: dict[Refusal, type[Problem]] = {
    Refusal.NO_PAYMENT: NotFound,
    Refusal.OUTCOME_UNKNOWN: PaymentUnknown,
    Refusal.NOT_SUCCEEDED: PaymentNotRefundable,
    Refusal.IN_ESCROW: PaymentInEscrow,
    Refusal.EXCEEDS: RefundExceedsCaptured,
    Refusal.NO_WAY: RefundNotPossible,
    Refusal.NOBODY_MAY_APPROVE: NobodyMayApprove,
}
#: What the merchant is to do, where the refusal alone does not say.
_ADVICE = {Refusal.OUTCOME_UNKNOWN: "; do_not_retry: wait for payment.succeeded, or its failure"}


def problem_of(refused: RefundRefused) -> Problem:
    """The refusal on the wire."""
    detail = f"{refused}{_ADVICE.get(refused.why, '')}"
    kind = _KINDS.get(refused.why)
    if kind is None:
        pointer = "/currency" if refused.why is Refusal.CURRENCY else "/amount"
        return Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])
    if refused.left is None:
        return kind(detail)
    return kind(detail, left=str(refused.left.minor))
