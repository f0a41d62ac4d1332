"""Drives what lies on desks."""

from collections.abc import Mapping, Sequence

from cli.demo.vault.told import Player
from cli.sweep.cells import CASE, CREDIT, EXCEPTION, MESSAGE, Cell
from cli.sweep.desk.cases import Cases
from cli.sweep.desk.credits import Credits, amount
from cli.sweep.desk.exceptions import Exceptions
from cli.sweep.desk.filed import Filed
from cli.sweep.desk.messages import Messages
from cli.sweep.kinds import Begins, KindDriver
from cli.sweep.world import World


def filed_by(world: World, player: Player, cells: Sequence[Cell]) -> KindDriver[Filed]:
    """The driver of these cells, with one lender and the sweep's merchant."""
    money = Credits(world, player)
    kinds: Mapping[str, Begins[Filed]] = {
        CASE: Cases(world, player, cells),
        EXCEPTION: Exceptions(player, money),
        CREDIT: money,
        MESSAGE: Messages(world, player),
    }
    return KindDriver(world, kinds, _filed)


def _filed(cell: Cell, number: int) -> Filed:
    return Filed(cell=cell, reference=f"desk-{number:04d}", minor=amount(number))
