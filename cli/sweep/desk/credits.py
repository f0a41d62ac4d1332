"""Money on the pool account that names nobody: told by notices, shown by the statement."""

from cli.demo.vault.bank import POOL
from cli.demo.vault.told import Player, until
from cli.sweep.desk.cells import FORGED, JSON
from cli.sweep.desk.filed import Filed
from cli.sweep.vault.lender import again
from cli.sweep.world import World
from simulators import codes
from workflows.bank_statement import FOLLOW

#: What the simulator is ordered, where it is not the form alone.
_TOLD = {
    "told_both_ways": {"form": "both"},
    "told_to_nobody": {"form": "none"},
    FORGED: {"hash": "wrong"},
}
_SHILLING = 100
_FIRST = 3_000_000
_CASE = "select id from cases where amount = %s and kind = 'unmatched_credit'"


def amount(number: int) -> int:
    """Cents that nothing else in the sweep has."""
    return _FIRST + number * _SHILLING


class Credits:
    """Each of its own amount: whatever name it is booked under, it is found again."""

    def __init__(self, world: World, player: Player) -> None:
        self._world, self._player = world, player

    async def prepare(self, filed: Filed) -> None:
        """Nothing: what comes is what may be stopped."""

    async def begin(self, filed: Filed) -> None:
        """Somebody pays in; then the statement is looked through, though its turn is not yet."""
        await self.pay_in(filed)
        await again(self._look)

    async def pay_in(self, filed: Filed) -> None:
        """Money without our reference."""
        form = "json" if filed.cell.provider == JSON else "xml"
        credit = {
            "account": POOL,
            "amount_minor": filed.minor,
            "narrative": "MONEY FOR YOU",
            "form": form,
            "receipt": codes.receipt(),
            **_TOLD.get(filed.cell.fault, {}),
        }
        paid = await self._player.client.control("ncba/credit", credit)
        filed.subject = filed.about = paid["reference"]

    async def case(self, filed: Filed) -> object:
        """The case it opened."""
        return (await until(lambda: self._row(filed.minor)))["id"]

    async def _row(self, minor: int) -> dict[str, object] | None:
        async with self._world.reading() as connection:
            return await (await connection.execute(_CASE, [minor])).fetchone()

    async def _look(self) -> None:
        await self._world.client.get_schedule_handle(FOLLOW).trigger()
