"""The words of the payer's page, in the language its reader understands best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.payer.english import ENGLISH
from api.payer.french import FRENCH
from api.payer.swahili import SWAHILI
from models.messages import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: ENGLISH,
    Language.FRENCH: FRENCH,
    Language.SWAHILI: SWAHILI,
}
NAMES: Mapping[Language, str] = {
    Language.ENGLISH: "English",
    Language.FRENCH: "Français",
    Language.SWAHILI: "Kiswahili",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one language. Raises KeyError for a phrase or a fact that is missing."""

    language: Language

    def __call__(self, phrase: str, **facts: object) -> str:
        """The phrase with its facts."""
        return WORDS[self.language][phrase].format(**facts)

    def why(self, reason: str | None) -> str:
        """Why a payment was not made, in words a payer can act on."""
        told = f"why_{reason}"
        return self(told if told in ENGLISH else "why_other")


def chosen(asked: str | None, accepted: str, offered: Sequence[Language]) -> Language:
    """The language to speak: the one asked for, the reader's best (RFC 9110 §12.5.4), the first."""
    if asked in set(offered):
        return Language(asked)
    ranked = sorted(_ranked(accepted), reverse=True)
    return next((Language(name) for _, _, name in ranked if name in set(offered)), offered[0])


def _ranked(accepted: str) -> list[tuple[float, int, str]]:
    """Weights and primary languages of an Accept-Language header; what is unreadable is left."""
    found = []
    for place, entry in enumerate(accepted[:200].split(",")):
        tag, _, weight = entry.partition(";")
        try:
            told = float(weight.partition("=")[2] or 1)
        except ValueError:
            continue
        found.append((told, -place, tag.strip().lower().partition("-")[0]))
    return found
