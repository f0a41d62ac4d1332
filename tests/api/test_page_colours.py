"""The page can be read by everybody: contrast (WCAG 2.2, 1.4.3 and 1.4.11), words and sizes."""

import re
from string import Formatter

import pytest

from api.payer.html import ASSETS, STATIC
from api.payer.methods import OWN_PAGE
from api.payer.words import WORDS, Voice, chosen
from models.messages import Language
from models.reading import Reason

_COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STATIC / "pay.css").read_text()))
#: Text on its ground: 4.5. Edges of fields and the focus ring: 3.
_TEXT = [
    ("ink", "paper"), ("ink", "ground"), ("soft", "paper"), ("soft", "ground"), ("brand", "paper"),
    ("brand", "ground"), ("on-brand", "brand"), ("bad", "paper"), ("bad", "bad-ground"),
    ("careful", "careful-ground"), ("good", "good-ground"),
]  # fmt: skip
_EDGES = [("line", "paper"), ("brand", "paper"), ("bad", "paper")]


def light(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """The ratio WCAG asks for."""
    dark, bright = sorted((light(first), light(second)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("over", "under", "least"),
    [(*pair, 4.5) for pair in _TEXT] + [(*pair, 3.0) for pair in _EDGES],
)
def test_colours_can_be_told_apart(over: str, under: str, least: float) -> None:
    assert contrast(_COLOURS[over], _COLOURS[under]) >= least


def test_black_on_white_is_as_the_standard_says() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", Language)
def test_every_phrase_exists_in_every_language_with_the_same_facts(language: Language) -> None:
    english, told = WORDS[Language.ENGLISH], WORDS[language]
    assert told.keys() == english.keys()
    assert {key for key in english if fields(told[key]) != fields(english[key])} == set()
    assert [key for key, text in told.items() if text != text.strip() and "bounds" not in key] == []


@pytest.mark.parametrize("reason", [*Reason, None])
def test_every_reason_is_told_in_words_without_a_code(reason: str | None) -> None:
    told = Voice(Language.ENGLISH).why(reason)
    assert told.endswith(".")
    assert "_" not in told


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, "fr-CM,fr;q=0.9,en;q=0.8", "fr"),
        (None, "de,sw;q=0.5,en;q=0.2", "sw"),
        ("sw", "fr", "sw"),
        ("xx", "", "en"),
        (None, "*;q=x,;;,fr;q=", "fr"),
        (None, "de", "en"),
    ],
)
def test_the_reader_is_spoken_to_in_the_best_language(
    asked: str | None, accepted: str, language: str
) -> None:
    assert chosen(asked, accepted, tuple(Language)) == language


def test_assets_are_small_and_name_no_other_host() -> None:
    texts = {name: (STATIC / name).read_text() for name in ASSETS}
    assert sum(map(len, texts.values())) < 20_000
    hosts = {host for text in texts.values() for host in re.findall(r"https?://([^/\"]+)", text)}
    assert hosts == {"www.w3.org"}  # the namespace of SVG
    assert "innerHTML" not in texts["pay.js"]
    assert "cards" in OWN_PAGE
