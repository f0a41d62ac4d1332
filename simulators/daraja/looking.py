"""Answers to questions about earlier transactions."""

from dataclasses import dataclass

from simulators.daraja.book import DarajaBook
from simulators.daraja.instructions import Instruction
from simulators.daraja.results import Parameters, holder, local
from simulators.faults import Asks

#: No such transaction.
NOT_FOUND = "2033"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One transaction as a question shows it, whatever it was."""

    originator: str
    conversation: str
    receipt: str
    status: str
    minor: int
    at: str
    ended_at: str
    debited: str
    credited: str


def look(book: DarajaBook, question: Instruction) -> Parameters | None:
    """What the question is told about its transaction; None: there is none."""
    found = _found(book, question)
    if found is None or question.asks == Asks.UNSEEN:
        return None
    status = "Pending" if question.asks == Asks.STALE else found.status
    told: Parameters = {
        "DebitPartyName": found.debited,
        "CreditPartyName": found.credited,
        "OriginatorConversationID": found.originator,
        "ConversationID": found.conversation,
        "InitiatedTime": int(local(found.at).strftime("%Y%m%d%H%M%S")),
        "DebitAccountType": "Utility Account",
        "DebitPartyCharges": "",
        "TransactionReason": "",
        "ReasonType": "Business Payment to Customer via API",
        "TransactionStatus": status,
        "Amount": f"{found.minor / 100:.2f}",
    }
    if status in {"Completed", "Reversed"}:
        told["ReceiptNo"] = found.receipt
        told["FinalisedTime"] = int(local(found.ended_at).strftime("%Y%m%d%H%M%S"))
    return told


def original(book: DarajaBook, question: Instruction) -> Instruction | None:
    """The instruction a question is about."""
    return book.find(question.short_code, _named(question))


def _named(question: Instruction) -> str:
    body = question.body
    return str(body.get("TransactionID") or body.get("OriginalConversationID") or "")


def _found(book: DarajaBook, question: Instruction) -> Found | None:
    one = original(book, question)
    if one is not None:
        return _instruction(one)
    return _received(book, question.short_code, _named(question))


def _instruction(one: Instruction) -> Found:
    status = "Reversed" if one.reversed else "Completed" if one.done else "Failed"
    return Found(
        originator=one.originator,
        conversation=one.key,
        receipt=one.receipt,
        status="Pending" if one.code is None else status,
        minor=one.taken_minor or one.amount_minor,
        at=one.at,
        ended_at=one.ended_at or one.at,
        debited=f"{one.short_code} - ORGANISATION",
        credited=f"{one.party} - {holder(one.party)}",
    )


def _received(book: DarajaBook, short_code: str, receipt: str) -> Found | None:
    """Money a customer paid: by the menu, or by a push."""
    collection, push = book.collections.get(receipt), book.push(receipt)
    turned = "Reversed" if receipt in book.reversed else "Completed"
    if collection and collection.short_code == short_code and collection.state != "offered":
        payer, minor, at = collection.payer, collection.amount_minor, collection.at
        status = "Cancelled" if collection.state == "cancelled" else turned
    elif push and push.echo.get("BusinessShortCode") == short_code:
        payer, minor, at, status = push.payer, push.taken_minor, push.ended_at, turned
    else:
        return None
    return Found(
        originator="",
        conversation="",
        receipt=receipt,
        status=status,
        minor=minor,
        at=at,
        ended_at=at,
        debited=f"{payer} - {holder(payer)}",
        credited=f"{short_code} - ORGANISATION",
    )
