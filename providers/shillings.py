"""What any rail to a Kenyan phone can carry: whole shillings, from a number of twelve digits."""

import re

from models.charge import Charge
from models.money import FractionNotCarried

CURRENCY = "KES"


def unfit(charge: Charge, *, payer: re.Pattern[str], carrier: str) -> str | None:
    """Why the carrier cannot take this charge; None when it can. `payer`: numbers it rings."""
    if charge.amount.currency != CURRENCY:
        return f"{carrier} carries {CURRENCY} only"
    if not payer.fullmatch(charge.payer):
        return "the payer is not a Kenyan number of 12 digits"
    try:
        return None if charge.amount.whole() > 0 else "the amount is not positive"
    except FractionNotCarried:
        return "M-Pesa carries whole shillings only"
