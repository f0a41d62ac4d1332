"""Instructions as the bank wants them written, and why one cannot be. Pure.

Every value is a string. Sources: MAPPINGS.md.
"""

import re
from typing import Any

from models.banking import REFERENCE, BankTransfer, FloatPurchase
from models.money import FractionNotCarried, Money
from providers.ncba.amounts import CURRENCY
from providers.ncba.keys import NcbaKeys

_ACCOUNT = re.compile(r"[0-9]{6,20}")
_SHORT_CODE = re.compile(r"[0-9]{5,7}")
_PHONE = re.compile(r"254[0-9]{9}")
_LONGEST_TEXT = 35


def float_purchase(order: FloatPurchase) -> dict[str, Any]:
    """One reference in every place the bank has for one: any of them may come back."""
    shillings = str(order.amount.whole())
    return {
        "reqAgentName": plain(order.organisation),
        "reqCreditAmount": shillings,
        "reqCustomerReference": order.reference,
        "reqDealReference": order.reference,
        "reqDebitAccountNumber": order.account,
        "reqDebitAcCurrency": order.amount.currency,
        "reqDebitAmount": shillings,
        "reqMobileNumber": order.phone,
        "reqPayBillTillNo": order.short_code,
        "reqPaymentDescription": "B2C float purchase",
        "reqPaymentType": "FloatPurchase",
        "reqToAccountName": plain(order.organisation),
        "reqTransactionReferenceNo": order.reference,
        "reqTxnDate": order.on.strftime("%Y%m%d"),
        "senderCountry": "Kenya",
    }


def transfer(order: BankTransfer, keys: NcbaKeys) -> dict[str, Any]:
    """Our reference leads the narration: the statement shows it on both sides."""
    return {
        "BeneficiaryAccountNumber": order.to_account,
        "BeneficiaryName": plain(order.to_name),
        "Amount": f"{order.amount.decimal():.2f}",
        "Currency": order.amount.currency,
        "Narration": plain(f"{order.reference} {order.narration}"),
        "SenderAccountNumber": order.account,
        "SenderCIF": keys.cif or order.account[:6],
        "SenderCountry": keys.country,
        "TransactionID": order.reference,
    }


def unfit_purchase(order: FloatPurchase) -> str | None:
    """Why the bank cannot carry this purchase; None when it can."""
    wrong = _unfit(order.reference, order.amount, order.account)
    if wrong:
        return wrong
    if not _SHORT_CODE.fullmatch(order.short_code):
        return "the short code is not five to seven digits"
    if not _PHONE.fullmatch(order.phone):
        return "the phone is not a Kenyan number of 12 digits"
    try:
        order.amount.whole()
    except FractionNotCarried:
        return "M-Pesa carries whole shillings only"
    return None


def unfit_transfer(order: BankTransfer) -> str | None:
    """Why the bank cannot carry this transfer; None when it can."""
    if not _ACCOUNT.fullmatch(order.to_account):
        return "the receiving account is not a number of 6 to 20 digits"
    if order.to_account == order.account:
        return "both accounts are the same"
    return _unfit(order.reference, order.amount, order.account)


def _unfit(reference: str, amount: Money, account: str) -> str | None:
    if not REFERENCE.fullmatch(reference):
        return "the reference is not 1 to 35 letters, digits, hyphens or underscores"
    if amount.currency != CURRENCY:
        return "this bank carries KES only"
    if amount.minor <= 0:
        return "the amount is not positive"
    if not _ACCOUNT.fullmatch(account):
        return "the account is not a number of 6 to 20 digits"
    return None


def plain(words: str) -> str:
    """Plain characters, 35 at most; our reference keeps its hyphens and underscores."""
    return " ".join(re.sub(r"[^A-Za-z0-9_-]+", " ", words).split())[:_LONGEST_TEXT].strip()
