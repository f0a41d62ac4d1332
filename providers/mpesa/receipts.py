"""M-Pesa receipt numbers: proof people can read to each other."""

import re

from providers.wire import text

#: Daraja fills the field when there is no receipt: NLJ0000000, TAH0000000, 0.
_PLACEHOLDER = re.compile(r"[A-Z0-9]{0,3}0{7,}|0+|n/?a|null|none|-+", re.IGNORECASE)


def receipt(value: object) -> str | None:
    """The receipt; None for a placeholder."""
    shown = text(value)
    return None if shown is None or _PLACEHOLDER.fullmatch(shown) else shown
