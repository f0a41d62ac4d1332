"""Judges escrows against rows, Temporal, the ledger and MTN's book."""

from collections.abc import Sequence

from cli.sweep.escrow import invariants
from cli.sweep.escrow.facts import gather
from cli.sweep.escrow.kept import Kept
from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.world import World


class Keeping:
    """The judge of escrows."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, driven: Sequence[Kept]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await gather(self._world, driven)
        for one in driven:
            one.status = str(facts.saga(one).get("state"))
        return invariants.audit(facts)

    async def once(self, driven: Kept) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Kept]) -> Sequence[Violation]:
        """Everything once more."""
        return [*await self.look(driven), *await ledger_violations(self._world)]
