"""Starts a delivery workflow for everything that has something due.

A start that joins the run already there, at most once a second per workflow: no signal per
event, and none at all for a run that is at work. Nothing can be lost by it, because what is
due stands in the database and the next tick looks again.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from loguru import logger
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError

from models import delivery, ids, messages
from runtime.database import Database
from workflows.attributes import MODE, ORG
from workflows.queues import NOTICES

#: Nothing is woken again sooner than this, in seconds.
COALESCE = 1.0
#: Workflows woken by one tick; the rest are met by the next.
_AT_MOST = 200

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """Something drained by a workflow of its own.

    `due` finds rows of `key`, org_id and livemode that are not among `woken`; `name` is the
    workflow's id and `order` what it is told.
    """

    workflow: str
    due: str
    name: Callable[[_Row], str]
    order: Callable[[_Row], Any]


def _endpoint(row: _Row) -> str:
    return ids.shown(ids.ENDPOINT, row["key"])


def _org(row: _Row) -> str:
    return ids.shown(ids.ORG, row["org_id"])


def _mode(row: _Row) -> str:
    return "live" if row["livemode"] else "test"


ENDPOINTS = Drained(
    workflow=delivery.WORKFLOW,
    due="""
select w.id as key, w.org_id, w.livemode from webhook_endpoints w
 where w.state = 'enabled' and w.deleted_at is null and not w.id = any(%(woken)s)
   and exists (select 1 from deliveries d
     where d.endpoint_id = w.id and d.state = 'pending' and d.next_at <= now()
       and not exists (select 1 from deliveries earlier
         where earlier.endpoint_id = d.endpoint_id and earlier.object_id = d.object_id
           and earlier.state = 'pending' and earlier.sequence < d.sequence))
 limit %(limit)s""",
    name=_endpoint,
    order=lambda row: delivery.DeliveryOrder(endpoint_id=_endpoint(row)),
)
MESSAGES = Drained(
    workflow=messages.WORKFLOW,
    due="""
select distinct org_id::text || '/' || livemode as key, org_id, livemode from messages
 where state in ('queued','sending') and next_at <= now()
   and not org_id::text || '/' || livemode = any(%(woken)s::text[])
 limit %(limit)s""",
    name=lambda row: f"messages/{_org(row)}/{_mode(row)}",
    order=lambda row: messages.MessageOrder(org_id=_org(row), livemode=row["livemode"]),
)


class Waker:
    """One per relay and kind; remembers whom it woke a moment ago."""

    def __init__(
        self,
        database: Database,
        client: Client,
        drained: Drained,
        *,
        coalesce: float = COALESCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._client = client
        self._drained = drained
        self._coalesce = coalesce
        self._clock = clock
        self._woken: dict[Any, float] = {}

    async def wake_due(self) -> int:
        """Start one run for each that has something due; returns how many were woken.

        Raises psycopg errors of the one query. What Temporal cannot start now is left to the
        next tick.
        """
        horizon = self._clock() - self._coalesce
        self._woken = {key: at for key, at in self._woken.items() if at > horizon}
        fields = {"woken": list(self._woken), "limit": _AT_MOST}
        async with self._database.system() as connection:
            due = await (await connection.execute(self._drained.due, fields)).fetchall()
        return sum(await asyncio.gather(*map(self._wake, due)))

    async def _wake(self, row: _Row) -> bool:
        try:
            await self._start(row)
        except RPCError as error:
            logger.warning("a delivery is woken at the next tick: {}", error.status.name)
            return False
        self._woken[row["key"]] = self._clock()
        return True

    async def _start(self, row: _Row) -> None:
        await self._client.start_workflow(
            self._drained.workflow,
            self._drained.order(row),
            id=self._drained.name(row),
            task_queue=NOTICES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(ORG, _org(row)), SearchAttributePair(MODE, _mode(row))]
            ),
            task_timeout=timedelta(seconds=10),
        )
