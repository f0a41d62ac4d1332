"""Float of the sweep: the code is read and typed, then the bank is stopped or spoiled."""

from cli.demo.vault import floats
from cli.demo.vault.told import Player
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again

_MINOR = 200_000


class Floats:
    """One purchase at a time: a short code has one open."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._codes: dict[str, str] = {}

    async def prepare(self, lent: Lent) -> None:
        """Quote it, read the code, and order what the bank will do."""
        lent.where, code = await floats.quoted(self._player, _MINOR)
        self._codes[lent.where] = code
        if lent.cell.point is None and lent.cell.fault != "paid":
            fault = {"fault": lent.cell.fault, "operation": "float"}
            await self._player.client.control("ncba/faults", fault)

    async def begin(self, lent: Lent) -> None:
        """Type the code, with the same key until it is answered."""
        body, key = {"code": self._codes.pop(lent.where)}, lent.reference
        await again(lambda: self._player.client.post(f"{lent.where}/otp", body, key=key))
