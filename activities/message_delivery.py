"""Sends one page of an organisation's messages and says whether more are due."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities import message_rows as rows
from activities.clock import utc_now
from activities.message_try import Trier
from activities.pulse import beating
from models import ids
from models.delivery import Page
from models.messages import MessageOrder
from providers.messaging import Sends

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

#: Messages of one page on their way at the same time.
_AT_ONCE = 5


class MessageDelivery:
    """Sends what is due. Repeated after a crash, it goes on where it stopped."""

    def __init__(
        self,
        database: "Database",
        vault: "Vault",
        gateways: Sequence[Sends],
        *,
        wait_scale: float = 1.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._clock = clock
        self._trier = Trier(database, vault, gateways, wait_scale=wait_scale, clock=clock)

    @activity.defn(name="messages.deliver")
    async def deliver(self, order: MessageOrder) -> Page:
        """Send one page of what is due, codes first."""
        org, livemode = ids.parsed(ids.ORG, order.org_id), order.livemode
        async with self._database.system() as connection:
            due = await rows.due(connection, org, livemode=livemode, now=self._clock())
            senders = await rows.senders(connection, org, livemode=livemode)
        if not due:
            return Page()
        async with beating():
            taken = await self._try_all(due, senders)
        async with self._database.system() as connection:
            more = await rows.more(connection, org, livemode=livemode, now=self._clock())
        return Page(delivered=sum(taken), failed=len(due) - sum(taken), more=more)

    async def _try_all(self, due: "list[Row]", senders: Mapping[str, str]) -> list[bool]:
        """Every message is carried to its end before any trouble is raised."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(message: "Row") -> bool:
            async with gate:
                return await self._trier.attempt(message, senders)

        ended = await asyncio.gather(*map(one, due), return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome is True for outcome in ended]
