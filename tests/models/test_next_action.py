"""What the payer has to open is told while it may still be paid, and not after."""

import pytest

from models.events import next_action
from models.lifecycle import AttemptState

PAGE = "https://pay.example/c/1"


@pytest.mark.parametrize("state", [state for state in AttemptState if state.in_flight])
def test_the_page_is_told_while_its_attempt_may_still_be_paid(state: AttemptState) -> None:
    told = next_action({"state": str(state), "redirect_url": PAGE})
    assert told == {"type": "redirect", "url": PAGE}


@pytest.mark.parametrize("state", [state for state in AttemptState if state.final])
def test_the_page_of_an_ended_attempt_is_not_told(state: AttemptState) -> None:
    assert next_action({"state": str(state), "redirect_url": PAGE}) is None


def test_a_ringing_phone_has_no_page() -> None:
    assert next_action({"state": "awaiting_customer", "redirect_url": None}) is None
    assert next_action(None) is None
