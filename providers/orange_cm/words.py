"""Text as the core API takes it. Pure."""

import re


def plain(text: str) -> str:
    """Letters, digits and spaces, at most 60: no limit is documented."""
    return " ".join(re.sub(r"[^A-Za-z0-9 ]+", " ", text).split())[:60].strip() or "Payment"
