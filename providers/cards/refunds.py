"""Refunds of card payments: whole or in parts, by a transaction whose id is ours."""

import httpx

from models.money_out import RefundOrder
from models.reading import Reading, Reason, Verdict
from providers.cards.connection import Connection
from providers.cards.settings import CardsSettings
from providers.cards.transaction import read_asked, read_transaction
from providers.readings import about_a_question, refused_here


class CardRefunds:
    """Calls of one merchant, each sent once.

    A repeat under the same id is not done twice, but may be answered INVALID_REQUEST: that is
    unknown here, and asked for.
    """

    def __init__(
        self, settings: CardsSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._currency = settings.currency
        self._gateway = Connection(settings, transport=transport)

    async def refund(self, order: RefundOrder) -> Reading:
        """Give back, up to what was captured. Raises Unreachable or Ambiguous."""
        unfit = self._unfit(order)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        amount = {"amount": f"{order.amount.decimal():f}", "currency": order.amount.currency}
        body = {"apiOperation": "REFUND", "transaction": amount}
        answer = await self._gateway.send("PUT", _path(order), body)
        reading = read_transaction(answer.body, answer.status)
        return about_a_question(reading) if reading.reason is Reason.BAD_REQUEST else reading

    async def ask_refund(self, order: RefundOrder) -> Reading:
        """Ask for its transaction; "not found" means it was not done. Raises as `refund` does."""
        answer = await self._gateway.get(_path(order))
        reading = read_asked(answer.body, answer.status)
        if reading.provider_reference not in {None, _transaction(order)}:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
        return reading

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._gateway.aclose()

    def _unfit(self, order: RefundOrder) -> str | None:
        if order.amount.currency != self._currency or order.paid.currency != self._currency:
            return f"this card merchant carries {self._currency} only"
        if not 0 < order.amount.minor <= order.paid.minor:
            return "the amount is not between nothing and what was paid"
        return None


def _transaction(order: RefundOrder) -> str:
    """The id it has at the gateway for ever."""
    return f"refund-{order.id}"


def _path(order: RefundOrder) -> str:
    return f"/order/{order.attempt_id}/transaction/{_transaction(order)}"
