"""What MTN's wallets can carry. Pure."""

import re

from models.money import Money
from providers.momo.settings import MomoSettings

_NUMBER = re.compile(r"[1-9][0-9]{7,14}")


def is_number(msisdn: str) -> bool:
    """Whether it is E.164 without the plus."""
    return bool(_NUMBER.fullmatch(msisdn))


def unfit_for(settings: MomoSettings, amount: Money, number: str) -> str | None:
    """Why this wallet cannot carry the money; None when it can."""
    if amount.currency != settings.currency:
        return f"this MTN wallet carries {settings.currency} only"
    if amount.minor <= 0:
        return "the amount is not positive"
    if not is_number(number):
        return "it is not a number of 8 to 15 digits without a plus"
    return None


def plain(description: str) -> str:
    """Letters, digits and spaces, at most 160: anything else has been answered with 400."""
    return " ".join(re.sub(r"[^A-Za-z0-9 ]+", " ", description).split())[:160].strip()
