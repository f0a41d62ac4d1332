"""Judges lenders' sagas against their rows, Temporal, the ledger and the books outside."""

from collections.abc import Sequence

from cli.demo.vault import books
from cli.demo.vault.told import Player
from cli.sweep.invariants import Violation
from cli.sweep.judging import ledger_violations
from cli.sweep.vault import collection_invariants, invariants
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.facts import Facts, gather, name
from cli.sweep.world import World

#: `UNKNOWN`: M-Pesa was paid, and nothing here says so.
REVIEW, UNKNOWN = "needs_review", "not here"


class Lending:
    """The judge of top-ups, loans and float."""

    def __init__(self, world: World, player: Player) -> None:
        self._world, self._player = world, player

    async def look(self, driven: Sequence[Lent]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await self._facts(driven)
        standing = {name(row): row for row in facts.sagas}
        for lent in driven:
            row = standing.get(lent.subject)
            state = row["state"] if row else UNKNOWN
            lent.status = REVIEW if row and row["needs_review"] else state
        return invariants.audit(facts)

    async def once(self, driven: Lent) -> Sequence[Violation]:  # noqa: ARG002 - as asked of judges
        """The ledger as a whole."""
        return await ledger_violations(self._world)

    async def at_the_end(self, driven: Sequence[Lent]) -> Sequence[Violation]:
        """Everything once more, and the books as a whole where nobody has to judge any more."""
        lost = collection_invariants.strangers(await self._facts(driven))
        found = [*await self.look(driven), *lost, *await ledger_violations(self._world)]
        if any(lent.status == REVIEW for lent in driven):
            return found
        return [*found, *await self._books()]

    async def _facts(self, driven: Sequence[Lent]) -> Facts:
        """Of what we know of; the others have their problem."""
        return await gather(self._world, [lent for lent in driven if lent.subject])

    async def _books(self) -> list[Violation]:
        agreed = [
            *await books.bank_agrees(self._world.reading, self._player),
            *await books.agree(self._world.reading, self._player),
        ]
        return [
            Violation(invariant="books", payment="", says=f"{one.name}: {one.detail}")
            for one in agreed
            if not one.holds
        ]
