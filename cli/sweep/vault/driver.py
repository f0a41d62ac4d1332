"""Drives lenders' sagas."""

from collections.abc import Mapping

from cli.demo.vault.told import Player
from cli.sweep.cells import COLLECTION, FLOAT, LOAN, TOPUP, Cell
from cli.sweep.kinds import Begins, KindDriver
from cli.sweep.vault.collections import Collections
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.floats import Floats
from cli.sweep.vault.loans import Loans
from cli.sweep.vault.topups import TopUps
from cli.sweep.world import World


def lent_by(world: World, player: Player) -> KindDriver[Lent]:
    """The driver of what this lender does."""
    kinds: Mapping[str, Begins[Lent]] = {
        TOPUP: TopUps(player),
        LOAN: Loans(player),
        FLOAT: Floats(player),
        COLLECTION: Collections(player),
    }
    return KindDriver(world, kinds, _lent)


def _lent(cell: Cell, number: int) -> Lent:
    return Lent(cell=cell, reference=f"sweep-{number:04d}")
