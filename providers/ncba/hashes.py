"""The bank's hash over a notice: base64 of the lower-case hex text of SHA-256, 88 characters.

A hash of the raw digest is 44 characters and never matches. Pure.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from itertools import product

#: Account notices: the bank's own code samples.
XML_ORDER = (
    "TransType", "TransID", "TransTime", "TransAmount", "AccountNr", "Narrative", "PhoneNr",
    "CustomerName", "Status",
)  # fmt: skip


def _json_orders() -> dict[str, tuple[str, ...]]:
    """Pay bill notices: no published value confirms the order the guides quote (`base+1`).

    FTRef, Narrative and the closing "1" may or may not be part of it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for core, said, one in product((False, True), repeat=3):
        name = "base" + "+FTRef" * core + "+Narrative" * said + "+1" * one
        found[name] = (
            "TransType", "TransID", *(("FTRef",) if core else ()), "TransTime", "TransAmount",
            "BusinessShortCode", "BillRefNumber", *(("Narrative",) if said else ()), "Mobile",
            "name", *(("=1",) if one else ()),
        )  # fmt: skip
    return found


JSON_ORDERS = _json_orders()


def made(secret: str, values: Mapping[str, str], order: tuple[str, ...]) -> str:
    """The hash over these values as sent; `=x` in an order stands for the letter itself."""
    parts = [name[1:] if name.startswith("=") else values.get(name, "") for name in order]
    hexed = hashlib.sha256((secret + "".join(parts)).encode()).hexdigest()
    return base64.b64encode(hexed.encode()).decode()


def matching(
    sent: str, *, secret: str, values: Mapping[str, str], orders: Mapping[str, tuple[str, ...]]
) -> str | None:
    """The name of the order the sent hash was made in; None for none of them."""
    wanted = sent.encode()
    matched = [
        name
        for name, order in orders.items()
        if hmac.compare_digest(made(secret, values, order).encode(), wanted)
    ]
    return matched[0] if matched else None
