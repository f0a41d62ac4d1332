"""What an Airtel wallet does with its own money: payouts, refunds, balance, holders."""

from typing import Any

import httpx

from models.money_out import Holder, PayoutOrder, RefundOrder
from models.reading import Reading, Reason, Verdict
from providers.airtel.client import ENQUIRY, unfit_for
from providers.airtel.connection import Connection
from providers.airtel.messages import (
    holder_in,
    read_balance,
    read_disburse_ack,
    read_disburse_status,
    read_refund_ack,
)
from providers.airtel.names import msisdn, plain, transaction_id
from providers.airtel.proof import sealed_pin
from providers.airtel.settings import AirtelSettings
from providers.bearer import TokenRefused
from providers.readings import about_a_question, about_no_money, refused_here

DISBURSE = "/standard/v2/disbursements/"
REFUND = f"{ENQUIRY}/refund"
USERS = "/standard/v1/users"


class AirtelWallet:
    """Calls of one app, each sent once. Every repeat of a payout carries the same id."""

    def __init__(
        self, settings: AirtelSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Raises BadKey."""
        self._settings = settings
        self._pin = sealed_pin(settings) if settings.public_key else ""
        self._airtel = Connection(settings, transport=transport)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send money. Raises Unreachable or Ambiguous."""
        unfit = unfit_for(self._settings, order.amount, order.payee)
        if unfit or not self._pin:
            return refused_here(Reason.BAD_REQUEST, unfit or "there is no PIN to pay out with")
        try:
            answer = await self._airtel.call("POST", DISBURSE, self._body(order))
        except TokenRefused as no:
            return no.reading
        return read_disburse_ack(answer.body, answer.status, self._settings.currency)

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask by our own id. Raises Unreachable or Ambiguous."""
        path = f"{DISBURSE}{transaction_id(order.id)}"
        try:
            answer = await self._airtel.call("GET", path, params={"transactionType": "B2C"})
        except TokenRefused as no:
            return about_a_question(no.reading)
        return read_disburse_status(answer.body, answer.status, self._settings.currency)

    async def refund(self, order: RefundOrder) -> Reading:
        """Give a payment back, all of it, by its receipt. Raises Unreachable or Ambiguous."""
        if order.amount != order.paid:
            return refused_here(Reason.BAD_REQUEST, "Airtel gives back the full amount only")
        if not order.receipt:
            return refused_here(Reason.BAD_REQUEST, "the payment's airtel_money_id is not known")
        body = {"transaction": {"airtel_money_id": order.receipt}}
        try:
            answer = await self._airtel.call("POST", REFUND, body)
        except TokenRefused as no:
            return no.reading
        return read_refund_ack(answer.body, answer.status)

    async def ask_refund(self, order: RefundOrder) -> Reading:  # noqa: ARG002 - the slot's signature
        """Airtel has no question about a refund: the statement says, or nobody."""
        return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)

    async def balance(self, answer_to: str | None = None) -> Reading:  # noqa: ARG002 - told at once
        """What the wallet holds. Raises Unreachable or Ambiguous."""
        try:
            answer = await self._airtel.call("GET", f"{USERS}/balance")
        except TokenRefused as no:
            return about_no_money(no.reading)
        return read_balance(answer.body, answer.status)

    async def holder(self, order: PayoutOrder) -> Holder:
        """Who holds the payee's wallet. Raises Unreachable or Ambiguous."""
        number = msisdn(order.payee, self._settings.country)
        if number is None:
            return Holder()
        try:
            answer = await self._airtel.call("GET", f"{USERS}/{number}")
        except TokenRefused:
            return Holder()
        return holder_in(answer.body, answer.status, order.name)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._airtel.aclose()

    def _body(self, order: PayoutOrder) -> dict[str, Any]:
        ours = transaction_id(order.id)
        payee = {
            "currency": self._settings.currency,
            "msisdn": msisdn(order.payee, self._settings.country),
            **({"name": order.name} if order.name else {}),
        }
        return {
            "payee": payee,
            "reference": plain(order.purpose, ours),
            "pin": self._pin,
            "transaction": {"amount": order.amount.whole(), "id": ours, "type": "B2C"},
        }


def opened_to_pay(settings: AirtelSettings) -> AirtelWallet | None:
    """The wallet; None without a PIN, for then nothing can be paid out. Raises BadKey."""
    return AirtelWallet(settings) if settings.public_key else None
