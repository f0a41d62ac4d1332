"""Bodies of asynchronous results, spelled as Daraja spells them."""

from datetime import datetime
from typing import Any

from simulators import codes
from simulators.daraja.answers import NAIROBI
from simulators.daraja.book import DarajaBook
from simulators.daraja.execution import DONE, WORDS
from simulators.daraja.instructions import Instruction, Kind
from simulators.daraja.oddities import Shape

#: What a result names where nothing moved.
_PLACEHOLDER = "TAH0000000"
Parameters = dict[str, Any]


def local(at: str) -> datetime:
    """A moment of the book in Nairobi."""
    return datetime.fromisoformat(at).astimezone(NAIROBI)


def envelope(
    instruction: Instruction, code: str, told: Parameters | None, shape: Shape
) -> dict[str, Any]:
    """The result; parameters only where it succeeded, in the shape that was ordered."""
    number: Any = code if shape is Shape.TEXT_CODE or not code.isdigit() else int(code)
    said: dict[str, Any] = {
        "ResultType": "0" if shape is Shape.TEXT_CODE else 0,
        "ResultCode": number,
        "ResultDesc": WORDS.get(code, WORDS["17"]),
        "OriginatorConversationID": instruction.originator,
        "ConversationID": instruction.key,
        "TransactionID": instruction.receipt or _PLACEHOLDER,
        "ReferenceData": {"ReferenceItem": _reference(instruction)},
    }
    if told is not None:
        said["ResultParameters"] = _shaped(told, shape)
    return {"Result": said}


def parameters(
    book: DarajaBook, instruction: Instruction, *, forged: bool = False
) -> Parameters | None:
    """What a success tells beside its code; None for a failure."""
    if instruction.code != DONE and not forged:
        return None
    match instruction.kind:
        case Kind.PAYOUT:
            return _payout(book, instruction)
        case Kind.TRANSFER:
            return _transfer(book, instruction)
        case Kind.REVERSAL:
            return _reversal(instruction)
        case Kind.BALANCE:
            return _balance(book, instruction)
        case _:
            return None


def _payout(book: DarajaBook, instruction: Instruction) -> Parameters:
    balances = book.organisations[instruction.short_code].balances
    receipt = instruction.receipt or codes.receipt()
    minor = instruction.taken_minor or instruction.amount_minor
    ended = local(instruction.ended_at or instruction.at)
    return {
        "TransactionAmount": minor // 100,
        "TransactionReceipt": receipt,
        "B2CRecipientIsRegisteredCustomer": "Y",
        "B2CChargesPaidAccountAvailableFunds": balances["charges_paid"] / 100,
        "ReceiverPartyPublicName": f"{instruction.party} - {holder(instruction.party)}",
        "TransactionCompletedDateTime": ended.strftime("%d.%m.%Y %H:%M:%S"),
        "B2CUtilityAccountAvailableFunds": balances["utility"] / 100,
        "B2CWorkingAccountAvailableFunds": balances["working"] / 100,
    }


def _transfer(book: DarajaBook, instruction: Instruction) -> Parameters:
    working = book.organisations[instruction.short_code].balances["working"] / 100
    ended = local(instruction.ended_at or instruction.at)
    shown = f"{working:.2f}"
    return {
        "DebitAccountBalance": "{Amount={CurrencyCode=KES, BasicAmount=" + shown + "}}",
        "Amount": f"{(instruction.taken_minor or instruction.amount_minor) / 100:.2f}",
        "DebitPartyAffectedAccountBalance": f"Working Account|KES|{shown}|{shown}|0.00|0.00",
        "TransCompletedTime": int(ended.strftime("%Y%m%d%H%M%S")),
        "DebitPartyCharges": "",
        "ReceiverPartyPublicName": f"{instruction.party} - {_name(book, instruction.party)}",
        "Currency": "KES",
    }


def _reversal(instruction: Instruction) -> Parameters:
    ended = local(instruction.ended_at or instruction.at)
    return {
        "Amount": instruction.amount_minor // 100,
        "TransCompletedTime": int(ended.strftime("%Y%m%d%H%M%S")),
        "OriginalTransactionID": instruction.body.get("TransactionID"),
        "Charge": 0,
    }


def _balance(book: DarajaBook, instruction: Instruction) -> Parameters:
    balances = book.organisations[instruction.short_code].balances
    named = {
        "Working Account": balances["working"],
        "Float Account": 0,
        "Utility Account": balances["utility"],
        "Charges Paid Account": balances["charges_paid"],
        "Organization Settlement Account": 0,
    }
    shown = {name: f"{minor / 100:.2f}" for name, minor in named.items()}
    ended = local(instruction.ended_at or instruction.at)
    return {
        "AccountBalance": "&".join(
            f"{name}|KES|{funds}|{funds}|0.00|0.00" for name, funds in shown.items()
        ),
        "BOCompletedTime": int(ended.strftime("%Y%m%d%H%M%S")),
    }


def holder(msisdn: str) -> str:
    """The name a phone is registered under."""
    return f"SIM CUSTOMER {msisdn[-4:]}"


def _name(book: DarajaBook, short_code: str) -> str:
    known = book.organisations.get(short_code)
    return known.name if known else short_code


def _reference(instruction: Instruction) -> Any:
    """One object for B2C, a list for the others."""
    item = {"Key": "QueueTimeoutURL", "Value": instruction.body.get("QueueTimeOutURL")}
    return item if instruction.kind is Kind.PAYOUT else [item]


def _shaped(told: Parameters, shape: Shape) -> Any:
    if shape is Shape.NULL:
        return None
    items: list[dict[str, Any]] = [
        {"Key": key, "Value": value} if value not in {None, ""} else {"Key": key}
        for key, value in told.items()
    ]
    return {"ResultParameter": items[0] if shape is Shape.OBJECT else items}
