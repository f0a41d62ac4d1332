"""What two people may say about a float purchase, and where."""

from dataclasses import replace

import pytest

from models.float_decisions import FloatDecision, FloatWord, against
from models.float_purchase import FloatState

WORD = FloatDecision(
    word=FloatWord.MOVED,
    actor="op.amina",
    approver="op.brian",
    reason="seen in the portal",
    evidence="portal, line 3",
)
MAY_BE_SAID = {
    FloatState.FLOAT_REFUSED: {FloatWord.RETRY, FloatWord.RETURN},
    FloatState.IN_WORKING: {FloatWord.MOVED, FloatWord.MOVE},
    FloatState.NOT_SEEN: {FloatWord.SEEN, FloatWord.SEEN_IN_WORKING, FloatWord.NOT_BOUGHT},
}


@pytest.mark.parametrize("state", FloatState)
def test_every_word_has_its_place(state: FloatState) -> None:
    said = {word for word in FloatWord if against(replace(WORD, word=word), state) is None}
    assert said == MAY_BE_SAID.get(state, set())


@pytest.mark.parametrize(
    "word",
    [
        replace(WORD, approver=""),
        replace(WORD, approver="op.amina"),
        replace(WORD, actor=""),
        replace(WORD, reason=""),
    ],
)
def test_one_person_alone_or_without_a_reason_decides_nothing(word: FloatDecision) -> None:
    assert "two people" in (against(word, FloatState.IN_WORKING) or "")


@pytest.mark.parametrize("word", FloatWord)
def test_what_is_said_of_the_outside_is_shown(word: FloatWord) -> None:
    state = next(state for state, words in MAY_BE_SAID.items() if word in words)
    refused = against(replace(WORD, word=word, evidence=" "), state)
    orders = word in {FloatWord.RETRY, FloatWord.RETURN, FloatWord.MOVE}
    assert (refused is None) is orders
