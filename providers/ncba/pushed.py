"""The fields of a pushed notice, as ours. Pure; None for what makes no sense."""

from collections.abc import Mapping

from models.banking import BankNotice, Channel
from providers.ncba import amounts
from providers.wire import parse, text

_LONGEST_KEY = 64


def as_sent(body: bytes) -> dict[str, str] | None:
    """Scalars as they stood in the message; None where it is not one JSON object.

    A lone surrogate cannot be hashed or stored: such a body is not read.
    """
    answer = parse(body)
    if answer is None:
        return None
    sent = {name: value for name, said in answer.items() if (value := amounts.as_sent(said))}
    try:
        "".join(sent.values()).encode()
    except UnicodeEncodeError:
        return None
    return sent


def of_account(sent: Mapping[str, str]) -> BankNotice | None:
    """A SOAP notice; None where time, amount, account or reference cannot be read."""
    at, amount = amounts.minute(sent.get("TransTime")), amounts.signed(sent.get("TransAmount"))
    account, key = text(sent.get("AccountNr")), _key(sent.get("TransID"))
    if at is None or amount is None or account is None or key is None:
        return None
    return BankNotice(
        channel=Channel.XML,
        kind=text(sent.get("TransType")) or "",
        id=key,
        bank_reference=key,
        at=at,
        amount=amount,
        account=account,
        bill_reference=None,
        narrative=text(sent.get("Narrative")),
        phone=text(sent.get("PhoneNr")),
        name=text(sent.get("CustomerName")),
        status=text(sent.get("Status")),
    )


def of_pay_bill(sent: Mapping[str, str]) -> BankNotice | None:
    """A pay bill notice; None where time, amount, account or receipt cannot be read."""
    at, amount = amounts.second(sent.get("TransTime")), amounts.signed(sent.get("TransAmount"))
    account, key = text(sent.get("BusinessShortCode")), _key(sent.get("TransID"))
    if at is None or amount is None or account is None or key is None:
        return None
    return BankNotice(
        channel=Channel.JSON,
        kind=text(sent.get("TransType")) or "",
        id=key,
        bank_reference=_key(sent.get("FTRef")),
        at=at,
        amount=amount,
        account=account,
        bill_reference=text(sent.get("BillRefNumber")),
        narrative=text(sent.get("Narrative")),
        phone=text(sent.get("Mobile")),
        name=text(sent.get("name")),
        status=None,
    )


def _key(said: str | None) -> str | None:
    """What names the money in our books for ever; None for what no book would take."""
    key = text(said)
    return key if key and len(key) <= _LONGEST_KEY else None
