"""How the sentences of one event are kept: one of each language, with the subject of its mail.

Names in braces are facts. What stands in square brackets is left out where its fact is not
known; every other fact must be.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.messages import Language, MessageClass


@dataclass(frozen=True, slots=True)
class Words:
    """What one event says: the text itself, and the subject of its mail."""

    message_class: MessageClass
    subjects: Mapping[Language, str]
    said: Mapping[Language, str]


def words(
    message_class: MessageClass, *, en: tuple[str, str], fr: tuple[str, str], sw: tuple[str, str]
) -> Words:
    """One event's words: subject and text in each language."""
    each = {Language.ENGLISH: en, Language.FRENCH: fr, Language.SWAHILI: sw}
    return Words(
        message_class,
        {language: subject for language, (subject, _) in each.items()},
        {language: text for language, (_, text) in each.items()},
    )
