"""Phone numbers as people write them, in one form: E.164 without the plus. Pure."""

import phonenumbers

_SAMPLE = "write it as +254…"


class NotAPhone(ValueError):
    """The text is no phone number there is; says how one is written, never what was sent."""


def e164(phone: str, country: str | None = None) -> str:
    """The number; a national one is of `country` (ISO 3166, two letters). Raises NotAPhone."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone(f"not a phone number; {_SAMPLE}") from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone(f"no such phone number; {_SAMPLE}")
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def region_of(msisdn: str) -> str | None:
    """The country of a number in E.164 without the plus."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{msisdn}"))
