"""Notices of money as the bank writes them, in both forms, rightly or wrongly signed."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from simulators import codes
from simulators.ncba.answers import local, written
from simulators.ncba.book import Line
from simulators.settings import Settings

#: `raw` is the 44 letters one integrator expected: base64 of the digest itself.
Hash = Literal["right", "wrong", "raw"]
_XML_ORDER = (
    "TransType", "TransID", "TransTime", "TransAmount", "AccountNr", "Narrative", "PhoneNr",
    "CustomerName", "Status",
)  # fmt: skip
_JSON_ORDER = (
    "TransType", "TransID", "TransTime", "TransAmount", "BusinessShortCode", "BillRefNumber",
    "Mobile", "name",
)  # fmt: skip
_PAY_BILL = "880100"


@dataclass(frozen=True, slots=True)
class Notices:
    """Writes notices with the credentials the bank has from us."""

    settings: Settings

    def xml(self, line: Line, *, hash_: Hash = "right") -> str:
        """An account notice; debits are negative."""
        told = {
            "TransType": line.facts.get("kind", "Transfer"),
            "TransID": line.reference,
            "TransTime": local(line).strftime("%y%m%d%H%M"),
            "TransAmount": written(line.minor),
            "AccountNr": line.account,
            "Narrative": line.narrative,
            "PhoneNr": line.facts.get("phone", ""),
            "CustomerName": line.facts.get("name", ""),
            "Status": "SUCCESS",
        }
        settings = self.settings
        signed = {
            "User": settings.ncba_notice_user,
            "Password": settings.ncba_notice_password,
            "HashVal": self._hash([told[name] for name in _XML_ORDER], hash_),
            **told,
            "FtCrNarration": line.narrative,
        }
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in signed.items())
        return (
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
            f"<soapenv:Header/><soapenv:Body><NCBAPaymentNotificationRequest>{inner}"
            "</NCBAPaymentNotificationRequest></soapenv:Body></soapenv:Envelope>"
        )

    def json(self, line: Line, *, hash_: Hash = "right") -> str:
        """A pay bill notice; the customer's reference is the narrative."""
        whole, cents = divmod(abs(line.minor), 100)
        sign = "-" if line.minor < 0 else ""
        told = {
            "TransType": line.facts.get("kind", "Pay Bill"),
            "TransID": line.facts.get("receipt") or codes.receipt(),
            "FTRef": "" if line.facts.get("core") == "absent" else line.reference,
            "TransTime": local(line).strftime("%Y%m%d%H%M%S"),
            "TransAmount": f"{sign}{whole}.{cents // 10 if cents % 10 == 0 else f'{cents:02d}'}",
            "BusinessShortCode": _PAY_BILL,
            "BillRefNumber": line.account,
            "Narrative": line.narrative,
            "Mobile": line.facts.get("phone", ""),
            "name": line.facts.get("name", ""),
            "Username": self.settings.ncba_notice_user,
            "Password": self.settings.ncba_notice_password,
        }
        values = [*(told[name] for name in _JSON_ORDER), "1"]
        return json.dumps({**told, "Hash": self._hash(values, hash_)})

    def _hash(self, values: list[str], how: Hash) -> str:
        """base64 of the hex text of SHA-256: 88 letters."""
        secret = self.settings.ncba_notice_secret + ("?" if how == "wrong" else "")
        digest = hashlib.sha256((secret + "".join(values)).encode())
        made = digest.digest() if how == "raw" else digest.hexdigest().encode()
        return base64.b64encode(made).decode()
