"""Orders of Mastercard Gateway: one attempt each, with every transaction made in it. Pure."""

from models.reading import Reading, Reason, Verdict
from providers.cards import codes
from providers.cards.errors import is_error, read_error
from providers.cards.plain import plain
from providers.cards.results import meaning
from providers.readings import Meaning, about_a_question, sure_of_amount
from providers.wire import Fields, fields, listed, money, parse, text

#: The contract's word for a status nobody listed: wait, and let people look when it does not end.
_UNLISTED = Meaning(Verdict.PENDING, Reason.PROVIDER_ERROR)


def read_order(body: bytes, http_status: int = 200) -> Reading:
    """An order asked for: a refused question says nothing about the money."""
    answer = parse(body) if http_status // 100 == 2 else None
    if answer and is_order(answer):
        return in_order(answer)
    return about_a_question(read_error(body, http_status))


def is_order(answer: Fields) -> bool:
    """Whether the answer is an order; a transaction holds its order inside."""
    return "status" in answer and "order" not in answer and not is_error(answer)


def in_order(order: Fields) -> Reading:
    """Read an order. What was captured is the amount: paid twice, it is not what we asked."""
    status = plain(order.get("status"))
    known = codes.ORDERS.get(status or "", _UNLISTED)
    settled = known.verdict is Verdict.SETTLED
    stated = _stated(order, settled=settled)
    tries = listed(order.get("transaction"))
    reading = Reading(
        verdict=known.verdict,
        reason=_why(tries) or known.reason if known.reason is Reason.DECLINED else known.reason,
        provider_code=status,
        amount=money(stated, text(order.get("currency"))),
        our_reference=plain(order.get("id")),
        receipt=_receipt(tries) if settled else None,
    )
    return sure_of_amount(reading, stated)


def _stated(order: Fields, *, settled: bool) -> object:
    captured = order.get("totalCapturedAmount")
    return captured if settled and captured is not None else order.get("amount")


def _receipt(tries: list[Fields]) -> str | None:
    """Of the first payment: further ones do not change under which receipt it was booked."""
    paid = (fields(one.get("transaction")) for one in tries if _brought_money(one))
    return next((plain(one.get("receipt")) for one in paid), None)


def _why(tries: list[Fields]) -> Reason | None:
    """Why the last try failed."""
    reasons = (_read(one).reason for one in reversed(tries) if text(one.get("result")) == "FAILURE")
    return next((reason for reason in reasons if reason is not Reason.PROVIDER_ERROR), None)


def _brought_money(one: Fields) -> bool:
    kind = text(fields(one.get("transaction")).get("type"))
    return kind in codes.BRINGS_MONEY and _read(one).verdict is Verdict.SETTLED


def _read(one: Fields) -> Meaning:
    code = text(fields(one.get("response")).get("gatewayCode"))
    kind = text(fields(one.get("transaction")).get("type")) or ""
    return meaning(text(one.get("result")), code, kind)
