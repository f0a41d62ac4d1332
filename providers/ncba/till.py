"""The collection till: prompts on the bank's pay bill. What answers mean: till_answers.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from models.charge import Charge
from models.ids import account_reference
from models.reading import Reading, Reason, Verdict
from providers.bearer import Bearer, Token, TokenRefused, fetched
from providers.http import Answer, Line, Patience, basic
from providers.ncba.client import USER_AGENT
from providers.ncba.errors import read_error
from providers.ncba.till_answers import read_prompt, read_query
from providers.readings import about_a_question, refused_here
from providers.shillings import unfit

TOKEN = "/payments/api/v1/auth/token"  # noqa: S105 - a path, not a secret
PROMPT = "/payments/api/v1/stk-push/initiate"
QUERY = "/payments/api/v1/stk-push/query"
_PAYER = re.compile(r"254[17][0-9]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TillKeys:
    """One till: `account` is our NCBA account or till number, told before the `#`."""

    base_url: str
    user: str
    password: str = field(repr=False)
    account: str
    pay_bill: str = "880100"
    call_deadline: float = 30.0


class NcbaTill:
    """Rings payers' phones for one till; owns its connections and its token."""

    def __init__(
        self, keys: TillKeys, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._keys = keys
        patience = Patience(deadline=keys.call_deadline)
        self._line = Line(keys.base_url.rstrip("/"), patience=patience, transport=transport)
        self._bearer = Bearer(self._token)

    async def prompt(self, charge: Charge) -> Reading:
        """Ring the payer's phone, once. Raises Unreachable or Ambiguous."""
        why = unfit(charge, payer=_PAYER, carrier="the till")
        if why:
            return refused_here(Reason.BAD_REQUEST, why)
        try:
            answer = await self._post(PROMPT, self._prompt(charge))
        except TokenRefused as no:
            return no.reading
        return read_prompt(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by TransactionID. Raises Unreachable or Ambiguous."""
        asked = charge.provider_reference
        if not asked:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
        try:
            answer = await self._post(QUERY, {"TransactionID": asked})
        except TokenRefused as no:
            return about_a_question(no.reading)
        return replace(read_query(answer.body, answer.status), provider_reference=asked)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    def _prompt(self, charge: Charge) -> dict[str, Any]:
        return {
            "TelephoneNo": charge.payer,
            "Amount": str(charge.amount.whole()),
            "PayBillNo": self._keys.pay_bill,
            "AccountNo": f"{self._keys.account}#{account_reference(charge.attempt_id)}",
            "Network": "Safaricom",
            "TransactionType": "CustomerPayBillOnline",
        }

    async def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        async def ask(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT}
            return await self._line.send("POST", path, headers=headers, json=body)

        return await self._bearer.call(ask, stale=lambda answer: answer.status == 401)

    async def _token(self) -> Token:
        return await fetched(self._asked_for_token(), refusal=read_error)

    async def _asked_for_token(self) -> Answer:
        """By GET, as one part of the bank's document says; by POST where only that is served."""
        pair = basic(self._keys.user, self._keys.password)
        headers = {"Authorization": f"Basic {pair}", "User-Agent": USER_AGENT}
        answer = await self._line.send("GET", TOKEN, headers=headers)
        if answer.status not in {404, 405}:
            return answer
        return await self._line.send("POST", TOKEN, headers=headers)
