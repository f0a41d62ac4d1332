"""Wakes the delivery workflow of every endpoint that has something due.

A start that joins the run already there, at most once a second per endpoint: no signal per
event, and none at all for a run that is at work. Nothing can be lost by it, because what is
due stands in the database and the next tick looks again.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from loguru import logger
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError

from models import ids
from models.delivery import WORKFLOW, DeliveryOrder
from runtime.database import Database
from workflows.attributes import MODE, ORG
from workflows.queues import NOTICES

#: An endpoint is not woken again sooner than this, in seconds.
COALESCE = 1.0
#: Endpoints woken by one tick; the rest are met by the next.
_AT_MOST = 200

_DUE = """
select w.id, w.org_id, w.livemode from webhook_endpoints w
 where w.state = 'enabled' and w.deleted_at is null and not w.id = any(%(woken)s)
   and exists (select 1 from deliveries d
     where d.endpoint_id = w.id and d.state = 'pending' and d.next_at <= now()
       and not exists (select 1 from deliveries earlier
         where earlier.endpoint_id = d.endpoint_id and earlier.object_id = d.object_id
           and earlier.state = 'pending' and earlier.sequence < d.sequence))
 limit %(limit)s"""


class Waker:
    """One per relay; remembers whom it woke a moment ago."""

    def __init__(
        self,
        database: Database,
        client: Client,
        *,
        coalesce: float = COALESCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._client = client
        self._coalesce = coalesce
        self._clock = clock
        self._woken: dict[UUID, float] = {}

    async def wake_due(self) -> int:
        """Start one run per endpoint with due messages; returns how many were woken.

        Raises psycopg errors of the one query. An endpoint Temporal cannot start now is
        left to the next tick.
        """
        horizon = self._clock() - self._coalesce
        self._woken = {key: at for key, at in self._woken.items() if at > horizon}
        fields = {"woken": list(self._woken), "limit": _AT_MOST}
        async with self._database.system() as connection:
            due = await (await connection.execute(_DUE, fields)).fetchall()
        return sum(await asyncio.gather(*map(self._wake, due)))

    async def _wake(self, endpoint: Mapping[str, Any]) -> bool:
        try:
            await self._start(endpoint)
        except RPCError as error:
            logger.warning("an endpoint is woken at the next tick: {}", error.status.name)
            return False
        self._woken[endpoint["id"]] = self._clock()
        return True

    async def _start(self, endpoint: Mapping[str, Any]) -> None:
        name = ids.shown(ids.ENDPOINT, endpoint["id"])
        mode = "live" if endpoint["livemode"] else "test"
        await self._client.start_workflow(
            WORKFLOW,
            DeliveryOrder(endpoint_id=name),
            id=name,
            task_queue=NOTICES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(ORG, ids.shown(ids.ORG, endpoint["org_id"])),
                    SearchAttributePair(MODE, mode),
                ]
            ),
            task_timeout=timedelta(seconds=10),
        )
