"""What each configured provider can do for a refund."""

from collections.abc import Callable, Mapping

from models.charge import Offer
from models.float_gate import COLLECTIONS
from models.refund_order import RefundRail
from providers.registry import Ready


def refund_rails(ready: Mapping[str, Ready]) -> dict[str, RefundRail]:
    """The rail of every provider that may have taken a payment."""
    return {name: _rail(name, one) for name, one in ready.items()}


def _rail(name: str, ready: Ready) -> RefundRail:
    slots = ready.provider
    return RefundRail(
        provider=name,
        terms=ready.terms,
        wallet=COLLECTIONS,
        pays_from=slots.pays_from,
        native=ready.refunder() is not None,
        in_part=slots.refunds_in_part,
        pays_out=ready.payer() is not None,
        step=_step(ready.offer),
        reference=slots.reference,
    )


def _step(offer: Offer) -> Callable[[str], int]:
    steps = {limit.currency: limit.step for limit in offer.limits}
    return lambda currency: steps.get(currency, 1)
