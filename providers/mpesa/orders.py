"""What Daraja is told to do with an organisation's money, and what it cannot carry. Pure."""

import re
from collections.abc import Mapping

from models.money import FractionNotCarried, Money
from models.payout import Payout, Reversal, Transfer, TransferKind
from models.reading import Reading, Reason
from providers.mpesa.stk import CURRENCY
from providers.readings import refused_here

#: Whole shillings of one B2C payment [V2].
SMALLEST, LARGEST = 10, 250_000
#: The accounts of a transfer are a short code's; so is the receiver of a reversal.
_SHORT_CODE, _REVERSED_BY = "4", "11"
_PAYEE = re.compile(r"254[17][0-9]{8}")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_COMMANDS = {
    TransferKind.TO_PAYOUTS: "BusinessPayToBulk",
    TransferKind.WITHIN: "BusinessTransferFromMMFToUtility",
}


def payout(order: Payout, *, initiator: Mapping[str, str], short_code: str) -> dict[str, str]:
    """The body of a B2C payment; the field of the initiator has a name of its own here."""
    return {
        "OriginatorConversationID": order.reference,
        "InitiatorName": initiator["Initiator"],
        "SecurityCredential": initiator["SecurityCredential"],
        "CommandID": "BusinessPayment",
        "Amount": str(order.amount.whole()),
        "PartyA": short_code,
        "PartyB": order.payee,
        "Remarks": remarks(order.purpose),
        "QueueTimeOutURL": order.timeout_url,
        "ResultURL": order.result_url,
        "Occassion": order.reference,
    }


def transfer(order: Transfer, *, initiator: Mapping[str, str], short_code: str) -> dict[str, str]:
    """The body of a B2B movement; `Reciever` is their spelling."""
    return {
        **initiator,
        "OriginatorConversationID": order.reference,
        "CommandID": _COMMANDS[order.kind],
        "SenderIdentifierType": _SHORT_CODE,
        "RecieverIdentifierType": _SHORT_CODE,
        "Amount": str(order.amount.whole()),
        "PartyA": short_code,
        "PartyB": order.to_short_code,
        "AccountReference": order.reference[:13],
        "Remarks": remarks(order.purpose),
        "QueueTimeOutURL": order.timeout_url,
        "ResultURL": order.result_url,
    }


def reversal(order: Reversal, *, initiator: Mapping[str, str], short_code: str) -> dict[str, str]:
    """The body of a reversal of money the short code received."""
    return {
        **initiator,
        "CommandID": "TransactionReversal",
        "TransactionID": order.receipt,
        "Amount": str(order.amount.whole()),
        "ReceiverParty": short_code,
        "RecieverIdentifierType": _REVERSED_BY,
        "Remarks": remarks(order.purpose),
        "QueueTimeOutURL": order.timeout_url,
        "ResultURL": order.result_url,
        "Occasion": "Reversal",
    }


def status(
    *,
    asked_by: Mapping[str, str],
    initiator: Mapping[str, str],
    short_code: str,
    result_url: str,
    timeout_url: str,
) -> dict[str, str]:
    """The body of a question about one transaction, named by `asked_by`."""
    return {
        **initiator,
        **asked_by,
        "CommandID": "TransactionStatusQuery",
        "PartyA": short_code,
        "IdentifierType": _SHORT_CODE,
        "ResultURL": result_url,
        "QueueTimeOutURL": timeout_url,
        "Remarks": "Status",
        "Occasion": "Status",
    }


def balance(
    *, initiator: Mapping[str, str], short_code: str, result_url: str, timeout_url: str
) -> dict[str, str]:
    """The body of a question for the balances of a short code."""
    return {
        **initiator,
        "CommandID": "AccountBalance",
        "PartyA": short_code,
        "IdentifierType": _SHORT_CODE,
        "ResultURL": result_url,
        "QueueTimeOutURL": timeout_url,
        "Remarks": "Balance",
    }


def unfit_payout(order: Payout) -> Reading | None:
    """Why Daraja cannot carry this payout; None when it can."""
    if not _PAYEE.fullmatch(order.payee):
        return refused_here(Reason.BAD_REQUEST, "the payee is not a Kenyan mobile of 12 digits")
    if not _REFERENCE.fullmatch(order.reference):
        return refused_here(Reason.BAD_REQUEST, "the reference is not plain")
    unfit = unfit_amount(order.amount)
    if unfit is None and not SMALLEST <= order.amount.whole() <= LARGEST:
        return refused_here(Reason.LIMIT_EXCEEDED, f"M-Pesa pays {SMALLEST} to {LARGEST} shillings")
    return unfit


def unfit_amount(amount: Money) -> Reading | None:
    """Why Daraja cannot carry this amount; None when it can."""
    if amount.currency != CURRENCY:
        return refused_here(Reason.BAD_REQUEST, "M-Pesa carries KES only")
    try:
        positive = amount.whole() > 0
    except FractionNotCarried:
        return refused_here(Reason.BAD_REQUEST, "M-Pesa carries whole shillings only")
    return None if positive else refused_here(Reason.BAD_REQUEST, "the amount is not positive")


def remarks(purpose: str) -> str:
    """Two to a hundred plain characters."""
    plain = " ".join(re.sub(r"[^A-Za-z0-9 ]+", " ", purpose).split())[:100].strip()
    return plain if len(plain) > 1 else "Payment"
