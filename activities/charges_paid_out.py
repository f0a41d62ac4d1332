"""Charges whose merchant wants them paid out: found once they have succeeded, and paid out once.

The checkout knows nothing of it. What succeeded lately is looked for again and again; a row per
payment, kept with the payout, makes one of however many looks.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from loguru import logger

from activities.automatic_payouts import pay_out_charge
from activities.payout_accepting import PayoutDesk
from activities.payout_rows import PAYEE_FIELD
from models import ids
from models.money import Money
from models.payout_order import PayoutNotTaken

if TYPE_CHECKING:
    from runtime.database import Connection, Database

    Row = Mapping[str, Any]

#: What was told within the last minutes is looked at each round; all that is younger than this
#: once in a while, for what was written late.
_LATELY, _EVER = timedelta(minutes=15), timedelta(days=8)
#: Seconds between looks at everything.
_THOROUGHLY = 600.0
_ROUND = 200

#: It counts from when it was first seen to be wanted; no longer wanted, it is forgotten.
_WANTED = """
with gone as (
  delete from charges_paid_out_since s where not exists (
    select from payout_policies o where o.org_id = s.org_id and o.livemode = s.livemode
       and o.automatic_sealed is not null))
insert into charges_paid_out_since (org_id, livemode)
select org_id, livemode from payout_policies where automatic_sealed is not null
on conflict do nothing"""
_DUE = """
select p.id, p.org_id, p.livemode
  from charges_paid_out_since s
  join events e on e.org_id = s.org_id and e.livemode = s.livemode
   and e.type = 'payment.succeeded' and e.created_at > greatest(s.since, %(since)s)
  join payments p on p.id = e.object_id and p.status = 'succeeded'
  join checkouts c on c.id = p.checkout_id and c.escrow_id is null
 where not p.id = any(%(passed)s)
   and not exists (select from charges_paid_out x where x.payment_id = p.id)
 order by e.created_at limit %(limit)s"""
_DONE = """
insert into charges_paid_out (payment_id, org_id, livemode, payout_id) values (%s, %s, %s, %s)
on conflict do nothing"""


class Capture(Protocol):
    """What a payment brought; ledger.captures.Capture."""

    @property
    def net(self) -> Money:
        """Less fee and tax."""
        ...

    @property
    def available_at(self) -> datetime:
        """When it may leave."""
        ...


Captured = Callable[["Connection", UUID, str], Awaitable[Capture | None]]


class ChargesPaidOut:
    """Looks, and has paid out. `captured` reads the book; `clock` counts seconds."""

    def __init__(
        self,
        database: "Database",
        desk: PayoutDesk,
        captured: Captured,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._desk = desk
        self._captured = captured
        self._clock = clock
        self._looked = -_THOROUGHLY
        #: What could not be paid out, and is not tried again before the next thorough look.
        self._passed: set[UUID] = set()

    async def round(self) -> int:
        """One look; returns how many payouts there are of what was found. The relay starts them."""
        found = await self._due(self._since())
        return sum([await self._pay(row) for row in found])

    def _since(self) -> datetime:
        thorough = self._clock() - self._looked >= _THOROUGHLY
        if thorough:
            self._looked = self._clock()
            self._passed.clear()
        return datetime.now(UTC) - (_EVER if thorough else _LATELY)

    async def _due(self, since: datetime) -> Sequence["Row"]:
        fields = {"since": since, "passed": list(self._passed), "limit": _ROUND}
        async with self._database.system() as connection:
            await connection.execute(_WANTED)
            return await (await connection.execute(_DUE, fields)).fetchall()

    async def _pay(self, row: "Row") -> bool:
        try:
            if await self._paid_out(row):
                return True
        except PayoutNotTaken as error:
            named = ids.shown(ids.PAYMENT, row["id"])
            logger.warning("{} is not paid out by itself: {}", named, error.code)
        self._passed.add(row["id"])
        return False

    async def _paid_out(self, row: "Row") -> bool:
        """Accept the payout and keep that it was. False where there is nothing to pay out."""
        org, livemode, payment = row["org_id"], row["livemode"], ids.shown(ids.PAYMENT, row["id"])
        vault = self._desk.vault
        await vault.seal(org, livemode=livemode, field=PAYEE_FIELD, plain=b"")
        await vault.lookup(org, livemode=livemode, value="")
        async with self._database.scoped(org, livemode) as connection:
            capture = await self._captured(connection, org, payment)
            if capture is None:
                return False
            later = capture.available_at > datetime.now(UTC)
            accepted = await pay_out_charge(
                connection,
                self._desk,
                org,
                livemode=livemode,
                payment=payment,
                net=capture.net,
                not_before=capture.available_at if later else None,
            )
            if accepted is None:
                return False
            kept = [row["id"], org, livemode, accepted.row["id"]]
            await connection.execute(_DONE, kept)
        return True
