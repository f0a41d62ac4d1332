"""Judges checkouts: what is broken of each, what is asked once, and everything at the end."""

from collections.abc import Sequence

from cli.sweep import invariants
from cli.sweep.driven import Driven
from cli.sweep.facts import Facts, gather
from cli.sweep.invariants import Violation
from cli.sweep.shop import Refused
from cli.sweep.world import World
from ledger.checks import check
from models.ids import PAYMENT, shown


class Checkouts:
    """The judge of payments and their sessions."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, driven: Sequence[Driven]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        facts = await gather(self._world, driven)
        for one in driven:
            await self._move(one, facts)
        return invariants.audit(facts)

    async def once(self, driven: Driven) -> Sequence[Violation]:
        """What is asked once per checkout: the ledger as a whole, and the same key again."""
        return [*await ledger_violations(self._world), *await repeated(self._world, driven)]

    async def at_the_end(self, driven: Sequence[Driven]) -> Sequence[Violation]:
        """Everything once more and together."""
        facts = await gather(self._world, driven)
        found = invariants.audit(facts) + invariants.strangers(facts)
        return found + await ledger_violations(self._world)

    async def _move(self, driven: Driven, facts: Facts) -> None:
        """Remember where it stands; a payer whose attempt failed goes away."""
        row = next(row for row in facts.payments if shown(PAYMENT, row["id"]) == driven.payment_id)
        driven.status = "needs_review" if row["needs_review"] else row["status"]
        if row["status"] == "requires_payment_method" and not driven.cancels:
            driven.cancels = True
            path = f"/v1/checkouts/{driven.checkout_id}/cancel"
            await self._world.shop.post(path, {}, f"cancel-{driven.reference}")


async def repeated(world: World, driven: Driven) -> list[Violation]:
    """I9: the same key gets the same bytes."""
    found = []
    for asked in driven.asked:
        try:
            answer = await world.shop.post(asked.path, asked.body, asked.key)
        except Refused as refused:
            answer = str(refused).encode()
        if answer != asked.answer:
            says = f"{asked.path} repeated answers {answer[:120]!r}"
            found.append(Violation(invariant="I9", payment=driven.payment_id, says=says))
    return found


async def ledger_violations(world: World) -> list[Violation]:
    """I1 to I3, I8 and I12 to I14, over the whole ledger."""
    async with world.reading() as connection:
        checks = await check(connection)
    return [
        Violation(invariant=one.name, payment="", says=f"{one.violations} times, first {one.first}")
        for one in checks
        if one.violations
    ]
