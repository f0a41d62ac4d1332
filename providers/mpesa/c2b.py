"""C2B messages: the payer used the menu. Every value is a string. Pure; never raises."""

from models.reading import Reading, Verdict
from providers.mpesa.receipts import receipt
from providers.mpesa.stk import CURRENCY
from providers.readings import UNREADABLE
from providers.wire import money, parse, text


def read_confirmation(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """Money has moved: the amount, the receipt and the bill reference the payer typed."""
    return _read(body, Verdict.SETTLED)


def read_validation(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """A question to us before the money moves; same shape, no verdict."""
    return _read(body, None)


def _read(body: bytes, verdict: Verdict | None) -> Reading:
    notice = parse(body) or {}
    amount = money(notice.get("TransAmount"), CURRENCY)
    proof = receipt(notice.get("TransID"))
    if amount is None or proof is None:
        return UNREADABLE
    return Reading(
        verdict=verdict,
        amount=amount,
        our_reference=text(notice.get("BillRefNumber")),
        receipt=proof,
    )
