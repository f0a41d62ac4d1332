"""Phone numbers as people write them, in one form: E.164 without the plus."""

from collections.abc import Sequence

import phonenumbers

from api.errors import Invalid


def phone_of(phone: str, *, countries: Sequence[str], pointer: str, whose: str) -> str:
    """The number, of one of these countries; a national one is of the first. Raises Invalid."""
    try:
        number = phonenumbers.parse(phone, countries[0])
    except phonenumbers.NumberParseException as error:
        raise _wrong(pointer, "not a phone number; write it as +254…") from error
    region = phonenumbers.region_code_for_number(number)
    if not phonenumbers.is_valid_number(number):
        raise _wrong(pointer, "no such phone number; write it as +254…")
    if region not in countries:
        raise _wrong(pointer, f"{whose} serves {', '.join(countries)}")
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def _wrong(pointer: str, detail: str) -> Invalid:
    return Invalid(f"{pointer}: {detail}", errors=[{"pointer": pointer, "detail": detail}])
