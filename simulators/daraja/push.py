"""Reads an STK push or query as strictly as Daraja does."""

import base64
import re
from typing import Any
from urllib.parse import urlsplit

from simulators.daraja import answers
from simulators.daraja.organisations import Organisation
from simulators.door import Refused

#: Words Daraja refuses anywhere in a callback address.
FORBIDDEN_WORDS = ("mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
#: A Kenyan mobile as Daraja takes it.
PHONE = re.compile(r"254[17]\d{8}")
_TYPES = {"CustomerPayBillOnline", "CustomerBuyGoodsOnline"}
_STAMP = re.compile(r"\d{14}")


def check_password(body: dict[str, Any], organisation: Organisation) -> None:
    """Passkey and stamp fit together; raises Refused."""
    stamp = str(body.get("Timestamp"))
    if not _STAMP.fullmatch(stamp):
        raise Refused(answers.invalid("Timestamp"))
    signed = f"{organisation.short_code}{organisation.passkey}{stamp}"
    if body.get("Password") != base64.b64encode(signed.encode()).decode():
        raise Refused(answers.wrong_credentials())


def check(body: dict[str, Any]) -> int:
    """The amount of a push in cents; raises Refused naming the field that is wrong."""
    fields = {
        "TransactionType": body.get("TransactionType") in _TYPES,
        "PhoneNumber": bool(PHONE.fullmatch(str(body.get("PhoneNumber")))),
        "PartyA": body.get("PartyA") == body.get("PhoneNumber"),
        "PartyB": str(body.get("PartyB", "")).isdigit(),
        "CallBackURL": takes_callback(str(body.get("CallBackURL", ""))),
        "AccountReference": bool(body.get("AccountReference")),
        "TransactionDesc": bool(body.get("TransactionDesc")),
    }
    for name, right in fields.items():
        if not right:
            raise Refused(answers.invalid(name))
    return cents(body.get("Amount"))


def over_long(body: dict[str, Any]) -> bool:
    """Text longer than Daraja prints: accepted, and the push then fails as result 1025."""
    return len(str(body["AccountReference"])) > 12 or len(str(body["TransactionDesc"])) > 13


def takes_callback(url: str) -> bool:
    """True for an address Daraja accepts: none that holds a word it forbids."""
    parts = urlsplit(url)
    named = not any(word in url.lower() for word in FORBIDDEN_WORDS)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and named


def cents(amount: Any) -> int:
    """Whole shillings as a number or a string of digits; raises Refused for anything else."""
    text = amount if isinstance(amount, str) else str(amount)
    if isinstance(amount, bool | float) or not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise Refused(answers.invalid("Amount"))
    return int(text) * 100
