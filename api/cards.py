"""Card numbers never enter: refused in every text field of a request (models/card_numbers.py)."""

from typing import Any

from api.errors import CardNumberRefused
from models.card_numbers import holds_card_number


def refuse_card_numbers(document: Any) -> None:
    """Raises CardNumberRefused when any text inside the document holds a card number."""
    if holds_card_number(document):
        raise CardNumberRefused("send the payer to a hosted card page; we keep no card data")
