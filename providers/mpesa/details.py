"""What results say beside their verdict. Pure; never raises: what cannot be read is None."""

from models.mobile_money import AccountBalance, PayoutDetails, StatusDetails, TransferDetails
from models.money import Money
from providers.mpesa.acks import originator
from providers.mpesa.parameters import balances, first, parameters, party, short_code, signed
from providers.mpesa.receipts import receipt
from providers.mpesa.results import AMOUNTS, RECEIPTS, envelope
from providers.mpesa.stk import CURRENCY
from providers.mpesa.times import moment
from providers.wire import money, text

_REGISTERED = {"Y": True, "N": False}
_RECEIVERS = ("ReceiverPartyPublicName", "CreditPartyName")
_ENDED = ("TransactionCompletedDateTime", "TransCompletedTime", "FinalisedTime")


def read_balances(body: bytes) -> tuple[AccountBalance, ...]:
    """The accounts of a short code in the result of a question for balances."""
    result, _ = envelope(body)
    return balances(parameters(result).get("AccountBalance"))


def read_held(body: bytes) -> Money | None:
    """What an organisation may spend in all: collected and set aside to be paid out.

    None where a result says nothing of either. Charges stand apart.
    """
    named = {one.account.lower().split()[0]: one.available for one in read_balances(body)}
    told = [named[word] for word in ("working", "utility") if word in named]
    return sum(told[1:], start=told[0]) if told else None


def read_payout_details(body: bytes) -> PayoutDetails:
    """The result of a B2C payment."""
    result, _ = envelope(body)
    told = parameters(result)
    return PayoutDetails(
        receipt=receipt(first(told, RECEIPTS)) or receipt(result.get("TransactionID")),
        amount=money(first(told, AMOUNTS), CURRENCY),
        completed_at=moment(first(told, _ENDED)),
        receiver=party(told.get("ReceiverPartyPublicName")),
        registered=_REGISTERED.get(text(told.get("B2CRecipientIsRegisteredCustomer")) or ""),
        utility=signed(told.get("B2CUtilityAccountAvailableFunds")),
        working=signed(told.get("B2CWorkingAccountAvailableFunds")),
        charges=signed(told.get("B2CChargesPaidAccountAvailableFunds")),
    )


def read_transfer_details(body: bytes) -> TransferDetails:
    """The result of a B2B movement. A fee is `name|KES|amount`, or nothing."""
    result, _ = envelope(body)
    told = parameters(result)
    charged = (text(told.get("DebitPartyCharges")) or "").split("|")
    return TransferDetails(
        receipt=receipt(first(told, RECEIPTS)) or receipt(result.get("TransactionID")),
        amount=money(first(told, AMOUNTS), CURRENCY),
        completed_at=moment(first(told, _ENDED)),
        fee=money(charged[2], charged[1]) if len(charged) == 3 else None,
        balances=balances(told.get("DebitPartyAffectedAccountBalance")),
    )


def read_status_details(body: bytes) -> StatusDetails:
    """The answer to a question about an earlier transaction: its inner ids, never the outer."""
    result, _ = envelope(body)
    told = parameters(result)
    return StatusDetails(
        our_reference=originator(told),
        provider_reference=text(told.get("ConversationID")),
        receipt=receipt(first(told, RECEIPTS)),
        status=text(told.get("TransactionStatus")),
        amount=money(first(told, AMOUNTS), CURRENCY),
        initiated_at=moment(told.get("InitiatedTime")),
        completed_at=moment(first(told, _ENDED)),
        receiver=party(told.get("CreditPartyName")),
        payer=party(told.get("DebitPartyName")),
    )


def read_receiver(body: bytes) -> str | None:
    """Who received it, as M-Pesa writes it: number and name, either of them perhaps missing."""
    result, _ = envelope(body)
    return text(first(parameters(result), _RECEIVERS))


def read_credited(body: bytes) -> str | None:
    """The short code a payment went to, in the answer about it; empty where it went to a person."""
    result, _ = envelope(body)
    return short_code(parameters(result).get("CreditPartyName"))
