"""What the house's own short code does with its money: payouts, reversals, balance.

Everything is acknowledged at once and answered later: payouts at ke2, reversals at ke6, questions
at ke4 and ke10, time-outs at ke3, balances at ke9 (providers/doors.py).
"""

import httpx

from models.ids import originator_reference
from models.money_out import PayoutOrder, RefundOrder
from models.payout import Payout, Reversal
from models.reading import Reading, Reason, Verdict
from providers.mpesa.organisation import MpesaOrganisation, OrganisationKeys
from providers.mpesa.settings import MpesaSettings
from providers.readings import refused_here

_NOWHERE = "there is no address the result could come to"


class MpesaWallet:
    """Calls of the house's short code, each sent once."""

    def __init__(
        self, keys: OrganisationKeys, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Raises BadCertificate."""
        self._organisation = MpesaOrganisation(keys, transport=transport)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Pay one customer out of the utility account. Raises Unreachable or Ambiguous.

        A repeat is UNKNOWN, DUPLICATE: the first is on its way.
        """
        if not (order.result_url and order.timeout_url):
            return refused_here(Reason.BAD_REQUEST, _NOWHERE)
        return await self._organisation.pay(
            Payout(
                instruction_id=order.id,
                reference=originator_reference(order.id),
                amount=order.amount,
                payee=order.payee,
                purpose=order.purpose,
                result_url=order.result_url,
                timeout_url=order.timeout_url,
            )
        )

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask by our own reference; PENDING: the answer comes later.

        Raises Unreachable or Ambiguous.
        """
        if not (order.result_url and order.timeout_url):
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
        return await self._organisation.ask(
            reference=originator_reference(order.id),
            result_url=order.result_url,
            timeout_url=order.timeout_url,
        )

    async def refund(self, order: RefundOrder) -> Reading:
        """Reverse a whole payment by its receipt: M-Pesa reverses it once.

        Raises Unreachable or Ambiguous.
        """
        if order.amount != order.paid:
            return refused_here(Reason.BAD_REQUEST, "M-Pesa gives back the full amount only")
        if not order.receipt:
            return refused_here(Reason.BAD_REQUEST, "the payment's receipt is not known")
        if not (order.result_url and order.timeout_url):
            return refused_here(Reason.BAD_REQUEST, _NOWHERE)
        return await self._organisation.reverse(
            Reversal(
                instruction_id=order.id,
                receipt=order.receipt,
                amount=order.amount,
                purpose="Refund",
                result_url=order.result_url,
                timeout_url=order.timeout_url,
            )
        )

    async def ask_refund(self, order: RefundOrder) -> Reading:
        """Ask what became of the payment: reversed, it was given back. PENDING: told later.

        Raises Unreachable or Ambiguous.
        """
        if not (order.receipt and order.result_url and order.timeout_url):
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
        return await self._organisation.ask(
            receipt=order.receipt, result_url=order.result_url, timeout_url=order.timeout_url
        )

    async def balance(self, answer_to: str | None = None) -> Reading:
        """Ask for the balances, told at `answer_to`. Raises Unreachable or Ambiguous."""
        if not answer_to:
            return Reading(verdict=None, reason=Reason.NOTHING_TO_ASK_WITH)
        return await self._organisation.balance(result_url=answer_to, timeout_url=answer_to)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._organisation.aclose()


def opened(settings: MpesaSettings) -> MpesaWallet | None:
    """The wallet of these settings; None without an initiator. Raises BadCertificate."""
    if not settings.initiator:
        return None
    return MpesaWallet(
        OrganisationKeys(
            base_url=settings.base_url,
            short_code=settings.short_code,
            initiator=settings.initiator,
            certificate_pem=settings.certificate,
            consumer_key=settings.consumer_key.get_secret_value(),
            consumer_secret=settings.consumer_secret.get_secret_value(),
            initiator_password=settings.initiator_password.get_secret_value(),
            deadline=settings.call_deadline,
        )
    )
