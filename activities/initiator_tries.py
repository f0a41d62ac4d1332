"""Passwords of initiators that were tried at M-Pesa: three wrong ones lock an initiator for good.

What was tried is remembered as an HMAC whatever becomes of the credential, for every partner: the
same initiator may be entered for two short codes, or by two partners. One installation speaks to
one Daraja, so mode makes no difference (ADR 010).
"""

import asyncio
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from models import ids
from models.credential_check import INITIATOR, Check, CheckOrder, Tried, standing_against
from models.credentials import MpesaFields

if TYPE_CHECKING:
    from runtime.database import Connection, Database

_PAUSE = 0.5

_FIND = """
select fingerprint = %(fingerprint)s as own, tried_at, told from initiator_tries
 where fingerprint = %(fingerprint)s or within = %(within)s order by tried_at"""
# Two checks of one password at the same time would be two tries.
_ALONE = "lock table initiator_tries in share row exclusive mode"
_CLAIM = """
insert into initiator_tries as t (fingerprint, within, org_id, livemode, check_id)
values (%(fingerprint)s, %(within)s, %(org)s, %(livemode)s, %(check)s)
on conflict (fingerprint) do update set within = excluded.within, org_id = excluded.org_id,
  livemode = excluded.livemode, check_id = excluded.check_id, tried_at = now(),
  tries = t.tries + 1"""
_UNSENT = """
with first as (delete from initiator_tries where check_id = %(check)s and tries = 1)
update initiator_tries set tries = tries - 1 where check_id = %(check)s and tries > 1"""
_TOLD = "update initiator_tries set told = %s where check_id = %s"


@dataclass(frozen=True, slots=True)
class _Marks:
    """The password at its short code, and the same one anywhere in the organisation."""

    fingerprint: bytes
    within: bytes


class InitiatorTries:
    """Remembers tries. `key`: of the HMAC, used for nothing else.

    `patience`: seconds a claim waits for the word on the same password's try elsewhere.
    """

    def __init__(self, database: "Database", key: bytes, *, patience: float = 60.0) -> None:
        self._database = database
        self._key = key
        self._patience = patience

    async def standing(self, org: UUID, fields: MpesaFields) -> Tried | None:
        """What stands against trying this password; None when nothing does."""
        async with self._database.system() as connection:
            return await self._against(connection, self._marks(org, fields))

    async def claim(self, order: CheckOrder, fields: MpesaFields) -> Tried | None:
        """Write down that it is tried now; what stands against it instead, unless asked anew.

        A right password may be entered for two short codes at once: the second waits its turn.
        """
        deadline = time.monotonic() + self._patience
        while True:
            tried = await self._claimed(order, fields)
            waiting = tried is not None and tried.awaited(datetime.now(UTC))
            if not waiting or time.monotonic() >= deadline:
                return tried
            await asyncio.sleep(_PAUSE)

    async def _claimed(self, order: CheckOrder, fields: MpesaFields) -> Tried | None:
        org = ids.parsed(ids.ORG, order.org_id)
        marks = self._marks(org, fields)
        async with self._database.system() as connection:
            await connection.execute(_ALONE)
            tried = None if order.anew else await self._against(connection, marks)
            if tried is None:
                values = {"fingerprint": marks.fingerprint, "within": marks.within, "org": org}
                values |= {"livemode": order.livemode, "check": order.workflow_id}
                await connection.execute(_CLAIM, values)
        return tried

    async def unsent(self, order: CheckOrder) -> None:
        """M-Pesa was not asked after all."""
        async with self._database.system() as connection:
            await connection.execute(_UNSENT, {"check": order.workflow_id})

    async def told(self, order: CheckOrder, checks: Sequence[Check]) -> None:
        """Keep what M-Pesa said of the password, where it said anything."""
        found = next((check.passed for check in checks if check.name == INITIATOR), None)
        if found is None:
            return
        word = "passed" if found else "refused"
        async with self._database.system() as connection:
            await connection.execute(_TOLD, [word, order.workflow_id])

    async def _against(self, connection: "Connection", marks: _Marks) -> Tried | None:
        values = {"fingerprint": marks.fingerprint, "within": marks.within}
        rows = await (await connection.execute(_FIND, values)).fetchall()
        return standing_against(
            [(row["own"], _tried(row["tried_at"], row["told"])) for row in rows]
        )

    def _marks(self, org: UUID, fields: MpesaFields) -> _Marks:
        password = fields.initiator_password.get_secret_value()
        return _Marks(
            self._mark("short code", fields.short_code, fields.initiator, password),
            self._mark("organisation", str(org), fields.initiator, password),
        )

    def _mark(self, *parts: str) -> bytes:
        return hmac.digest(self._key, json.dumps(parts).encode(), "sha256")


def _tried(at: datetime, told: str | None) -> Tried:
    return Tried(at=at, passed=None if told is None else told == "passed")
