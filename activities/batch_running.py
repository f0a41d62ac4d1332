"""Rows become payouts, a bounded number at a time: each once, whoever dies on the way."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from temporalio import activity

from activities import batch_rows
from activities.batch_reading import KEPT, ROW_FIELD
from activities.payout_accepting import accept_payout, ready
from activities.pulse import beating
from activities.waking import wake
from models import faultpoints, ids
from models.money import Money
from models.payout_batch import CHUNK, BatchOrder, BatchState, RowState, Tally
from models.payout_order import CANCEL, Payee, PayoutDraft, PayoutNotTaken

if TYPE_CHECKING:
    from activities.payout_accepting import PayoutDesk
    from runtime.database import Connection, Database

    Row = Mapping[str, Any]

#: Seconds after which rows that all cool off are looked through again.
_LOOKS_AGAIN = 60.0


class BatchRunning:
    """Carries a batch: its payouts are sagas of their own, started by the relay.

    `clock`: seconds that only grow.
    """

    def __init__(
        self,
        database: "Database",
        desk: "PayoutDesk",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._desk, self._clock = database, desk, clock
        #: Batches all of whose rows cool off, and when the next look at them is worth its while.
        self._cooling: dict[UUID, float] = {}

    @activity.defn(name="batch.advance")
    async def advance(self, order: BatchOrder) -> Tally:
        """Learn which payouts have ended, then make payouts of rows until the window is full."""
        async with beating():
            await self.settle(order)
            await ready(self._desk, _nobody(order))
            while await self._hand_over(order):
                await faultpoints.reach("batch.chunk.after", order.saga.id)
            return await self.tally(order)

    @activity.defn(name="batch.watch")
    async def watch(self, order: BatchOrder) -> Tally:
        """Learn which payouts have ended; nothing new is made."""
        await self.settle(order)
        return await self.tally(order)

    @activity.defn(name="batch.stop")
    async def stop(self, order: BatchOrder) -> Tally:
        """Cancel every row of which no payout was made, and ask back those that wait unsent."""
        await faultpoints.reach("batch.stop.before", order.saga.id)
        mode = order.saga.livemode
        plain = json.dumps({CANCEL: True, "actor": order.saga.id}).encode()
        word = await self._desk.vault.seal(order.org, livemode=mode, field="inbox", plain=plain)
        async with self._database.scoped(order.org, mode) as connection:
            await batch_rows.state(connection, order.batch)
            await batch_rows.drop_waiting(connection, order.batch)
            for payout in await batch_rows.unsent(connection, order.batch):
                named = ids.shown(ids.PAYOUT, payout)
                await wake(
                    connection, order.org, named, livemode=mode, occasion=CANCEL, sealed=word
                )
            return await batch_rows.tally(connection, order.batch)

    async def settle(self, order: BatchOrder) -> None:
        """Rows whose payouts have ended end with them."""
        async with self._database.scoped(order.org, order.saga.livemode) as connection:
            await batch_rows.settle(connection, order.batch)

    async def tally(self, order: BatchOrder) -> Tally:
        """How the rows stand."""
        async with self._database.scoped(order.org, order.saga.livemode) as connection:
            return await batch_rows.tally(connection, order.batch)

    async def _hand_over(self, order: BatchOrder) -> bool:
        """Make payouts of the next rows, in one transaction; False when there is nothing to do.

        The batch's row is held meanwhile: nothing is made once a pause or an end is written.
        """
        async with self._database.scoped(order.org, order.saga.livemode) as connection:
            if await batch_rows.state(connection, order.batch) != BatchState.RUNNING:
                return False
            busy = await batch_rows.under_way(connection, order.batch)
            room = min(order.window - busy, CHUNK)
            if room <= 0 or self._clock() < self._cooling.get(order.batch, 0.0):
                return False
            rows = await batch_rows.next_rows(connection, order.batch, room)
            await self._note(connection, order, found=bool(rows))
            await batch_rows.move(connection, await self._moves(connection, order, rows))
            await faultpoints.reach("batch.chunk.written", order.saga.id)
            return bool(rows)

    async def _note(self, connection: "Connection", order: BatchOrder, *, found: bool) -> None:
        """Where all rows cool off they are not asked one by one each second."""
        self._cooling.pop(order.batch, None)
        if not found and await batch_rows.waits(connection, order.batch):
            self._cooling[order.batch] = self._clock() + _LOOKS_AGAIN * order.wait_scale

    async def _moves(
        self, connection: "Connection", order: BatchOrder, rows: Sequence["Row"]
    ) -> list[dict[str, Any]]:
        named = [row["reference"] for row in rows if row["reference"] and not row["released_by"]]
        taken = set(await batch_rows.taken(connection, named))
        moves = []
        for row in rows:
            if row["reference"] in taken and not row["released_by"]:
                held = {"state": str(RowState.HELD_DUPLICATE), "held_for": "same_reference"}
                moves.append({"id": row["id"], **held})
                continue
            moves.append({"id": row["id"], **await self._pay(connection, order, row)})
        return moves

    async def _pay(self, connection: "Connection", order: BatchOrder, row: "Row") -> dict[str, Any]:
        """Accept the row's payout under the row's own claim: it is the same however often."""
        try:
            made = await accept_payout(connection, self._desk, await self._draft(order, row))
        except PayoutNotTaken as no:
            return {"state": str(RowState.REFUSED), "reason": f"{no.code}: {no}"}
        return {"state": str(RowState.UNDER_WAY), "payout": made.row["id"]}

    async def _draft(self, order: BatchOrder, row: "Row") -> PayoutDraft:
        plain = await self._desk.vault.unseal(
            order.org, livemode=order.saga.livemode, field=ROW_FIELD, sealed=row["payee_sealed"]
        )
        kept = KEPT.validate_json(plain)
        return PayoutDraft(
            org=order.org,
            livemode=order.saga.livemode,
            amount=Money(row["amount"], row["currency"]),
            payee=kept.payee,
            maker=order.maker,
            purpose=kept.purpose,
            method=row["method"],
            # A reference is one payout's: what was released although it is taken goes without.
            reference=None if row["released_by"] else row["reference"],
            claim=ids.shown(ids.BATCH_ROW, row["id"]),
            approved_in=order.saga.id,
            batch=order.saga.id,
        )


def _nobody(order: BatchOrder) -> PayoutDraft:
    """A draft that only names the scope."""
    return PayoutDraft(
        org=order.org,
        livemode=order.saga.livemode,
        amount=Money(0, order.currency),
        payee=Payee(),
        maker=order.maker,
        purpose="",
    )
