"""A notice put into words. What is said stands in wording.py; here is how."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from models.gsm import plain
from models.messages import Language, Languages, MessageClass, Notice
from models.wording import GREETINGS, TO_CLIENTS, WORDING

_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
#: Names and reasons come from elsewhere: none may swell a text message or break a mail header.
_LONGEST_FACT = 160


class MissingFact(ValueError):
    """The event is unknown or a fact its template names was not given. Quotes no fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A notice in words: the text message, and the mail with its subject."""

    sms: str
    subject: str
    mail: str


def rendered(notice: Notice) -> Text:
    """The notice in its language, English where none is named.

    Raises MissingFact, never half a sentence.
    """
    words = WORDING.get(notice.event)
    if words is None:
        raise MissingFact(f"no template is called {notice.event}")
    shown = {name: _shown(value) for name, value in notice.facts.items()}
    facts = {name: value for name, value in shown.items() if value}
    missing = sorted(named(notice.event) - facts.keys())
    if missing:
        raise MissingFact(f"{notice.event} lacks {', '.join(missing)}")
    language = notice.language or Language.ENGLISH
    said = _said(words.said[language], facts)
    greeting, regards = GREETINGS[language]
    return Text(
        sms=plain(said),
        subject=_said(words.subjects[language], facts),
        mail=f"{greeting}\n\n{said}\n\n{regards}\n",
    )


def language_of(event: str, languages: Languages) -> Language:
    """The language an event is told in, by who is told."""
    return languages.clients if event in TO_CLIENTS else languages.people


def named(event: str) -> frozenset[str]:
    """The facts an event needs, whichever the language."""
    words = WORDING[event]
    texts = [*words.said.values(), *words.subjects.values()]
    return frozenset(name for text in texts for name in _fields(_OPTIONAL.sub("", text)))


def message_class(event: str) -> MessageClass:
    """What the event's messages are for; an event without a template counts as an alert."""
    words = WORDING.get(event)
    return words.message_class if words else MessageClass.ALERT


def _said(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts, without the brackets whose fact is not known."""

    def known(part: re.Match[str]) -> str:
        return part[1] if facts.keys() >= set(_fields(part[1])) else ""

    return _OPTIONAL.sub(known, text).format_map(facts)


def _fields(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def _shown(value: str) -> str:
    return _CONTROL.sub(" ", value).strip()[:_LONGEST_FACT]
