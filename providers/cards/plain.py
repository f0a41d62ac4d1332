"""Text of the gateway that may be written down. Pure."""

from models.card_numbers import without_card_numbers
from providers.wire import text


def plain(value: object) -> str | None:
    """A scalar as text, without card numbers: the gateway masks them, and we do not rely on it."""
    shown = text(value)
    return shown and without_card_numbers(shown)
