"""Postings of a payout of 400.00 with a fee of 10.00 and tax of 1.60 on it."""

from models.fees import Fee
from models.money import Money
from models.payout_postings import PayoutPaid, PayoutReleased, PayoutRequested, PayoutReturned
from models.places import BankAccount, ProviderWallet, ReceiptClaim

AMOUNT = Money(40_000, "KES")
FEE = Fee(net=Money(1_000, "KES"), tax=Money(160, "KES"))
WAVE = ProviderWallet(provider="wave", wallet="collections")
POOL = BankAccount(bank="ncba", account="001")

REQUESTED = PayoutRequested(payout_id="po_1", amount=AMOUNT, fee=FEE)
PAID = PayoutPaid(
    payout_id="po_1",
    amount=AMOUNT,
    fee=FEE,
    place=WAVE,
    receipt=ReceiptClaim(rail="wave", account="collections", number="T1"),
)
RELEASED = PayoutReleased(payout_id="po_1", amount=AMOUNT, fee=FEE)
RETURNED = PayoutReturned(payout_id="po_1", amount=AMOUNT, place=WAVE)
PAYOUTS = (REQUESTED, PAID, RELEASED, RETURNED)
