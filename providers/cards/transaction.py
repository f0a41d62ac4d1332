"""One transaction of an order, as answered and as told. Pure; never raises.

Read in this order: `result`, `response.gatewayCode`, `transaction.type`. HTTP 200 and 201 come
with declines too.
"""

from dataclasses import replace

from models.reading import Reading, Verdict
from providers.cards import codes
from providers.cards.errors import is_error, read_error
from providers.cards.order import in_order, is_order
from providers.cards.plain import plain
from providers.cards.results import meaning
from providers.readings import about_a_question, sure_of_amount
from providers.wire import Fields, fields, masked, money, parse, text


def read_transaction(body: bytes, http_status: int = 200) -> Reading:
    """A transaction, or the order it belongs to."""
    return _told(body, http_status) or read_error(body, http_status)


def read_asked(body: bytes, http_status: int = 200) -> Reading:
    """A transaction asked for: a refused question says nothing about the money."""
    return _told(body, http_status) or about_a_question(read_error(body, http_status))


def read_webhook(body: bytes, http_status: int = 200) -> Reading:
    """A notification: a transaction. Its id is no handle of ours: we ask for the order."""
    return replace(read_transaction(body, http_status), provider_reference=None)


def _told(body: bytes, http_status: int) -> Reading | None:
    answer = parse(body) if http_status // 100 == 2 else None
    if not answer or is_error(answer):
        return None
    if is_order(answer):
        return in_order(answer)
    return in_transaction(answer) if "result" in answer else None


def in_transaction(answer: Fields) -> Reading:
    """Read a transaction. One without a listed type moves no money that we know of."""
    order, told = fields(answer.get("order")), fields(answer.get("transaction"))
    response = fields(answer.get("response"))
    code, result = plain(response.get("gatewayCode")), plain(answer.get("result"))
    kind = text(told.get("type")) or ""
    known = meaning(result, code, kind)
    currency = text(told.get("currency")) or text(order.get("currency"))
    refused = known.verdict is Verdict.REFUSED
    reading = Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=code or result,
        provider_message=masked(response.get("acquirerMessage")) if refused else None,
        amount=money(told.get("amount"), currency),
        our_reference=plain(order.get("id")),
        provider_reference=plain(told.get("id")),
        receipt=plain(told.get("receipt")) if kind in codes.MOVES_MONEY else None,
    )
    return sure_of_amount(reading, told.get("amount"))
