"""Whether a provider can carry a payment: method, money and payer against its offer."""

from collections.abc import Mapping

from api.errors import Invalid
from api.phones import phone_of
from models.charge import Limits, Offer
from models.money import Money
from providers.registry import Ready


def chosen(providers: Mapping[str, Ready], method: str, pointer: str) -> Ready:
    """The provider behind a method name; raises Invalid."""
    ready = providers.get(method)
    if ready is None or ready.provider.collects is None:
        offered = ", ".join(
            name for name, one in providers.items() if one.provider.collects is not None
        )
        raise wrong(pointer, f"use one of {offered}")
    return ready


def check_money(offer: Offer, *, amount: int, currency: str, pointer: str = "") -> None:
    """Raises Invalid when the provider does not carry this amount.

    `pointer` names the field to blame when amount and currency are not in the same request.
    """
    limits = next((one for one in offer.limits if one.currency == currency), None)
    if limits is None:
        carried = ", ".join(one.currency for one in offer.limits)
        raise wrong(pointer or "/currency", f"{offer.title} carries {carried}")
    problem = _outside(limits, amount)
    if problem:
        raise wrong(pointer or "/amount", f"{offer.title}: {problem}")


def carries(offer: Offer, money: Money) -> bool:
    """True when the provider carries this amount."""
    return any(
        limits.currency == money.currency and _outside(limits, money.minor) is None
        for limits in offer.limits
    )


def payer_of(offer: Offer, phone: str, pointer: str) -> str:
    """The payer in E.164 without the plus; raises Invalid. National numbers are understood."""
    return phone_of(phone, countries=offer.countries, pointer=pointer, whose=offer.title)


def masked(payer: str) -> str:
    """What is shown of a payer: the first four and the last three digits."""
    return f"+{payer[:4]}…{payer[-3:]}"


def wrong(pointer: str, detail: str) -> Invalid:
    """One wrong field."""
    return Invalid(f"{pointer}: {detail}", errors=[{"pointer": pointer, "detail": detail}])


def _outside(limits: Limits, amount: int) -> str | None:
    if amount < limits.minimum:
        return f"{limits.minimum} minor units at least"
    if amount > limits.maximum:
        return f"{limits.maximum} minor units at most"
    if amount % limits.step:
        return f"a multiple of {limits.step} minor units"
    return None
