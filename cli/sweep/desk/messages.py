"""Messages: a wallet is topped up, and its people are told by text and by mail."""

from typing import Any

from cli.demo.vault import bank
from cli.demo.vault.told import Player, until
from cli.sweep.cells import Cell
from cli.sweep.desk.cells import AFRICASTALKING, AIRTOUCH, ALL_DOWN, FIRST_DOWN
from cli.sweep.desk.filed import Filed
from cli.sweep.vault.lender import again
from cli.sweep.world import World

_SENDER = "KAURI"
_ON_THE_WAY = """
select exists (select 1 from messages where state in ('queued','sending')) as on_the_way"""
#: Seconds a credit takes at most on a busy machine.
_AT_ONCE = 20.0
#: A lost answer is known to be lost soon; reports come one after another.
_BEHAVIOUR = {
    "approve_after_seconds": 0.3,
    "hang_seconds": 0.3,
    "callback_gap_seconds": 0.5,
    "drip_seconds": 1.0,
}


class Messages:
    """One message at a time: what a gateway is ordered is for whoever comes next."""

    def __init__(self, world: World, player: Player) -> None:
        self._world, self._player = world, player

    async def prepare(self, filed: Filed) -> None:
        """Have the gateway of the cell carry the text, and order how it answers."""
        await until(self._all_told)
        cell, control = filed.cell, self._player.client.control
        for gateway in (AIRTOUCH, AFRICASTALKING):
            await control(f"{gateway}/settings", _BEHAVIOUR)
            down = cell.fault == ALL_DOWN or (cell.fault == FIRST_DOWN and gateway == AIRTOUCH)
            await control(f"{gateway}/down", {"down": down})
        # The first knows our name, or refuses the message at once: then the second carries it.
        senders = [_SENDER] if cell.provider == AIRTOUCH else []
        await control("messages/accounts", {"gateway": AIRTOUCH, "senders": senders})
        if _ordered(cell):
            await control(f"{cell.provider}/faults", {"fault": cell.fault})

    async def begin(self, filed: Filed) -> None:
        """Top up: the money does not wait for the message, whichever gateway is dead."""
        client, key = self._player.client, filed.reference
        path, body = "/v1/wallet/topups", {"amount": filed.minor, "via": "bank"}
        announced = await again(lambda: client.post(path, body, key=key))
        filed.subject = announced["id"]
        paid = await bank.pay_in(self._player, filed.minor, announced["reference"], form="xml")
        filed.about = paid["reference"]
        if filed.cell.point is None:
            await self._credited(filed, f"{path}/{announced['id']}")

    async def _all_told(self) -> dict[str, Any] | None:
        """Nobody else's message is on its way: it would meet what is ordered here."""
        async with self._world.reading() as connection:
            row = await (await connection.execute(_ON_THE_WAY)).fetchone()
        return None if row and row["on_the_way"] else {}

    async def _credited(self, filed: Filed, where: str) -> None:
        async def look() -> dict[str, object] | None:
            shown = await again(lambda: self._player.client.get(where))
            return shown if shown["status"] == "credited" else None

        try:
            await until(look, _AT_ONCE)
        except TimeoutError:
            filed.problem = f"the money waited more than {_AT_ONCE:.0f} s beside its message"


def _ordered(cell: Cell) -> bool:
    return cell.point is None and cell.fault not in {"paid", ALL_DOWN, FIRST_DOWN}
