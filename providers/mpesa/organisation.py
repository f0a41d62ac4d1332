"""An organisation at Daraja: pays, moves its own money, asks, reverses, registers its addresses.

Every instruction is acknowledged at once and answered later at its result address: what the
acknowledgements mean stands in acks.py, the results in results.py and details.py.
"""

from dataclasses import dataclass, field, replace

import httpx

from models.payout import Payout, Reversal, Transfer
from models.reading import Reading, Reason, Verdict
from providers.bearer import TokenRefused
from providers.mpesa import c2b, orders
from providers.mpesa.acks import read_ack, read_register_ack
from providers.mpesa.connection import Connection
from providers.mpesa.initiator import security_credential
from providers.readings import about_a_question, about_no_money

PAYOUT = "/mpesa/b2c/v3/paymentrequest"
TRANSFER = "/mpesa/b2b/v1/paymentrequest"
STATUS = "/mpesa/transactionstatus/v1/query"
BALANCE = "/mpesa/accountbalance/v1/query"
REVERSAL = "/mpesa/reversal/v1/request"
REGISTER = "/mpesa/c2b/v2/registerurl"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKeys:
    """One short code, the app that speaks for it and the initiator who acts for it.

    `certificate_pem` is Safaricom's, one per environment. `deadline`: seconds of one call.
    """

    base_url: str
    short_code: str
    initiator: str
    certificate_pem: str = field(repr=False)
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    initiator_password: str = field(repr=False)
    deadline: float = 30.0


class MpesaOrganisation:
    """Calls of one short code. Refusals are readings; only Unreachable and Ambiguous are raised.

    A call is sent once; only one refused for its token is repeated, with a new token.
    """

    def __init__(
        self, keys: OrganisationKeys, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Raises BadCertificate."""
        self.short_code = keys.short_code
        self._initiator = {
            "Initiator": keys.initiator,
            "SecurityCredential": security_credential(
                keys.certificate_pem, keys.initiator_password
            ),
        }
        self._daraja = Connection(
            keys.base_url,
            consumer_key=keys.consumer_key,
            consumer_secret=keys.consumer_secret,
            deadline=keys.deadline,
            transport=transport,
        )

    async def authenticate(self) -> Reading:
        """Whether the app's keys give a token; `reason` None when they do.

        Says nothing of the initiator: only the result of a question for balances does.
        """
        try:
            await self._daraja.authenticate()
        except TokenRefused as no:
            return about_no_money(no.reading)
        return Reading(verdict=None)

    async def pay(self, payout: Payout) -> Reading:
        """Pay one customer out of the utility account. PENDING is queued, nothing more.

        A repeat of the reference is UNKNOWN, DUPLICATE: the first is on its way. Ask.
        """
        unfit = orders.unfit_payout(payout)
        if unfit:
            return unfit
        body = orders.payout(payout, initiator=self._initiator, short_code=self.short_code)
        return await self._send(PAYOUT, body)

    async def transfer(self, transfer: Transfer) -> Reading:
        """Move the organisation's own money. A repeat would move it twice."""
        unfit = orders.unfit_amount(transfer.amount)
        if unfit:
            return unfit
        body = orders.transfer(transfer, initiator=self._initiator, short_code=self.short_code)
        return await self._send(TRANSFER, body)

    async def reverse(self, reversal: Reversal) -> Reading:
        """Send a customer's money back. A payout cannot be reversed so."""
        unfit = orders.unfit_amount(reversal.amount)
        if unfit:
            return unfit
        body = orders.reversal(reversal, initiator=self._initiator, short_code=self.short_code)
        return await self._send(REVERSAL, body)

    async def ask(
        self,
        *,
        result_url: str,
        timeout_url: str,
        reference: str | None = None,
        receipt: str | None = None,
    ) -> Reading:
        """Ask what became of a transaction, by its receipt if known, else by our reference.

        PENDING: asked, the answer comes to `result_url`. It carries no reference: the ids of
        an acknowledgement are the question's.
        """
        if not (receipt or reference):
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
        named = {"TransactionID": receipt} if receipt else {"OriginalConversationID": reference}
        body = orders.status(
            asked_by={key: value for key, value in named.items() if value},
            initiator=self._initiator,
            short_code=self.short_code,
            result_url=result_url,
            timeout_url=timeout_url,
        )
        asked = about_a_question(await self._send(STATUS, body))
        return replace(asked, our_reference=None, provider_reference=None)

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        """Ask for the balances. No verdict; `reason` None when the question was taken.

        A wrong initiator or password is told by the result, and three lock the initiator.
        """
        body = orders.balance(
            initiator=self._initiator,
            short_code=self.short_code,
            result_url=result_url,
            timeout_url=timeout_url,
        )
        return about_no_money(await self._send(BALANCE, body))

    async def register_urls(
        self, *, confirmation_url: str, validation_url: str, unanswered: c2b.Unanswered
    ) -> Reading:
        """Say where pay bill payments are told. No verdict; DUPLICATE: registered before.

        In production the first registration stands for ever.
        """
        body = c2b.registration(
            self.short_code,
            confirmation_url=confirmation_url,
            validation_url=validation_url,
            unanswered=unanswered,
        )
        try:
            answer = await self._daraja.post(REGISTER, body)
        except TokenRefused as no:
            return about_no_money(no.reading)
        return read_register_ack(answer.body, answer.status)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._daraja.aclose()

    async def _send(self, path: str, body: dict[str, str]) -> Reading:
        try:
            answer = await self._daraja.post(path, body)
        except TokenRefused as no:
            return no.reading
        return read_ack(answer.body, answer.status)
