"""What carrying out an instruction does to the books of the short codes, and its result code."""

from dataclasses import dataclass

from simulators import codes
from simulators.daraja.bands import fee
from simulators.daraja.book import DarajaBook
from simulators.daraja.instructions import Instruction, Kind, now
from simulators.daraja.organisations import Account, Movement
from simulators.faults import Outcome

#: In whole cents: the least and the most of one B2C payment.
_SMALLEST, _LARGEST = 1_000, 25_000_000
DONE = "0"
WORDS = {
    DONE: "The service request is processed successfully.",
    "1": "The balance is insufficient for the transaction.",
    "2": "Declined due to limit rule: less than the minimum transaction amount.",
    "3": "Declined due to limit rule: greater than the maximum transaction amount.",
    "8": "Declined due to limit rule: would exceed the maximum balance.",
    "11": "The DebitParty is in an invalid state.",
    "17": "System internal error.",
    "26": "System busy. The service request is rejected.",
    "1019": "Transaction has expired",
    "1032": "Request cancelled by user",
    "1037": "DS timeout user cannot be reached",
    "2001": "The initiator information is invalid.",
    "2006": "Declined due to account rule: the account status does not allow the transaction.",
    "2033": "The transaction receipt number does not exist.",
    "8006": "The security credential is locked.",
    "9999": "Request processing failed.",
    "R000001": "The transaction has already been reversed.",
    "R000002": "The OriginalTransactionID is invalid.",
    "SFC_IC0003": "The initiator is not allowed: the receiver party is invalid.",
}
#: What a result says where the fault, not the books, decides.
CODES = {
    Outcome.PAID: DONE,
    Outcome.DECLINED: "2006",
    Outcome.CANCELLED: "1032",
    Outcome.INSUFFICIENT_FUNDS: "1",
    Outcome.WRONG_PIN: "2001",
    Outcome.EXPIRED: "1019",
    Outcome.UNREACHABLE: "1037",
    Outcome.NOT_FOUND: "SFC_IC0003",
    Outcome.LIMIT_REACHED: "8",
    Outcome.UNDELIVERED: "9999",
    Outcome.UNAVAILABLE: "26",
}
_BY_INITIATOR = {"wrong": "2001", "locked": "8006"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How an instruction ended: the code, and what moved where it is 0."""

    code: str
    moves: tuple[Movement, ...] = ()
    turned_back: str = ""
    receipt: str = ""


def carry_out(book: DarajaBook, instruction: Instruction, minor: int) -> Done:
    """Carry it out for that many cents, as the books of the short codes allow."""
    wrong = _BY_INITIATOR.get(instruction.initiator)
    if wrong:
        return Done(code=wrong)
    match instruction.kind:
        case Kind.PAYOUT:
            return _pay(book, instruction, minor)
        case Kind.TRANSFER:
            return _transfer(book, instruction, minor)
        case Kind.REVERSAL:
            return _reverse(book, instruction)
        case _:
            return Done(code=DONE)


def _pay(book: DarajaBook, instruction: Instruction, minor: int) -> Done:
    organisation = book.organisations[instruction.short_code]
    if instruction.amount_minor < _SMALLEST:
        return Done(code="2")
    if instruction.amount_minor > _LARGEST:
        return Done(code="3")
    if organisation.balances["utility"] < minor:
        return Done(code="1")
    receipt, charge = codes.receipt(), fee(minor) if organisation.charged else 0
    paid = _moved(instruction, "utility", "payout", -minor, receipt, fee_minor=charge)
    charged = _moved(instruction, "charges_paid", "fee", -charge, receipt)
    return Done(code=DONE, receipt=receipt, moves=(paid, charged) if charge else (paid,))


def _transfer(book: DarajaBook, instruction: Instruction, minor: int) -> Done:
    organisation, receiver = book.organisations[instruction.short_code], instruction.party
    if receiver not in book.organisations:
        return Done(code="SFC_IC0003")
    if organisation.balances["working"] < minor:
        return Done(code="1")
    receipt = codes.receipt()
    lands: Account = "utility" if _tops_up(instruction) else "working"
    return Done(
        code=DONE,
        receipt=receipt,
        moves=(
            _moved(instruction, "working", "transfer", -minor, receipt),
            _moved(instruction, lands, "transfer", minor, receipt, short_code=receiver),
        ),
    )


def _tops_up(instruction: Instruction) -> bool:
    return instruction.body.get("CommandID") in {
        "BusinessPayToBulk",
        "BusinessTransferFromMMFToUtility",
    }


def _reverse(book: DarajaBook, instruction: Instruction) -> Done:
    """Only money received can be sent back; never a payout."""
    original = str(instruction.body.get("TransactionID"))
    received = received_minor(book, instruction.short_code, original)
    if original in book.reversed:
        return Done(code="R000001")
    if received is None:
        return Done(code="R000002")
    if book.organisations[instruction.short_code].balances["working"] < received:
        return Done(code="1")
    receipt = codes.receipt()
    back = _moved(instruction, "working", "reversal", -received, receipt)
    return Done(code=DONE, receipt=receipt, moves=(back,), turned_back=original)


def received_minor(book: DarajaBook, short_code: str, receipt: str) -> int | None:
    """What the short code received under that receipt, in cents; None: nothing."""
    collection, push = book.collections.get(receipt), book.push(receipt)
    if collection and collection.short_code == short_code and collection.state == "completed":
        return collection.amount_minor
    if push and push.echo.get("BusinessShortCode") == short_code:
        return push.taken_minor
    return None


def _moved(
    instruction: Instruction,
    account: Account,
    kind: str,
    minor: int,
    receipt: str,
    *,
    fee_minor: int = 0,
    short_code: str = "",
) -> Movement:
    return Movement(
        short_code=short_code or instruction.short_code,
        account=account,
        kind=kind,
        amount_minor=minor,
        reference=instruction.originator,
        receipt=receipt,
        party=instruction.party,
        at=now(),
        fee_minor=fee_minor,
    )
