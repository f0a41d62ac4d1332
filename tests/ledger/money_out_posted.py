"""One posting of each kind of refunds, escrows and moves between our own accounts."""

from models.clearing_postings import ClearingArrived, ClearingReturned, ClearingSent
from models.escrow_postings import EscrowReleased
from models.refund_postings import (
    PaymentTakenBack,
    RefundPaid,
    RefundRefused,
    RefundRequested,
    TakenFeeReturned,
)
from tests.ledger.payouts_posted import AMOUNT, FEE, POOL, WAVE

MONEY_OUT = (
    RefundRequested(refund_id="rf_1", amount=AMOUNT, fee=FEE),
    RefundRefused(refund_id="rf_1", amount=AMOUNT, escrow="esc_1"),
    RefundPaid(refund_id="rf_1", amount=AMOUNT, out_of=WAVE),
    RefundRequested(refund_id="rf_2", amount=AMOUNT, suspense="wave"),
    RefundPaid(refund_id="rf_2", amount=AMOUNT, out_of=WAVE, suspense="wave"),
    PaymentTakenBack(payment_id="pay_1", number="CB7", amount=AMOUNT, out_of=WAVE, fee=FEE),
    TakenFeeReturned(refund_id="rf_1", fee=FEE),
    EscrowReleased(escrow_id="esc_1", part=1, amount=AMOUNT, fee=FEE),
    ClearingSent(move_id="cm_1", amount=AMOUNT, origin=POOL, destination=WAVE),
    ClearingArrived(move_id="cm_1", amount=AMOUNT, came=AMOUNT, origin=POOL, destination=WAVE),
    ClearingReturned(move_id="cm_1", amount=AMOUNT, origin=POOL, destination=WAVE),
)
