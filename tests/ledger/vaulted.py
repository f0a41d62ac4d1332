"""Postings of the vault as the tests of its rules use them, and what they leave."""

from typing import Any
from uuid import UUID

from ledger.entry import balances
from ledger.scope import Scope
from ledger.vault_postings import entries
from models.ids import ORG as ORG_PREFIX
from models.ids import shown
from models.money import Money
from models.places import BankAccount, ProviderWallet, ReceiptClaim
from models.suspense import CreditSuspended
from models.tariff import ChargeLine, TariffCode
from models.vault_postings import (
    CollectionReceived,
    FloatApproved,
    FloatCredited,
    FloatTransferConfirmed,
    LoanAccepted,
    LoanPaid,
    VaultPosting,
)

ORG = UUID("01890000-0000-7000-8000-00000000000a")
SCOPE = Scope(org=ORG, livemode=False)
POOL = BankAccount(bank="ncba", account="001")
TILL = ProviderWallet(provider="mpesa", wallet="600000/utility")
RECEIPT = ReceiptClaim(rail="mpesa", account="777777", number="SFC1")


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def left(*postings: VaultPosting) -> dict[str, int]:
    """What the postings leave, the organisation's accounts by their last part."""
    partner = f"partner:{shown(ORG_PREFIX, ORG)}:"
    found = balances(*(entry for posting in postings for entry in entries(posting, SCOPE)))
    return {name.removeprefix(partner): balance for name, balance in found.items()}


def made(posting: VaultPosting) -> list[tuple[str, bool]]:
    """Ids in the order of posting, and whether each is our decision."""
    return [(entry.id, entry.decided) for entry in entries(posting, SCOPE)]


LINES = (
    ChargeLine(code=TariffCode.PROCESSING_LOAN, net=kes(2_000), tax=kes(320)),
    ChargeLine(code=TariffCode.SMS, net=kes(160), tax=kes(26), tax_kind="excise"),
)
FLOAT_LINES = (
    ChargeLine(code=TariffCode.FLOAT_TRANSFER, net=kes(5_000), tax=kes(0)),
    ChargeLine(code=TariffCode.FLOAT_PROCESSING, net=kes(3_000), tax=kes(480)),
)
ACCEPTED = LoanAccepted(loan_id="ld_1", charges=kes(2_506))
PAID = LoanPaid(
    loan_id="ld_1", amount=kes(500_000), held=kes(2_506), charges=LINES, receipt=RECEIPT,
    provider_fee=kes(900),
)  # fmt: skip
APPROVED = FloatApproved(purchase_id="fp_1", amount=kes(1_000_000), charges=FLOAT_LINES)
TRANSFERRED = FloatTransferConfirmed(
    purchase_id="fp_1", amount=kes(1_000_000), pool=POOL, short_code="777777", cost=kes(4_000)
)
CREDITED = FloatCredited(
    purchase_id="fp_1", amount=kes(1_000_000), charges=FLOAT_LINES, pool=POOL, short_code="777777"
)
CAME = CreditSuspended(amount=kes(700), into=POOL, receipt=RECEIPT)
DECIDED: dict[str, Any] = {"number": "sfc1 ", "amount": kes(700), "into": POOL}
ARRIVED = CollectionReceived(collection_id="c2b_1", amount=kes(700), receipt=RECEIPT)
