"""What MTN's disbursement product does: transfers, refunds, balance, holders."""

from typing import Any

import httpx

from models.ids import momo_reference
from models.money_out import Holder, PayoutOrder, RefundOrder
from models.reading import Reading, Reason
from providers.bearer import TokenRefused
from providers.http import Answer
from providers.momo.connection import Connection
from providers.momo.fitting import is_number, plain, unfit_for
from providers.momo.holders import active_in, named_in
from providers.momo.settings import MomoSettings, Product
from providers.momo.status import read_ack, read_balance, status_reader
from providers.readings import about_a_question, about_no_money, refused_here

TRANSFER, REFUND = "/disbursement/v1_0/transfer", "/disbursement/v1_0/refund"
BALANCE = "/disbursement/v1_0/account/balance"
HOLDER = "/disbursement/v1_0/accountholder/msisdn"


class MomoWallet:
    """Calls of one wallet, each sent once.

    The reference is derived from our id, so every repeat carries the same one and MTN refuses
    the second: a repeat is always safe.
    """

    def __init__(
        self,
        settings: MomoSettings,
        product: Product,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._mtn = Connection(settings, product, transport=transport)
        self._read_status = status_reader(settings.currency)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send money. Raises Unreachable or Ambiguous."""
        unfit = unfit_for(self._settings, order.amount, order.payee)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        return await self._send(TRANSFER, order.id, order.result_url, _transfer(order))

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask by our own reference. Raises Unreachable or Ambiguous."""
        return await self._ask(TRANSFER, order.id)

    async def refund(self, order: RefundOrder) -> Reading:
        """Give a payment back, all of it: whether MTN takes less is not documented.

        Raises Unreachable or Ambiguous.
        """
        if order.amount != order.paid or order.amount.currency != self._settings.currency:
            return refused_here(Reason.BAD_REQUEST, "MTN gives back the full amount only")
        return await self._send(REFUND, order.id, order.result_url, _refund(order))

    async def ask_refund(self, order: RefundOrder) -> Reading:
        """Ask by our own reference. Raises Unreachable or Ambiguous."""
        return await self._ask(REFUND, order.id)

    async def balance(self, answer_to: str | None = None) -> Reading:  # noqa: ARG002 - told at once
        """What the wallet holds. Raises Unreachable or Ambiguous."""
        try:
            answer = await self._mtn.call("GET", BALANCE)
        except TokenRefused as no:
            return about_no_money(no.reading)
        return read_balance(answer.body, answer.status)

    async def holder(self, order: PayoutOrder) -> Holder:
        """Who holds the payee's wallet, and whether it is open. Raises Unreachable or Ambiguous."""
        if not is_number(order.payee):
            return Holder()
        try:
            state = active_in(await self._look(order.payee, "active"))
            if state is not True:
                return Holder(active=state)
            return named_in(await self._look(order.payee, "basicuserinfo"), order.name)
        except TokenRefused:
            return Holder()

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._mtn.aclose()

    async def _look(self, number: str, what: str) -> Answer:
        return await self._mtn.call("GET", f"{HOLDER}/{number}/{what}")

    async def _send(
        self, path: str, ours: str, callback_url: str | None, body: dict[str, Any]
    ) -> Reading:
        headers = {"X-Reference-Id": momo_reference(ours)}
        if callback_url:
            headers["X-Callback-Url"] = callback_url
        try:
            answer = await self._mtn.call("POST", path, headers, body)
        except TokenRefused as no:
            return no.reading
        return read_ack(answer.body, answer.status)

    async def _ask(self, path: str, ours: str) -> Reading:
        try:
            answer = await self._mtn.call("GET", f"{path}/{momo_reference(ours)}")
        except TokenRefused as no:
            return about_a_question(no.reading)
        return self._read_status(answer.body, answer.status)


def opened(settings: MomoSettings) -> MomoWallet | None:
    """The wallet of these settings; None where the product is not bought."""
    return MomoWallet(settings, settings.disbursement) if settings.disbursement else None


def _transfer(order: PayoutOrder) -> dict[str, Any]:
    note = plain(order.purpose)
    return {
        "amount": f"{order.amount.decimal():f}",
        "currency": order.amount.currency,
        "externalId": order.id,
        "payee": {"partyIdType": "MSISDN", "partyId": order.payee},
        "payerMessage": note,
        "payeeNote": note,
    }


def _refund(order: RefundOrder) -> dict[str, Any]:
    return {
        "amount": f"{order.amount.decimal():f}",
        "currency": order.amount.currency,
        "externalId": order.id,
        "payerMessage": "Refund",
        "payeeNote": "Refund",
        "referenceIdToRefund": momo_reference(order.attempt_id),
    }
