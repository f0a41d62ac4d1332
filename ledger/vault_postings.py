"""Which rule makes the entries of a posting (docs/ledger.md has the table)."""

from collections.abc import Callable, Mapping
from typing import Any

from ledger import (
    rules_clearing,
    rules_escrows,
    rules_floats,
    rules_loans,
    rules_mirrors,
    rules_payouts,
    rules_refunds,
    rules_wallets,
)
from ledger.entry import Entry
from ledger.scope import Scope
from models import clearing_postings, payout_postings, refund_postings, suspense
from models import vault_postings as said
from models.escrow_postings import EscrowReleased
from models.vault_postings import VaultPosting

#: One rule per posting. Every rule returns the mirror's entry before the money's.
RULES: Mapping[type, Callable[[Any, Scope], tuple[Entry, ...]]] = {
    said.LoanAccepted: rules_loans.accepted,
    said.LoanPaid: rules_loans.paid,
    said.LoanRefused: rules_loans.refused,
    said.LoanReversed: rules_loans.taken_back,
    said.TopUpCredited: rules_wallets.credited,
    said.TopUpReversed: rules_wallets.taken_back,
    suspense.CreditSuspended: rules_wallets.suspended,
    suspense.SuspenseClaimed: rules_wallets.claimed,
    suspense.SuspenseRefundRequested: rules_wallets.refund_requested,
    suspense.SuspenseRefundPaid: rules_wallets.refund_paid,
    suspense.SuspenseRefundRefused: rules_wallets.refund_refused,
    said.FloatApproved: rules_floats.approved,
    said.FloatHoldReleased: rules_floats.hold_released,
    said.FloatTransferConfirmed: rules_floats.transferred,
    said.FloatCredited: rules_floats.credited,
    said.FloatTakenBack: rules_floats.taken_back,
    said.FloatSentBack: rules_floats.sent_back,
    said.CollectionReceived: rules_mirrors.received,
    said.CollectionPosted: rules_mirrors.posted,
    said.CollectionReversed: rules_mirrors.taken_back,
    said.CollectionSwept: rules_mirrors.swept,
    said.MirrorObserved: rules_mirrors.observed,
    payout_postings.PayoutRequested: rules_payouts.requested,
    payout_postings.PayoutPaid: rules_payouts.paid,
    payout_postings.PayoutReleased: rules_payouts.released,
    payout_postings.PayoutReturned: rules_payouts.returned,
    refund_postings.RefundRequested: rules_refunds.requested,
    refund_postings.RefundRefused: rules_refunds.refused,
    refund_postings.RefundPaid: rules_refunds.paid,
    refund_postings.PaymentTakenBack: rules_refunds.taken_back,
    refund_postings.TakenFeeReturned: rules_refunds.fee_of_taken,
    EscrowReleased: rules_escrows.released,
    clearing_postings.ClearingSent: rules_clearing.sent,
    clearing_postings.ClearingArrived: rules_clearing.arrived,
    clearing_postings.ClearingReturned: rules_clearing.returned,
}


def entries(posting: VaultPosting, scope: Scope) -> tuple[Entry, ...]:
    """The entries of a posting, in the order they are posted; none where nothing moves."""
    return RULES[type(posting)](posting, scope)
