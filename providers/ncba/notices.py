"""Money the bank tells us of, in both its forms: read, proven, answered. Pure; never raises.

Nothing is believed before user, password and hash are right. Sources: MAPPINGS.md.
"""

import hmac
import json
from dataclasses import dataclass
from enum import StrEnum

from models.banking import BankNotice, Channel
from models.reading import Reading, Reason, Verdict
from providers.ncba.envelope import children
from providers.ncba.hashes import JSON_ORDERS, XML_ORDER, matching
from providers.ncba.keys import NoticeKeys
from providers.ncba.pushed import as_sent, of_account, of_pay_bill
from providers.readings import UNREADABLE

_GOOD = {"SUCCESS", "COMPLETED"}
_ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    "<soapenv:Header/><soapenv:Body><NCBAPaymentNotificationResult><Result>{}</Result>"
    "</NCBAPaymentNotificationResult></soapenv:Body></soapenv:Envelope>"
)


class Distrust(StrEnum):
    """Why a notice is not taken. The bank sends it again until it is."""

    UNREADABLE = "unreadable"
    CREDENTIALS = "credentials"
    HASH = "hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A notice, or why there is none. `order`: the field order its hash was made in.

    `proof` is the hash. It has no marks between its fields: the same proof on other fields is
    the same notice with letters moved, and never another one.
    """

    notice: BankNotice | None = None
    order: str | None = None
    proof: str = ""
    distrust: Distrust | None = None


def hear_xml(body: bytes, keys: NoticeKeys) -> Heard:
    """An account notice (SOAP)."""
    sent = children(body)
    if sent is None:
        return Heard(distrust=Distrust.UNREADABLE)
    if not _knows(keys, sent.get("User", ""), sent.get("Password", "")):
        return Heard(distrust=Distrust.CREDENTIALS)
    orders = {"account": XML_ORDER}
    proof = sent.get("HashVal", "")
    order = matching(proof, secret=keys.secret, values=sent, orders=orders)
    return _heard(of_account(sent), order, proof)


def hear_json(body: bytes, keys: NoticeKeys) -> Heard:
    """A pay bill notice. Which of the possible field orders matched is told."""
    sent = as_sent(body)
    if sent is None:
        return Heard(distrust=Distrust.UNREADABLE)
    if not _knows(keys, sent.get("Username", ""), sent.get("Password", "")):
        return Heard(distrust=Distrust.CREDENTIALS)
    proof = sent.get("Hash", "")
    order = matching(proof, secret=keys.secret, values=sent, orders=JSON_ORDERS)
    return _heard(of_pay_bill(sent), order, proof)


def answer_xml(heard: Heard, *, duplicate: bool = False) -> bytes:
    """What the bank looks for is `OK`; anything else comes back."""
    word = "OK: Duplicate Notification" if duplicate else "OK"
    return _ENVELOPE.format(f"FAIL: {heard.distrust}" if heard.distrust else word).encode()


def answer_json(heard: Heard, *, duplicate: bool = False) -> bytes:
    """ResultCode 0 is taken, 1 is refused."""
    word = "Duplicate Notification" if duplicate else "Received"
    refused = heard.distrust is not None
    said = {"ResultCode": "1" if refused else "0", "ResultDesc": heard.distrust or word}
    return json.dumps(said).encode()


def read_xml(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a notice has no status
    """What a SOAP notice says, before anybody proved that the bank sent it."""
    sent = children(body)
    return _read(of_account(sent) if sent else None)


def read_json(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a notice has no status
    """What a pay bill notice says, before anybody proved that the bank sent it."""
    sent = as_sent(body)
    return _read(of_pay_bill(sent) if sent else None)


def done(notice: BankNotice) -> bool:
    """True when the money has moved: a pay bill notice says nothing else, the other says so."""
    return notice.channel is Channel.JSON or (notice.status or "").upper() in _GOOD


def _heard(notice: BankNotice | None, order: str | None, proof: str) -> Heard:
    if order is None:
        return Heard(distrust=Distrust.HASH)
    if notice is None:
        return Heard(distrust=Distrust.UNREADABLE)
    return Heard(notice=notice, order=order, proof=proof)


def _knows(keys: NoticeKeys, user: str, password: str) -> bool:
    """Both compared in constant time, whichever is wrong; empty keys know nobody."""
    right_user = hmac.compare_digest(user.encode(), keys.user.encode())
    right_password = hmac.compare_digest(password.encode(), keys.password.encode())
    return right_user and right_password and bool(keys.user and keys.password and keys.secret)


def _read(notice: BankNotice | None) -> Reading:
    """A credit has settled; a debit says nothing about money coming in: no verdict."""
    if notice is None:
        return UNREADABLE
    good = done(notice)
    verdict = Verdict.SETTLED if good else Verdict.UNKNOWN
    return Reading(
        verdict=verdict if notice.amount.minor > 0 else None,
        reason=None if good else Reason.PROVIDER_ERROR,
        provider_code=notice.status or notice.kind or None,
        amount=notice.amount,
        our_reference=notice.narrative or notice.bill_reference,
        provider_reference=notice.bank_reference,
        receipt=notice.id,
    )
