"""Judges payouts against their rows, Temporal, the ledger and the books of the rails."""

from collections.abc import Sequence

from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.outcomes import REVIEW
from cli.sweep.payouts import invariants
from cli.sweep.payouts.driven import Paid
from cli.sweep.payouts.facts import gather, name
from cli.sweep.world import World


class PaidOut:
    """The judge of payouts."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, driven: Sequence[Paid]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await gather(self._world, [one for one in driven if one.subject])
        standing = {name(row): row for row in facts.sagas}
        for one in driven:
            row = standing.get(one.subject)
            one.status = "not here" if row is None else row["state"]
            if row is not None and row["needs_review"]:
                one.status = REVIEW
        return invariants.audit(facts)

    async def once(self, driven: Paid) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Paid]) -> Sequence[Violation]:
        """Everything once more."""
        return [*await self.look(driven), *await ledger_violations(self._world)]
