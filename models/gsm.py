"""How long a text message is: GSM 7-bit where it fits, UCS-2 where not (3GPP TS 23.038)."""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Two septets each.
_EXTENDED = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2013": "-", "\u2014": "-", "\u2022": "-", "\u2026": "...",
    "\u0153": "oe", "\u0152": "OE", "\u00e7": "c",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
})  # fmt: skip


def plain(text: str) -> str:
    """The text in GSM 7-bit letters where an equal or bare letter exists: ê becomes e.

    One letter outside the alphabet makes the whole message UCS-2 and doubles its price. What
    has no bare letter (Arabic, Amharic) stays as it is.
    """
    return "".join(map(_plain, text.translate(_PLAIN)))


def _plain(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return bare if bare and set(bare) <= _BASIC else letter


def is_gsm(text: str) -> bool:
    """True when the text needs no UCS-2."""
    return set(text) <= _BASIC | _EXTENDED


def segments(text: str) -> int:
    """What a gateway bills: 160 septets or 153 per part; 70 UCS-2 units or 67 per part."""
    if is_gsm(text):
        return _parts([1 + (letter in _EXTENDED) for letter in text], whole=160, part=153)
    return _parts([len(letter.encode("utf-16-be")) // 2 for letter in text], whole=70, part=67)


def _parts(sizes: list[int], *, whole: int, part: int) -> int:
    """A letter of two units is never split between parts."""
    if sum(sizes) <= whole:
        return 1 if sizes else 0
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts
