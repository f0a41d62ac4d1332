"""Whether the one M-Pesa paid is the one the loan is for. Pure; names are told in many ways."""

import re
import unicodedata

_WORD = re.compile(r"[a-z*]+")
_NUMBER = re.compile(r"\d[\d*]{5,}")


def same_person(told: str | None, client: str) -> bool | None:
    """None when M-Pesa told no name. Order, case, accents and missing middle names do not count.

    A word that is masked, or only an initial, agrees with every word that begins as it does.
    """
    ours, theirs = _words(client), _words(told or "")
    if not theirs or not ours:
        return None
    fewer, more = sorted((ours, theirs), key=len)
    alike = sum(any(_alike(one, other) for other in more) for one in fewer)
    return alike >= min(2, len(fewer))


def same_number(told: str | None, phone: str) -> bool:
    """False only when M-Pesa names another number; masked digits agree with any."""
    match = _NUMBER.search((told or "").replace(" ", ""))
    if match is None:
        return True
    named = re.sub(r"^0", "254", match.group())
    begins, ends = named.partition("*")[0], named.rpartition("*")[2]
    if "*" not in named:
        return phone == named
    return phone.startswith(begins) and phone.endswith(ends)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(plain.replace("'", ""))


def _alike(one: str, other: str) -> bool:
    if "*" in one or "*" in other or 1 in {len(one), len(other)}:
        first, second = one.partition("*")[0], other.partition("*")[0]
        return first.startswith(second) or second.startswith(first)
    return one == other or (min(len(one), len(other)) > 3 and _one_slip(one, other))


def _one_slip(one: str, other: str) -> bool:
    """One letter more, less or other."""
    if abs(len(one) - len(other)) > 1:
        return False
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    rest, others = one[shared:], other[shared:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
