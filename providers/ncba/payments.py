"""Payments to accounts at other banks as the bank wants them written. Pure.

Every value is a string. Sources: MAPPINGS.md.
"""

import re
from typing import Any

from models.banking import REFERENCE
from models.money import from_major
from models.money_out import BankPayoutOrder, BankRail
from providers.ncba.amounts import CURRENCY
from providers.ncba.keys import NcbaKeys
from providers.ncba.orders import plain

PATHS = {
    BankRail.INTERNAL: "/api/v1/IFTTransaction/ifttransaction",
    BankRail.PESALINK: "/api/v1/PesaLinkTransaction/pesaLinktransaction",
    BankRail.EFT: "/api/v1/EFTTransaction/efttransaction",
    BankRail.RTGS: "/api/v1/RTGSPayment/RTGSPayment",
}
#: Done when it is answered; the others are taken in, and the statement says.
FINAL = frozenset({BankRail.INTERNAL, BankRail.PESALINK})
SMALLEST, LARGEST = from_major("50", CURRENCY), from_major("999999", CURRENCY)
_CLEARING = re.compile(r"[0-9]{2,5}")
_SWIFT = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{5,20}")
#: The only purpose code a sample shows; the list is given at onboarding.
_PURPOSE = "MSC"


def payment(order: BankPayoutOrder, account: str, keys: NcbaKeys) -> dict[str, Any]:
    """Our reference leads the narration: the statement shows it on both sides."""
    debited = "DebitAccountNumber" if order.rail is BankRail.EFT else "SenderAccountNumber"
    amount = f"{order.amount.decimal():.2f}"
    body = {
        "BeneficiaryAccountNumber": order.account,
        "BeneficiaryName": plain(order.name),
        "Amount": amount,
        "Currency": order.amount.currency,
        "Narration": plain(f"{order.id} {order.purpose}"),
        debited: account,
        "SenderCIF": keys.cif or account[:6],
        "SenderCountry": keys.country,
        "TransactionID": order.id,
    }
    if order.rail is not BankRail.INTERNAL:
        body["BeneficiaryBankBIC"] = order.bank
    return body | _gross(order, amount) if order.rail is BankRail.RTGS else body


def _gross(order: BankPayoutOrder, amount: str) -> dict[str, str]:
    """What RTGS wants besides. No address is known: the country stands for it."""
    currency = order.amount.currency
    return {
        "BeneficiaryCountry": "KE",
        "BeneficiaryAddress": "Kenya",
        "CreditAmount": amount,
        "CreditCurrency": currency,
        "DebitCurrency": currency,
        "PurposeCode": _PURPOSE,
    }


def unfit_payment(order: BankPayoutOrder, account: str) -> str | None:
    """Why the bank cannot carry this payment; None when it can."""
    wrong = {
        "the reference is not 1 to 35 letters, digits, hyphens or underscores": not (
            REFERENCE.fullmatch(order.id)
        ),
        f"this bank carries {CURRENCY} only": order.amount.currency != CURRENCY,
        "the amount is not positive": order.amount.minor <= 0,
        "the beneficiary's account is not 5 to 20 letters and digits": not (
            _ACCOUNT.fullmatch(order.account)
        ),
        "both accounts are the same": order.account == account,
        "the beneficiary has no name the bank could write": not plain(order.name),
    }
    first = next((why for why, found in wrong.items() if found), None)
    return first or _unfit_bank(order) or _beyond_limits(order)


def _unfit_bank(order: BankPayoutOrder) -> str | None:
    if order.rail is BankRail.INTERNAL:
        return None
    if order.rail is BankRail.RTGS:
        return None if _SWIFT.fullmatch(order.bank) else "RTGS names banks by their SWIFT BIC"
    return None if _CLEARING.fullmatch(order.bank) else "the bank's clearing code is 2 to 5 digits"


def _beyond_limits(order: BankPayoutOrder) -> str | None:
    if order.rail is BankRail.INTERNAL:
        return None
    if order.amount.minor < SMALLEST.minor:
        return "the bank sends KES 50 at least"
    capped = order.rail is not BankRail.RTGS and order.amount.minor > LARGEST.minor
    return "the bank sends KES 999,999 at most, more by RTGS" if capped else None
