"""C2B: the payer used the menu. What we are told, what we answer, where we want to be told.

In both messages every value is a string. Pure; reading never raises.
"""

from collections.abc import Mapping
from enum import StrEnum

from models.mobile_money import PaybillPayment
from models.reading import Reading, Verdict
from providers.mpesa.receipts import receipt
from providers.mpesa.stk import CURRENCY
from providers.mpesa.times import moment
from providers.readings import UNREADABLE
from providers.wire import money, parse, text


class Unanswered(StrEnum):
    """What becomes of a payment whose validation gets no answer from us in time (about 8 s)."""

    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


class Rejection(StrEnum):
    """Why we do not want a payment: Safaricom's words for what the payer is told."""

    PHONE = "C2B00011"
    ACCOUNT = "C2B00012"
    AMOUNT = "C2B00013"
    IDENTITY = "C2B00014"
    SHORT_CODE = "C2B00015"
    OTHER = "C2B00016"


#: Money has moved: a confirmation is always taken, whoever it is for.
CONFIRMED: Mapping[str, object] = {"ResultCode": 0, "ResultDesc": "Accepted"}


def accepted(third_party_id: str | None = None) -> Mapping[str, str]:
    """The answer to a validation we agree with; the id comes back in the confirmation."""
    answer = {"ResultCode": "0", "ResultDesc": "Accepted"}
    return answer | {"ThirdPartyTransID": third_party_id} if third_party_id else answer


def rejected(why: Rejection) -> Mapping[str, str]:
    """The answer to a validation we refuse; no money moves."""
    return {"ResultCode": why.value, "ResultDesc": "Rejected"}


def registration(
    short_code: str, *, confirmation_url: str, validation_url: str, unanswered: Unanswered
) -> dict[str, str]:
    """The body that says where the payments of a short code are told."""
    return {
        "ShortCode": short_code,
        "ResponseType": unanswered.value,
        "ConfirmationURL": confirmation_url,
        "ValidationURL": validation_url,
    }


def read_confirmation(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """Money has moved: the amount, the receipt and the bill reference the payer typed."""
    return _read(body, Verdict.SETTLED)


def read_validation(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """A question to us before the money moves; same shape, no verdict."""
    return _read(body, None)


def read_paybill(body: bytes) -> PaybillPayment | None:
    """Everything a validation or a confirmation says; None without an amount or a receipt."""
    notice = parse(body) or {}
    amount = money(notice.get("TransAmount"), CURRENCY)
    proof = receipt(notice.get("TransID"))
    if amount is None or proof is None:
        return None
    said = {name: text(value) for name, value in notice.items()}
    return PaybillPayment(
        kind=said.get("TransactionType"),
        receipt=proof,
        amount=amount,
        paid_at=moment(notice.get("TransTime")),
        short_code=said.get("BusinessShortCode"),
        bill_reference=said.get("BillRefNumber"),
        invoice=said.get("InvoiceNumber"),
        third_party_id=said.get("ThirdPartyTransID"),
        phone=said.get("MSISDN"),
        first_name=said.get("FirstName"),
        middle_name=said.get("MiddleName"),
        last_name=said.get("LastName"),
        balance=money(notice.get("OrgAccountBalance"), CURRENCY),
    )


def _read(body: bytes, verdict: Verdict | None) -> Reading:
    payment = read_paybill(body)
    if payment is None:
        return UNREADABLE
    return Reading(
        verdict=verdict,
        amount=payment.amount,
        our_reference=payment.bill_reference,
        receipt=payment.receipt,
    )
