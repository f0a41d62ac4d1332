"""Which currencies may be named in a request."""

from api.methods import wrong
from models.money import EXPONENTS


def known_currency(currency: str, pointer: str) -> None:
    """Raises Invalid for a currency no rail of ours carries."""
    if currency not in EXPONENTS:
        raise wrong(pointer, f"use one of {', '.join(sorted(EXPONENTS))}")
