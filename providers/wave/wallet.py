"""What a Wave wallet does with its own money: payouts, refunds, balance, recipients."""

import re
from typing import Any

import httpx

from models.money_out import Holder, PayoutOrder, RefundOrder
from models.reading import Reading, Reason
from providers.readings import about_a_question, refused_here
from providers.wave.client import SESSIONS
from providers.wave.connection import Connection
from providers.wave.payout import (
    read_balance,
    read_payout,
    read_payout_status,
    read_recipient,
    read_refund,
)
from providers.wave.settings import WaveSettings

PAYOUT, PAYOUTS = "/v1/payout", "/v1/payouts"
BALANCE, RECIPIENT = "/v1/balance", "/v1/verify_recipient/"
_PAYEE = re.compile(r"[1-9][0-9]{7,14}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class WaveWallet:
    """Calls of one wallet, each sent once.

    A payout's Idempotency-Key is our id and its body is the same bytes on every repeat: Wave
    answers a repeat with the first result and pays once.
    """

    def __init__(
        self, settings: WaveSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._currency = settings.currency
        self._wave = Connection(settings, transport=transport)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send money; fees come on top. Raises Unreachable or Ambiguous."""
        unfit = self._unfit(order)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        answer = await self._wave.post(PAYOUT, _body(order), key=order.id)
        return read_payout(answer.body, answer.status)

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask by Wave's id, or search by ours. Raises Unreachable or Ambiguous."""
        known = order.provider_reference or ""
        if _ID.fullmatch(known):
            answer = await self._wave.get(f"{PAYOUT}/{known}")
        else:
            answer = await self._wave.get(f"{PAYOUTS}/search", {"client_reference": order.id})
        return read_payout_status(answer.body, answer.status)

    async def refund(self, order: RefundOrder) -> Reading:
        """Give a session's money back, all of it. Raises Unreachable or Ambiguous."""
        session = order.provider_reference or ""
        if order.amount != order.paid:
            return refused_here(Reason.BAD_REQUEST, "Wave gives back the full amount only")
        if not _ID.fullmatch(session):
            return refused_here(Reason.BAD_REQUEST, "the payment's session is not known")
        answer = await self._wave.post(f"{SESSIONS}/{session}/refund")
        return read_refund(answer.body, answer.status)

    async def ask_refund(self, order: RefundOrder) -> Reading:
        """Wave gives back once however often it is told: the repeat is the question.

        Raises Unreachable or Ambiguous.
        """
        return about_a_question(await self.refund(order))

    async def balance(self, answer_to: str | None = None) -> Reading:  # noqa: ARG002 - told at once
        """What the wallet holds. Raises Unreachable or Ambiguous."""
        answer = await self._wave.get(BALANCE)
        return read_balance(answer.body, answer.status)

    async def holder(self, order: PayoutOrder) -> Holder:
        """Whether name and limits fit; thirty questions in five minutes about one number.

        Raises Unreachable or Ambiguous.
        """
        asked = {"mobile": f"+{order.payee}", **_money(order), **_name(order)}
        answer = await self._wave.post(RECIPIENT, asked)
        return read_recipient(answer.body, answer.status)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._wave.aclose()

    def _unfit(self, order: PayoutOrder) -> str | None:
        if order.amount.currency != self._currency:
            return f"this Wave wallet carries {self._currency} only"
        if order.amount.minor <= 0:
            return "the amount is not positive"
        if not _PAYEE.fullmatch(order.payee):
            return "the payee is not a number of 8 to 15 digits without a plus"
        return None


def _body(order: PayoutOrder) -> dict[str, Any]:
    return {
        "currency": order.amount.currency,
        "receive_amount": f"{order.amount.decimal():f}",
        "mobile": f"+{order.payee}",
        **_name(order),
        "payment_reason": order.purpose[:40],
        "client_reference": order.id,
    }


def _money(order: PayoutOrder) -> dict[str, str]:
    return {"amount": f"{order.amount.decimal():f}", "currency": order.amount.currency}


def _name(order: PayoutOrder) -> dict[str, str]:
    return {"name": order.name} if order.name else {}
