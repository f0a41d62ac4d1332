"""The demo as a merchant and an operator: nothing but HTTP."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from models.ids import uuid7


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """API keys the demo acts with; `merchant` is a partner's where the client is a partner."""

    merchant: str
    operator: str
    approver: str


class DemoClient:
    """Calls Kauri's API and the simulators' controls. Raises httpx.HTTPStatusError."""

    def __init__(self, api: str, simulators: str, keys: Keys) -> None:
        self._http = httpx.AsyncClient(timeout=40.0)
        self._api, self.simulators, self._keys = api, simulators, keys

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def post(
        self, path: str, body: dict[str, Any] | None = None, *, key: str = ""
    ) -> dict[str, Any]:
        """A merchant's POST, with a fresh Idempotency-Key unless one is given."""
        headers = {**_bearer(self._keys.merchant), "Idempotency-Key": key or str(uuid7())}
        answer = await self._http.post(self._api + path, json=body or {}, headers=headers)
        return _document(answer)

    async def status(self, method: str, path: str, body: dict[str, Any]) -> int:
        """How a merchant's call is answered, whatever the answer is."""
        headers = {**_bearer(self._keys.merchant), "Idempotency-Key": str(uuid7())}
        answer = await self._http.request(method, self._api + path, json=body, headers=headers)
        return answer.status_code

    async def upload(self, path: str, file: str) -> dict[str, Any]:
        """A merchant's POST of a file."""
        headers = {**_bearer(self._keys.merchant), "Idempotency-Key": str(uuid7())}
        return _document(await self._http.post(self._api + path, content=file, headers=headers))

    async def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A partner's PATCH with a fresh Idempotency-Key."""
        headers = {**_bearer(self._keys.merchant), "Idempotency-Key": str(uuid7())}
        return _document(await self._http.patch(self._api + path, json=body, headers=headers))

    async def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A merchant's PUT."""
        headers = _bearer(self._keys.merchant)
        return _document(await self._http.put(self._api + path, json=body, headers=headers))

    async def get(self, path: str) -> dict[str, Any]:
        """A merchant's GET."""
        answer = await self._http.get(self._api + path, headers=_bearer(self._keys.merchant))
        return _document(answer)

    async def operate(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """An operator's call, with the second operator's key beside it."""
        headers = _bearer(self._keys.operator)
        headers["Kauri-Approver"] = f"Bearer {self._keys.approver}"
        answer = await self._http.request(method, self._api + path, json=body, headers=headers)
        return _document(answer)

    async def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A simulator's control: GET without a body, POST with one."""
        url = f"{self.simulators}/control/{path}"
        answer = await (self._http.get(url) if body is None else self._http.post(url, json=body))
        answer.raise_for_status()
        return answer.json() if answer.content else None


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _document(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        problem = answer.text[:500]
        raise httpx.HTTPStatusError(problem, request=answer.request, response=answer)
    document: dict[str, Any] = answer.json()
    return document
