"""Card numbers are taken out of texts, and the rest stays."""

import pytest

from models.card_numbers import MARK, holds_card_number, without_card_numbers


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("card 4111111111111111 declined", f"card {MARK} declined"),
        ("4111 1111 1111 1111", MARK),
        ("5555-5555-5555-4444 and 378282246310005", f"{MARK} and {MARK}"),
        ("card4111111111111111", f"card{MARK}"),
        ("400000xxxxxx0000", None),
        ("receipt 410810111333", None),
        ("4111111111111112", None),
        ("+254712345678", None),
        ("", None),
    ],
)
def test_a_card_number_is_taken_out_and_the_rest_stays(text: str, kept: str | None) -> None:
    shown = without_card_numbers(text)
    assert shown == (text if kept is None else kept)
    assert not holds_card_number(shown)


def test_what_stands_in_its_place_is_chosen() -> None:
    assert without_card_numbers('{"number": 4111111111111111}', mark="0") == '{"number": 0}'
