"""Judges what lies on desks against rows, Temporal, the ledger, the bank and people's inboxes."""

from collections.abc import Sequence

from cli.demo.vault import books
from cli.demo.vault.told import Player
from cli.sweep.desk import invariants
from cli.sweep.desk.facts import gather
from cli.sweep.desk.filed import Filed
from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.world import World


class Desk:
    """The judge of cases, credits of nobody and messages."""

    def __init__(self, world: World, player: Player) -> None:
        self._world, self._player = world, player

    async def look(self, driven: Sequence[Filed]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await gather(self._world, self._player.org, driven)
        for one in driven:
            one.status = invariants.stands(facts, one)
        return invariants.audit(facts)

    async def once(self, driven: Filed) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Filed]) -> Sequence[Violation]:
        """Everything once more, and the pool account as a whole."""
        found = [*await self.look(driven), *await ledger_violations(self._world)]
        agreed = await books.bank_agrees(self._world.reading, self._player)
        differ = [one for one in agreed if not one.holds]
        return [
            *found,
            *(
                Violation(invariant="books", payment="", says=f"{one.name}: {one.detail}")
                for one in differ
            ),
        ]
