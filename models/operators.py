"""Which rail a phone number belongs to, predicted. Pure.

The plan of numbers is phonenumbers' own; what it gets wrong is corrected by prefix, and a number
that was ported by itself. A prediction is never proof: the holder is asked before money moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import carrier

#: Rails by country, and by a word of the carrier's name in phonenumbers. Only where there is one.
_MOMO = {"MTN": "momo"}
_AIRTEL = {"Airtel": "airtel"}
_BOTH = {**_MOMO, **_AIRTEL}
_WEB = {"Orange": "orange"}
RAILS: Mapping[str, Mapping[str, str]] = {
    "KE": {"Safaricom": "mpesa", **_AIRTEL},
    # Orange Money of Cameroon is reached by its own API (providers/orange_cm).
    "CM": {**_MOMO, "Orange": "orange_cm", "Camtel": "camtel"},
    "CI": {**_MOMO, **_WEB},
    **dict.fromkeys(("UG", "ZM", "RW", "CG", "NG"), _BOTH),
    **dict.fromkeys(("GH", "BJ", "SZ", "ZA", "SS"), _MOMO),
    **dict.fromkeys(("TZ", "MW", "GA", "TD", "NE", "SC"), _AIRTEL),
    "CD": {**_AIRTEL, **_WEB},
    "MG": {**_AIRTEL, **_WEB},
    "LR": {"Lonestar": "momo", **_WEB},
    "GN": {"Areeba": "momo", **_WEB},
    **dict.fromkeys(("SN", "ML", "BF", "BW", "SL"), _WEB),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What people know better: `prefixes` are digits with the calling code, the longest counts.

    `ported`: the rail of this very number. None as a rail: there is none.
    """

    prefixes: Mapping[str, str | None] = field(default_factory=dict)
    ported: str | None = None


def operator_of(msisdn: str, corrections: Corrections | None = None) -> str | None:
    """The rail of a number (E.164 without the plus); None where nobody knows."""
    if corrections is not None:
        if corrections.ported:
            return corrections.ported
        known = [prefix for prefix in prefixes(msisdn) if prefix in corrections.prefixes]
        if known:
            return corrections.prefixes[known[0]]
    return _planned(msisdn)


def prefixes(msisdn: str) -> tuple[str, ...]:
    """Every prefix of the number a correction may name, the longest first."""
    return tuple(msisdn[:end] for end in range(len(msisdn), 0, -1))


def _planned(msisdn: str) -> str | None:
    if not (msisdn.isascii() and msisdn.isdecimal()):
        return None
    try:
        number = phonenumbers.parse(f"+{msisdn}")
    except phonenumbers.NumberParseException:
        return None
    rails = RAILS.get(phonenumbers.region_code_for_number(number) or "", {})
    named = carrier.name_for_number(number, "en")
    return next((rail for word, rail in rails.items() if word in named.split()), None)
