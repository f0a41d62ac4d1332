"""Phone numbers in requests, in one form: E.164 without the plus."""

from collections.abc import Sequence

from api.errors import Invalid
from models.phones import NotAPhone, e164, region_of


def phone_of(phone: str, *, countries: Sequence[str], pointer: str, whose: str) -> str:
    """The number, of one of these countries; a national one is of the first. Raises Invalid."""
    try:
        found = e164(phone, countries[0])
    except NotAPhone as error:
        raise _wrong(pointer, str(error)) from error
    if region_of(found) not in countries:
        raise _wrong(pointer, f"{whose} serves {', '.join(countries)}")
    return found


def international(phone: str, *, pointer: str) -> str:
    """The number of any country, written with its calling code. Raises Invalid."""
    try:
        return e164(phone)
    except NotAPhone as error:
        raise _wrong(pointer, str(error)) from error


def _wrong(pointer: str, detail: str) -> Invalid:
    return Invalid(f"{pointer}: {detail}", errors=[{"pointer": pointer, "detail": detail}])
