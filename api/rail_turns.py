"""A method whose rail is down: another is offered, or the attempt waits if the payer agrees."""

from datetime import UTC, datetime
from uuid import UUID

from activities import rail_rows
from activities.rail_gates import Turn
from api.errors import MethodDown
from api.keys import Caller
from api.methods import carries
from api.parts import Parts
from api.schemas.checkouts import ConfirmCheckout
from models import ids
from models.checkout import AttemptOrder
from models.money import Money
from models.rail_health import Operation
from providers.registry import Ready
from runtime.database import Connection

#: Seconds after which to come back where no better time is known.
_SOON = 15


async def waits(
    parts: Parts, ready: Ready, confirm: ConfirmCheckout, money: Money, *, carried: bool
) -> bool:
    """True when the attempt is to wait unsent. `carried`: the rail lets it through now.

    Raises MethodDown, naming what else is up, where the payer did not agree to wait.
    """
    if carried or confirm.when_down == "queue":
        return not carried
    raise MethodDown(
        f"{ready.offer.title} does not answer now; nothing was sent",
        headers={"Retry-After": str(await _back_in(parts, ready))},
        alternatives=await alternatives(parts, money, but=ready.provider.name),
    )


async def alternatives(parts: Parts, money: Money, *, but: str) -> list[str]:
    """Methods that are up and carry this money."""
    return [
        name
        for name, one in parts.providers.items()
        if name != but
        and one.provider.collects is not None
        and carries(one.offer, money)
        and (await parts.rails.of(name)).carries
    ]


async def queue(
    connection: Connection, caller: Caller, checkout_id: UUID, order: AttemptOrder
) -> None:
    """Its place in the queue, in the transaction that accepts it; nothing for one that is sent."""
    if not order.queued:
        return
    turn = Turn(
        org_id=ids.shown(ids.ORG, caller.org),
        livemode=caller.livemode,
        waits_as=order.id,
        workflow_id=ids.shown(ids.CHECKOUT, checkout_id),
        provider=order.provider,
        operation=Operation.COLLECT,
    )
    await rail_rows.join(connection, turn, caller.org)


async def _back_in(parts: Parts, ready: Ready) -> int:
    """Seconds until it is tried again, as far as anybody knows."""
    untils = [
        circuit.until
        for rail, circuit in (await parts.rails.all()).items()
        if (rail.provider, rail.operation) == (ready.provider.name, Operation.COLLECT)
    ]
    known = [(until - datetime.now(UTC)).total_seconds() for until in untils if until]
    return max(int(max(known, default=_SOON)) + 1, 1)
