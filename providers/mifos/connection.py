"""One lender's server: who we are to it, and how it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from models.reading import Reading
from providers.contract import QuestionRefused
from providers.http import Answer, Line, Patience, basic
from providers.mifos.errors import is_error, read_error
from providers.mifos.proof import LONGEST
from providers.readings import UNREADABLE, about_a_question
from providers.wire import Fields, parse, parse_list


@dataclass(frozen=True, slots=True, kw_only=True)
class MifosKeys:
    """Credentials of one partner. `base_url` ends in `/fineract-provider/api/v1`.

    `deadline`: seconds one call may take; Fineract itself retries locks for several.
    """

    base_url: str
    tenant: str
    user: str
    password: str = field(repr=False)
    deadline: float = 40.0


class MifosRefused(QuestionRefused):
    """Mifos X does not answer a question; `reading` says why (credentials, not found, …)."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(f"Mifos X does not answer: {reading.reason}", reading)


class Connection:
    """Sends every call with the tenant and Basic credentials."""

    def __init__(
        self, keys: MifosKeys, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._headers = {
            "Fineract-Platform-TenantId": keys.tenant,
            "Authorization": f"Basic {basic(keys.user, keys.password)}",
        }
        self._line = Line(
            keys.base_url,
            patience=Patience(deadline=keys.deadline),
            transport=transport,
            longest=LONGEST,
        )

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send once. Raises Unreachable or Ambiguous."""
        sent = {**self._headers, **(headers or {})}
        return await self._line.send(method, path, headers=sent, json=body)

    async def ask(self, path: str) -> Fields:
        """The object at `path`. Raises MifosRefused, Unreachable or Ambiguous."""
        found = await self.find(path)
        if found is None:
            raise MifosRefused(about_a_question(read_error(b"{}", 404)))
        return found

    async def find(self, path: str) -> Fields | None:
        """The object at `path`; None where there is none in our sight. Raises as `ask`."""
        answer = await self.send("GET", path)
        if answer.status == 404 and is_error(parse(answer.body) or {}):
            return None
        found = parse(answer.body, longest=LONGEST) if answer.status // 100 == 2 else None
        if found is None or is_error(found):
            raise MifosRefused(_why(answer))
        return found

    async def list(self, path: str) -> list[Fields]:
        """The array at `path`. Raises as `ask`."""
        answer = await self.send("GET", path)
        found = parse_list(answer.body, longest=LONGEST) if answer.status // 100 == 2 else None
        if found is None:
            raise MifosRefused(_why(answer))
        return found

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()


def _why(answer: Answer) -> Reading:
    reading = about_a_question(read_error(answer.body, answer.status))
    return reading if reading.reason else UNREADABLE
