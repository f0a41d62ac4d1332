"""The ways to pay that fit a session, and the one a number speaks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from api.errors import Invalid
from api.methods import check_money
from models.money import Money
from models.operators import operator_of
from providers.registry import Ready

#: Providers on whose own page the payer pays; the phone of all others rings.
OWN_PAGE = frozenset({"wave", "orange", "cards"})
#: Before the name of a method the payer agrees to wait for.
WAITING_FOR = "wait:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to pay. `up`: it works right now; `choice`: what the form says of it."""

    name: str
    title: str
    countries: tuple[str, ...]
    own_page: bool
    up: bool

    @property
    def choice(self) -> str:
        """Its name; choosing one that is down is agreeing to wait for it."""
        return self.name if self.up else f"{WAITING_FOR}{self.name}"


def fitting(ready: Mapping[str, Ready], money: Money, up: Mapping[str, bool]) -> list[Method]:
    """Every method that carries the money, those that are down too."""
    return [
        Method(
            name=name,
            title=one.offer.title,
            countries=one.offer.countries,
            own_page=name in OWN_PAGE,
            up=up.get(name, True),
        )
        for name, one in ready.items()
        if one.provider.collects is not None and _carries(one, money)
    ]


def predicted(phone: str, methods: Sequence[Method]) -> str | None:
    """The method of the number's operator, among these; None where the number tells nothing."""
    names = {one.name for one in methods}
    for country in dict.fromkeys(country for one in methods for country in one.countries):
        rail = operator_of(_digits(phone, country))
        if rail in names:
            return rail
    return None


def example(methods: Sequence[Method]) -> str:
    """A number of the first country, as it is written there."""
    country = methods[0].countries[0] if methods else "KE"
    found = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if found is None:
        return "+254 712 345 678"
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _carries(one: Ready, money: Money) -> bool:
    try:
        check_money(one.offer, amount=money.minor, currency=money.currency)
    except Invalid:
        return False
    return True


def _digits(phone: str, country: str) -> str:
    """E.164 without the plus; empty for what is no number of the country."""
    try:
        number = phonenumbers.parse(phone[:24], country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
