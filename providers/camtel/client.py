"""Camtel's calls under the proposed contract: collections, transfers, refunds, look-ups."""

import re
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.money_out import Holder, PayoutOrder, RefundOrder
from models.reading import Reading, Reason, Verdict
from providers.bearer import TokenRefused
from providers.camtel.connection import Connection
from providers.camtel.messages import (
    CURRENCY,
    holder_in,
    read_ack,
    read_balance,
    read_sent,
    read_status,
)
from providers.camtel.settings import CamtelSettings
from providers.readings import about_a_question, about_no_money, refused_here

COLLECTIONS, TRANSFERS = "/v1/collections", "/v1/transfers"
BALANCE, ACCOUNTS = "/v1/balance", "/v1/accounts"
#: Camtel's prefixes are not confirmed: length and country alone are checked.
_NUMBER = re.compile(r"237[0-9]{9}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class CamtelClient:
    """Each call once. The key is our id: a repeat of the same body is answered by the first."""

    def __init__(
        self, settings: CamtelSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._camtel = Connection(settings, transport=transport)

    async def prompt(self, charge: Charge) -> Reading:
        """Ask the payer to confirm. Raises Unreachable or Ambiguous."""
        unfit = _unfit(charge.amount, charge.payer)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        body = {
            **_money(charge.amount, charge.attempt_id),
            "payer": f"+{charge.payer}",
            "description": charge.description,
            "callback_url": charge.callback_url,
        }
        try:
            answer = await self._camtel.call("POST", COLLECTIONS, body, key=charge.attempt_id)
        except TokenRefused as no:
            return no.reading
        return read_ack(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by our own reference. Raises Unreachable or Ambiguous."""
        return await self._ask(COLLECTIONS, charge.attempt_id)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send money. Raises Unreachable or Ambiguous."""
        unfit = _unfit(order.amount, order.payee)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        body = {
            **_money(order.amount, order.id),
            "payee": f"+{order.payee}",
            "reason": order.purpose,
            **({"callback_url": order.result_url} if order.result_url else {}),
        }
        return await self._send(TRANSFERS, body, order.id)

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask by our own reference. Raises Unreachable or Ambiguous."""
        return await self._ask(TRANSFERS, order.id)

    async def refund(self, order: RefundOrder) -> Reading:
        """Give a payment back, all of it. Raises Unreachable or Ambiguous."""
        collection = order.provider_reference or ""
        if order.amount != order.paid:
            return refused_here(Reason.BAD_REQUEST, "Camtel gives back the full amount only")
        if not _ID.fullmatch(collection):
            return refused_here(Reason.BAD_REQUEST, "the payment's id at Camtel is not known")
        body = _money(order.amount, order.id)
        del body["currency"]
        return await self._send(f"{COLLECTIONS}/{collection}/refunds", body, order.id)

    async def ask_refund(self, order: RefundOrder) -> Reading:  # noqa: ARG002 - the slot's signature
        """The contract has no question about a refund: a callback says, or people."""
        return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)

    async def balance(self, answer_to: str | None = None) -> Reading:  # noqa: ARG002 - told at once
        """What the wallet holds. Raises Unreachable or Ambiguous."""
        try:
            answer = await self._camtel.call("GET", BALANCE)
        except TokenRefused as no:
            return about_no_money(no.reading)
        return read_balance(answer.body, answer.status)

    async def holder(self, order: PayoutOrder) -> Holder:
        """Whether the payee's wallet is open. Raises Unreachable or Ambiguous."""
        if not _NUMBER.fullmatch(order.payee):
            return Holder()
        try:
            answer = await self._camtel.call("GET", f"{ACCOUNTS}/{order.payee}")
        except TokenRefused:
            return Holder()
        return holder_in(answer.body, answer.status)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._camtel.aclose()

    async def _send(self, path: str, body: dict[str, Any], key: str) -> Reading:
        try:
            answer = await self._camtel.call("POST", path, body, key=key)
        except TokenRefused as no:
            return no.reading
        return read_sent(answer.body, answer.status)

    async def _ask(self, path: str, ours: str) -> Reading:
        try:
            answer = await self._camtel.call("GET", f"{path}/by-reference/{ours}")
        except TokenRefused as no:
            return about_a_question(no.reading)
        reading = read_status(answer.body, answer.status)
        if reading.our_reference not in {None, ours}:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
        return reading


def _money(amount: Money, reference: str) -> dict[str, Any]:
    return {
        "client_reference": reference,
        "amount": str(amount.whole()),
        "currency": amount.currency,
    }


def _unfit(amount: Money, number: str) -> str | None:
    if amount.currency != CURRENCY:
        return f"Camtel carries {CURRENCY} only"
    if amount.minor <= 0:
        return "the amount is not positive"
    if not _NUMBER.fullmatch(number):
        return "the number is not a Cameroonian one of 12 digits without a plus"
    return None
