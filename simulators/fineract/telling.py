"""Sends hooks as Fineract does: once, unsigned, for failed commands too, nobody waits for them."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from simulators.fineract.acts import Order
from simulators.fineract.records import Hook
from simulators.fineract.tenant import Tenant

_PATIENCE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened: `response` is None where the command failed or was parked."""

    entity: str
    action: str
    request: dict[str, Any]
    response: dict[str, Any] | None = None


class Teller:
    """One pool for every tenant's hooks. `log` is the provider's."""

    def __init__(self, log: deque[dict[str, Any]]) -> None:
        self._log = log
        self._client: httpx.AsyncClient | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._held: list[tuple[Tenant, Hook, News]] = []

    async def reachable(self, url: str) -> bool:
        """Whether anything answers a GET there; any status will do."""
        try:
            await self._pool().get(url)
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return True

    def command(self, tenant: Tenant, order: Order, response: dict[str, Any] | None) -> None:
        """A command ended; None: it failed or waits for a checker."""
        try:
            request = json.loads(order.raw or b"{}")
        except ValueError:
            request = {}
        news = News(entity=order.entity, action=order.action, request=request, response=response)
        self.tell(tenant, news)

    def tell(self, tenant: Tenant, news: News) -> None:
        """Tell every hook that asked for such news."""
        for hook in tenant.hooks.values():
            if [news.entity, news.action] in hook.events:
                self._queue(tenant, hook, news)

    async def aclose(self) -> None:
        """Stop sending and close what is open."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        self._held.clear()
        if self._client:
            await self._client.aclose()
            self._client = None

    def _queue(self, tenant: Tenant, hook: Hook, news: News) -> None:
        if tenant.switches.hooks_swapped and not self._held:
            self._held.append((tenant, hook, news))
            return
        due = [(tenant, hook, news), *self._held]
        self._held.clear()
        task = asyncio.create_task(self._send(due))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, due: list[tuple[Tenant, Hook, News]]) -> None:
        for tenant, hook, news in due:
            await asyncio.sleep(tenant.switches.hook_delay_seconds)
            for _copy in range(tenant.switches.hook_copies):
                await self._post(tenant, hook, news)

    async def _post(self, tenant: Tenant, hook: Hook, news: News) -> None:
        headers = {
            "X-Fineract-Entity": news.entity,
            "X-Fineract-Action": news.action,
            "Fineract-Platform-TenantId": tenant.name,
        }
        status = 0
        try:
            answer = await self._pool().post(hook.url, json=_body(tenant, news), headers=headers)
            status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            status = 0
        path = urlsplit(hook.url).path
        self._log.append({"direction": "out", "method": "POST", "path": path, "status": status})

    def _pool(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_PATIENCE, trust_env=False)
        return self._client


def _body(tenant: Tenant, news: News) -> dict[str, Any]:
    """The wrapper since 1.5; the bare answer before. Neither says more about a failure."""
    if tenant.switches.hook_shape == "flat":
        return news.response or {"officeId": 1, "changes": {}}
    office = {key: (news.response or {}).get(key, 1) for key in ("officeId", "clientId")}
    told = {
        "entityName": news.entity,
        "actionName": news.action,
        "createdBy": 1,
        "createdByName": "mifos",
        "createdByFullName": "App Administrator",
        "request": news.request,
        **office,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    return told if news.response is None else {**told, "response": news.response}
