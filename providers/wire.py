"""Reading untrusted JSON without believing it. Nothing here raises on any input."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from models.card_numbers import without_card_numbers
from models.money import EXPONENTS, Money, from_major

#: No answer or callback we know is a hundredth of this; what is longer is not read.
MAX_BODY = 256 * 1024
_LONGEST_TEXT = 255
_LONGEST_ADDRESS = 2000
_LARGEST_EXPONENT = 18
_PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_PHONE_LIKE = re.compile(r"\d{6,}(?=\d{3}(?!\d))", re.ASCII)
_PLAIN = re.compile(r"[!-~]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

Fields = Mapping[str, Any]


def parse(body: bytes, *, longest: int = MAX_BODY) -> Fields | None:
    """The JSON object in `body`; None for anything else, NaN and contradicting keys included."""
    value = _document(body, longest)
    return value if isinstance(value, dict) else None


def parse_list(body: bytes, *, longest: int = MAX_BODY) -> list[Fields] | None:
    """The JSON array of objects in `body`; None for anything else."""
    value = _document(body, longest)
    sound = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return value if sound else None


def _document(body: bytes, longest: int) -> Any:
    if len(body) > longest:
        return None
    try:
        return json.loads(
            body, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_agreeing
        )
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _agreeing(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers must never see two messages: a key said twice must say the same."""
    fields: dict[str, Any] = {}
    for key, value in pairs:
        if fields.setdefault(key, value) != value:
            raise ValueError("a key is given twice with different values")
    return fields


def fields(value: object) -> Fields:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Fields]:
    """The objects of a list that providers also send as null or as one bare object."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def text(value: object) -> str | None:
    """A scalar as text: 0, "0" and 0.0 are the same. None for null, empty and containers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _number_text(value)
    if not isinstance(value, (str, int)):
        return None
    readable = str(value).encode("utf-8", "replace").decode()
    return _CONTROL.sub(" ", readable).strip()[:_LONGEST_TEXT] or None


def _number_text(value: Decimal) -> str:
    if abs(value.adjusted()) > _LARGEST_EXPONENT or value != value.to_integral_value():
        return str(value)[:_LONGEST_TEXT]
    return str(int(value))


def masked(value: object) -> str | None:
    """Provider text without card and phone numbers: of nine digits or more the last three stay."""
    shown = text(value)
    plain = shown and without_card_numbers(shown)
    return plain and _PHONE_LIKE.sub(lambda run: "*" * len(run.group()), plain)


def near(host: str) -> bool:
    """This machine or a compose neighbour: clear text may travel there."""
    return host in {"127.0.0.1", "::1"} or (host != "" and "." not in host)


def page(value: object) -> str | None:
    """An address a payer may be sent to: https, or http where it is near; else None."""
    if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS or not _PLAIN.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return None
    fits = parts.scheme == "https" or (parts.scheme == "http" and near(host))
    return value if host and fits and parts.username is None else None


def money(value: object, currency: str | None) -> Money | None:
    """An amount in major units, exact; None unless it is plain, not negative and known."""
    number = f"{value:f}" if _is_small(value) else text(value)
    if number is None or currency not in EXPONENTS:
        return None
    if not _PLAIN_NUMBER.fullmatch(number):
        return None
    try:
        return from_major(number, currency)
    except ValueError:
        return None


def _is_small(value: object) -> bool:
    return isinstance(value, Decimal) and abs(value.adjusted()) <= _LARGEST_EXPONENT
