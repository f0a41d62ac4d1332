"""Rails' health as it is shown: to merchants, operators, and on the public page."""

from typing import Any

from api.parts import Parts
from models.moments import moment
from models.rail_health import Circuit, Operation, Rail, RailState
from providers.registry import Ready

#: As rails name our bank.
BANK = "ncba"

#: In the words of the public page.
WORDS = {
    RailState.UP: "working",
    RailState.DEGRADED: "partly failing",
    RailState.HALF_OPEN: "recovering",
    RailState.OPEN: "down",
    RailState.MAINTENANCE: "maintenance",
}


def titles(parts: Parts) -> dict[str, str]:
    """Everybody money goes through, by name: providers, and our bank where there is one."""
    named = {name: one.offer.title for name, one in parts.providers.items()}
    return {**named, BANK: "Bank transfers"} if parts.bank.configured else named


async def health_of(parts: Parts, ready: Ready) -> list[dict[str, Any]]:
    """Each operation the provider has a slot for, as far as anything is known of it."""
    known = await parts.rails.all()
    return [
        rail_object(rail, circuit)
        for rail, circuit in known.items()
        if rail.provider == ready.provider.name and _offered(ready, rail.operation)
    ]


async def available(parts: Parts, name: str) -> bool:
    """Whether a confirmation by this method is taken: half open only some are."""
    return not (await parts.rails.of(name)).down


def rail_object(rail: Rail, circuit: Circuit) -> dict[str, Any]:
    """One rail."""
    return {
        "operation": str(rail.operation),
        "country": rail.country or None,
        "state": str(circuit.state),
        "since": moment(circuit.since),
        "until": moment(circuit.until),
        "reason": circuit.reason,
    }


def _offered(ready: Ready, operation: Operation) -> bool:
    provider = ready.provider
    slots = {
        Operation.COLLECT: provider.collects,
        Operation.PAYOUT: provider.pays_out,
        Operation.REFUND: provider.refunds,
    }
    return slots[operation] is not None
