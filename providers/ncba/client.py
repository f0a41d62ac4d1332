"""NCBA open banking over HTTP. What the answers mean: acks.py, errors.py, statements.py.

The bank has no query and promises no idempotency: money calls are sent once, and what became
of one is told by its callback and the statement.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import httpx

from models.banking import BankTransfer, FloatPurchase, ShortCodeCheck, Statement
from models.money_out import BankPayoutOrder, Holder
from models.reading import Reading, Reason
from providers.bearer import Bearer, Token, TokenRefused, fetched
from providers.http import Answer, Line, Patience
from providers.ncba import orders, payments, statements
from providers.ncba.acks import read_float_ack, read_transfer_ack
from providers.ncba.errors import read_error
from providers.ncba.keys import TOKEN_LIFE, NcbaKeys
from providers.ncba.owners import read_account, read_owner
from providers.readings import about_a_question, about_no_money, refused_here

BALANCE = "/api/v1/AccountDetails/accountdetails"
STATEMENT = "/api/v1/AccountStatement/accountstatement"
TRANSFER = "/api/v1/IFTTransaction/ifttransaction"
FLOAT = "/api/v1/FloatPurchase/floatpurchase"
OWNER = "/api/v1/LipaNaMpesaValidation/accountdetails"
VALIDATE = "/api/v1/PesalinkValidation/validate-account"
TOKEN_NAMES = ("accessToken", "access_token", "tokenID", "token")
#: The bank's firewall turns the default names of HTTP libraries away.
USER_AGENT = "Kauri-Payments/1.0 (bank integration)"


class NcbaClient:
    """Moves and watches one customer's accounts; owns its connections and its token."""

    def __init__(
        self, keys: NcbaKeys, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._keys = keys
        # httpx appends the path to the base's own; urljoin would drop `/test/apigateway`.
        self._line = Line(
            keys.base_url.rstrip("/"),
            patience=Patience(deadline=keys.call_deadline),
            transport=transport,
            longest=statements.LONGEST,
        )
        self._headers = {
            "Ocp-Apim-Subscription-Key": keys.subscription_key,
            "User-Agent": USER_AGENT,
        }
        self._bearer = Bearer(self._token)

    async def buy_float(self, order: FloatPurchase) -> Reading:
        """Order float, once. At best PENDING. Raises Unreachable or Ambiguous."""
        unfit = orders.unfit_purchase(order)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        try:
            answer = await self._post(FLOAT, orders.float_purchase(order))
        except TokenRefused as no:
            return _unsent(no)
        return read_float_ack(answer.body, answer.status)

    async def transfer(self, order: BankTransfer) -> Reading:
        """Move money within the bank, once. Raises Unreachable or Ambiguous."""
        unfit = orders.unfit_transfer(order)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        try:
            answer = await self._post(TRANSFER, orders.transfer(order, self._keys))
        except TokenRefused as no:
            return _unsent(no)
        return read_transfer_ack(answer.body, answer.status)

    async def pay(self, order: BankPayoutOrder, account: str) -> Reading:
        """Pay an account at a bank, once. Raises Unreachable or Ambiguous."""
        unfit = payments.unfit_payment(order, account)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        read = read_transfer_ack if order.rail in payments.FINAL else read_float_ack
        body = payments.payment(order, account, self._keys)
        try:
            answer = await self._post(payments.PATHS[order.rail], body)
        except TokenRefused as no:
            return _unsent(no)
        return read(answer.body, answer.status)

    async def validate_account(self, order: BankPayoutOrder, account: str) -> Holder:
        """Whether the beneficiary's account is there. Raises Unreachable or Ambiguous."""
        asked = {
            "targetPic": order.bank,
            "accountToVerify": order.account,
            "debitAccount": account,
        }
        try:
            answer = await self._post(VALIDATE, asked)
        except TokenRefused:
            return Holder()
        return read_account(answer.body, answer.status)

    async def balance(self, account: str) -> Reading:
        """What the account can spend, as `amount`. Raises Unreachable or Ambiguous."""
        try:
            answer = await self._ask(BALANCE, {"accountNo": account})
        except TokenRefused as no:
            return about_no_money(_unsent(no))
        return statements.read_balance(answer.body, answer.status)

    async def statement(self, account: str, first: date, last: date) -> Statement:
        """The account's lines of those value dates. Raises Unreachable or Ambiguous."""
        days = {"fromDate": f"{first:%d%m%Y}", "toDate": f"{last:%d%m%Y}"}
        try:
            answer = await self._ask(STATEMENT, {**days, "accountNo": account})
        except TokenRefused as no:
            reading = about_no_money(_unsent(no))
            return Statement(lines=(), whole=False, reading=reading)
        return statements.statement(answer.body, answer.status)

    async def validate_short_code(self, short_code: str, *, till: bool = False) -> ShortCodeCheck:
        """Whose pay bill (or till) it is. Raises Unreachable or Ambiguous."""
        asked = {"identifier": short_code, "identifierType": "2" if till else "4"}
        try:
            answer = await self._post(OWNER, asked)
        except TokenRefused as no:
            return ShortCodeCheck(name=None, reading=about_a_question(_unsent(no)))
        return read_owner(answer.body, answer.status, asked=short_code)

    async def authenticate(self) -> Reading:
        """Whether our user, password and subscription key open the door: a fresh token.

        Moves nothing. Raises Unreachable.
        """
        try:
            await self._bearer.token()
        except TokenRefused as no:
            return _unsent(no)
        return Reading(verdict=None)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    async def _ask(self, path: str, body: Mapping[str, Any]) -> Answer:
        return await self._post(path, {**body, "country": self._keys.country})

    async def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        async def ask(token: str) -> Answer:
            headers = {**self._headers, "Authorization": f"Bearer {token}"}
            return await self._line.send("POST", path, headers=headers, json=body)

        return await self._bearer.call(ask, stale=_stale)

    async def _token(self) -> Token:
        pair = {"userID": self._keys.user_id, "password": self._keys.password}
        path = self._keys.token_path
        asked = self._line.send("POST", path, headers=self._headers, json=pair)
        return await fetched(asked, refusal=_no_token, names=TOKEN_NAMES, unsaid=TOKEN_LIFE)


def _stale(answer: Answer) -> bool:
    return answer.status == 401


def _no_token(body: bytes, http_status: int = 200) -> Reading:
    """A door kept shut is told as it is, not as a line that is down: somebody has to open it."""
    reading = read_error(body, http_status)
    shut = reading.reason is Reason.CONFIGURATION
    return replace(reading, retryable=False) if shut else reading


def _unsent(no: TokenRefused) -> Reading:
    """Without a token nothing was sent: where the door is shut the same may be sent later."""
    return replace(no.reading, retryable=no.reading.reason is Reason.CONFIGURATION)
