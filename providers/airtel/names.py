"""How attempts and payers are named on Airtel's wire. Pure."""

import re
from uuid import UUID

from models import ids
from providers.airtel.settings import COUNTRIES

_HEX = re.compile(r"[0-9a-f]{32}")
_NATIONAL = re.compile(r"[1-9][0-9]{8}")


def transaction_id(public_id: str) -> str:
    """`transaction.id` of an attempt or a payout: its UUID in hex, so it can be read back."""
    return ids.parsed(ids.prefix_of(public_id), public_id).hex


def attempt_of(transaction: str | None) -> UUID | None:
    """The attempt behind a `transaction.id`; None for one that is not of ours."""
    return UUID(transaction) if transaction and _HEX.fullmatch(transaction) else None


def msisdn(number: str, country: str) -> str | None:
    """Nine digits without country code; None for a number of elsewhere."""
    code = COUNTRIES[country]
    national = number.removeprefix(code) if number.startswith(code) else ""
    return national if _NATIONAL.fullmatch(national) else None


def plain(text: str, otherwise: str) -> str:
    """`reference`: 4 to 64 letters and digits."""
    kept = re.sub(r"[^A-Za-z0-9]+", "", text)[:64]
    return kept if len(kept) >= 4 else otherwise
