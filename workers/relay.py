"""The relay: starts accepted rows and re-signals stored messages Temporal has not seen.

The API dispatches right after its commit; whatever it could not is here within seconds. It
also wakes webhook deliveries and chains committed ledger entries.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from loguru import logger
from temporalio.service import RPCError

from models import faultpoints, loan_order, payout_order
from runtime.database import Database
from runtime.dispatch import Dispatcher
from runtime.inbox import Inbox
from runtime.starting import start_of
from runtime.vault import Vault
from runtime.vault_inbox import VAULT_KINDS, VaultInbox

#: Loans and payouts come by the thousand: each has a page of its own, and nobody waits behind them.
_MANY = (loan_order.WORKFLOW, payout_order.WORKFLOW)
_UNSTARTED = """
with waiting as not materialized (
  select id, org_id, livemode, kind, payload_sealed, accepted_at from starts
   where started_at is null and accepted_at < now() - make_interval(secs => %(grace)s))
(select * from waiting where kind <> all(%(many)s) order by accepted_at limit 200)
union all
(select * from waiting where kind = %(loan)s order by accepted_at limit %(loans)s)
union all
(select * from waiting where kind = %(payout)s order by accepted_at limit %(payouts)s)"""
_UNDELIVERED = """
select id, kind from inbox where delivered_at is null
   and received_at < now() - make_interval(secs => %(grace)s) order by received_at limit 200"""
#: Rows that are started side by side: one after the other, each waits for the server's answer.
_ABREAST = 8


class Relay:
    """Re-drives accepted starts and stored messages older than `grace` seconds."""

    def __init__(
        self,
        *,
        database: Database,
        dispatcher: Dispatcher,
        inbox: Inbox,
        vault_inbox: VaultInbox,
        vault: Vault,
        grace: float = 2.0,
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._vault_inbox = vault_inbox
        self._vault = vault
        self._grace = grace

    async def start_accepted(self) -> int:
        """Start what was accepted and does not run, while there is room; returns how many it did.

        Of loans and payouts it looks at as many as there is room for.
        """
        loan, payout = _MANY
        rows = await self._rows(
            _UNSTARTED,
            many=list(_MANY),
            loan=loan,
            loans=self._dispatcher.room(loan),
            payout=payout,
            payouts=self._dispatcher.room(payout),
        )
        abreast = asyncio.Semaphore(_ABREAST)
        begun = await asyncio.gather(*(self._begin(row, abreast) for row in rows))
        await self._dispatcher.flush()
        return sum(begun)

    async def deliver_stored(self) -> int:
        """Signal what was stored and not delivered; returns how many rows were seen."""
        rows = await self._rows(_UNDELIVERED)
        for row in rows:
            inbox = self._vault_inbox if row["kind"] in VAULT_KINDS else self._inbox
            await _apart(row["id"], inbox.deliver([row["id"]]))
        await self._dispatcher.flush()
        return len(rows)

    async def _begin(self, row: Any, abreast: asyncio.Semaphore) -> bool:
        async with abreast:
            room = self._dispatcher.room(row["kind"]) > 0
            return room and await _apart(row["id"], self._start(row))

    async def _start(self, row: Any) -> None:
        await faultpoints.reach("relay.before", row["id"])
        plain = await self._vault.unseal(
            row["org_id"], livemode=row["livemode"], field="start", sealed=row["payload_sealed"]
        )
        await self._dispatcher.start(start_of(row["kind"], plain))
        await faultpoints.reach("relay.after", row["id"])

    async def _rows(self, query: str, **asked: object) -> Sequence[Any]:
        """Rows older than the grace."""
        values = {"grace": self._grace, **asked}
        async with self._database.system() as connection:
            return await (await connection.execute(query, values)).fetchall()


async def _apart(name: object, work: Awaitable[object]) -> bool:
    """A row that cannot be helped must not hold up the others. Raises RPCError: none can be."""
    try:
        await work
    except RPCError:
        raise
    except Exception as error:  # noqa: BLE001 - the row stays; the next round tries it again
        logger.error("{} is left where it is: {}", name, error)
        return False
    return True


async def every(
    seconds: float,
    work: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    *,
    busy: float | None = None,
) -> None:
    """Run `work` again and again until told to stop; a failure is logged and tried again.

    `busy`: seconds until the next round instead, when there was something to do.
    """
    while not stop.is_set():
        done: object = None
        try:
            done = await work()
        except Exception as error:  # noqa: BLE001 - the rows stay; the next round tries again
            logger.warning("{} failed: {}", getattr(work, "__qualname__", "work"), error)
        try:
            await asyncio.wait_for(stop.wait(), busy if busy and done else seconds)
        except TimeoutError:
            continue
