"""Deliveries: one page of signed messages to one merchant endpoint, at least once each."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from standardwebhooks import Webhook
from temporalio import activity

from activities import delivery_rows as rows
from activities.clock import utc_now
from activities.pulse import beating
from models import faultpoints, ids
from models.delivery import API_VERSION, Answer, DeliveryOrder, Page, body, pause

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

#: Messages of one page on their way at the same time.
_AT_ONCE = 10


class Courier(Protocol):
    """Who carries a message out: `runtime.egress.Egress`, or a fake."""

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send once; every outcome is a value."""
        ...


class Deliveries:
    """Sends what is due and writes down what came of it."""

    def __init__(
        self,
        database: "Database",
        vault: "Vault",
        courier: Courier,
        *,
        wait_scale: float = 1.0,
        clock: Callable[[], datetime] = utc_now,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._vault = vault
        self._courier = courier
        self._wait_scale = wait_scale
        self._clock = clock
        self._luck = luck

    @activity.defn(name="notices.deliver")
    async def deliver(self, order: DeliveryOrder) -> Page:
        """Send one page. Repeated after a crash, a message goes out again under the same id."""
        endpoint_id = ids.parsed(ids.ENDPOINT, order.endpoint_id)
        async with self._database.system() as connection:
            endpoint = await rows.endpoint(connection, endpoint_id)
            due = await rows.due(connection, endpoint_id, self._clock()) if endpoint else []
        if endpoint is None or not due:
            return Page()
        await faultpoints.reach("notices.deliver.before", order.endpoint_id)
        async with beating():
            outcomes = await self._send_all(endpoint, due)
        await faultpoints.reach("notices.deliver.after", order.endpoint_id)
        async with self._database.system() as connection:
            more = await rows.more(connection, endpoint_id, self._clock())
        return Page(delivered=sum(outcomes), failed=len(due) - sum(outcomes), more=more)

    async def _send_all(self, endpoint: "Row", due: "list[Row]") -> list[bool]:
        """Every message is carried to its end before any trouble is raised."""
        signers = await self._signers(endpoint)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(message: "Row") -> bool:
            async with gate:
                return await self._send(endpoint, message, signers)

        ended = await asyncio.gather(*map(one, due), return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome is True for outcome in ended]

    async def _send(self, endpoint: "Row", message: "Row", signers: list[Webhook]) -> bool:
        text = body(message, org=ids.shown(ids.ORG, message["org_id"]), api_version=API_VERSION)
        name = ids.shown(ids.EVENT, message["event_id"])
        headers = signed(signers, name=name, at=self._clock(), text=text)
        answer = await self._courier.post(endpoint["url"], headers=headers, body=text.encode())
        await self._write(endpoint["id"], message, answer)
        return answer.accepted

    async def _write(self, endpoint_id: UUID, message: "Row", answer: Answer) -> None:
        now = self._clock()
        async with self._database.system() as connection:
            await rows.log(connection, endpoint_id, message, answer, now)
            if answer.accepted:
                await rows.delivered(connection, endpoint_id, message["event_id"], now)
                return
            wait = pause(message["tries"] + 1, answer, now=now, luck=self._luck())
            weary = await rows.failed(
                connection,
                endpoint_id,
                message["event_id"],
                next_at=now + wait * self._wait_scale if wait is not None else None,
                now=now,
            )
            reason = _last_straw(answer, out_of_tries=wait is None, weary=weary)
            if reason:
                await rows.disable(connection, endpoint_id, reason=reason, now=now)

    async def _signers(self, endpoint: "Row") -> list[Webhook]:
        """The secret, and the one before it while a rotation overlaps."""
        sealed = [endpoint["secret_sealed"]]
        until = endpoint["previous_secret_until"]
        if endpoint["previous_secret_sealed"] and until and until > self._clock():
            sealed.append(endpoint["previous_secret_sealed"])
        return [Webhook(await self._secret(endpoint, text)) for text in sealed]

    async def _secret(self, endpoint: "Row", sealed: bytes) -> str:
        plain = await self._vault.unseal(
            endpoint["org_id"],
            livemode=endpoint["livemode"],
            field="webhook_secret",
            sealed=sealed,
        )
        return plain.decode()


def signed(signers: list[Webhook], *, name: str, at: datetime, text: str) -> dict[str, str]:
    """The headers of Standard Webhooks v1; one signature per active secret."""
    signatures = " ".join(key.sign(msg_id=name, timestamp=at, data=text) for key in signers)
    return {
        "content-type": "application/json",
        "user-agent": "Kauri-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures,
    }


def _last_straw(answer: Answer, *, out_of_tries: bool, weary: bool) -> str | None:
    if answer.gone:
        return "the endpoint answered 410 Gone"
    if out_of_tries:
        return "every try of one message failed"
    return "no message was accepted for five days" if weary else None
