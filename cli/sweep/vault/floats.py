"""Float of the sweep: the code is read and typed, then the bank is stopped or spoiled."""

from cli.demo.vault import floats
from cli.demo.vault.told import Player
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again

_MINOR = 200_000
_FLOAT = "ncba_float"


class Floats:
    """One purchase at a time: a short code has one open, and review keeps it open."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._code, self._before = "", ""

    async def prepare(self, lent: Lent) -> None:
        """Quote it, read the code, and order what the bank will do."""
        await self._make_room()
        lent.where, self._code = await floats.quoted(self._player, _MINOR)
        self._before = lent.where
        if lent.cell.point is None and lent.cell.fault != "paid":
            fault = {"fault": lent.cell.fault, "operation": "float"}
            await self._player.client.control("ncba/faults", fault)

    async def begin(self, lent: Lent) -> None:
        """Type the code, with the same key until it is answered."""
        body, key = {"code": self._code}, lent.reference
        await again(lambda: self._player.client.post(f"{lent.where}/otp", body, key=key))

    async def _make_room(self) -> None:
        """Two people end the purchase before, by the bank's own book, where it is in review."""
        where, client = self._before, self._player.client
        if not where or not (await client.get(where))["needs_review"]:
            return
        story = (await client.get(f"{where}/timeline"))["data"]
        orders = [item for item in story if item["kind"] == "instruction"]
        references = {item["our_reference"] for item in orders if item["rail"] == _FLOAT}
        lines = (await client.control("ncba/book"))["lines"]
        own = [line for line in lines if line["cause"] in references]
        bought = sum(line["minor"] for line in own)
        word = {
            "outcome": "succeeded" if bought else "failed",
            "reason": "the purchase before keeps the short code",
            "evidence": "the bank's book",
            "receipt": own[0]["reference"] if bought else None,
        }
        saga = where.rpartition("/")[2]
        await client.operate("POST", f"/v1/operator/sagas/{saga}/resolve", word)
        await self._player.follow("resolved", where, "settled" if bought else "returned")
