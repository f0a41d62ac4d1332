"""Who waits for a float is let through when its money comes: in order, and told."""

from typing import TYPE_CHECKING, Any

from activities import waking
from models.float_gate import FLOAT_CAME
from models.ids import PLATFORM_ORG

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

#: Sagas told in one round.
ROUND = 500

_WAITED_FOR = """
select distinct r.float_id, r.livemode from float_reservations r where r.state = 'waiting'"""
_UNTOLD = """
select id, for_org, livemode, saga_id from float_reservations
 where state = 'granted' and waited and told_at is null order by seq limit %s"""
_TOLD = "update float_reservations set told_at = now() where id = %s"


class FloatDraining:
    """Grants what fits by now and leaves word for its sagas; the relay brings it."""

    def __init__(self, database: "Database", vault: "Vault") -> None:
        self._database = database
        self._vault = vault

    async def round(self) -> int:
        """One look at every float somebody waits for; returns how many sagas were told."""
        async with self._database.system() as connection:
            lanes = await (await connection.execute(_WAITED_FOR)).fetchall()
        for lane in lanes:
            async with self._database.scoped(PLATFORM_ORG, lane["livemode"]) as connection:
                await connection.execute("select drain_float(%s)", [lane["float_id"]])
        async with self._database.system() as connection:
            granted = await (await connection.execute(_UNTOLD, [ROUND])).fetchall()
        for one in granted:
            await self._tell(one)
        return len(granted)

    async def _tell(self, one: Any) -> None:
        """The word first, then that it was left: told twice is harmless, never told is not."""
        org, livemode = one["for_org"], one["livemode"]
        sealed = await waking.word(self._vault, org, livemode=livemode, why=FLOAT_CAME)
        async with self._database.scoped(org, livemode) as connection:
            await waking.wake(
                connection,
                org,
                one["saga_id"],
                livemode=livemode,
                occasion=one["id"],
                sealed=sealed,
            )
        async with self._database.scoped(PLATFORM_ORG, livemode) as connection:
            await connection.execute(_TOLD, [one["id"]])
