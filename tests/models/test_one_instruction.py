"""Where a refusal ends the whole, nothing is ever sent a second time."""

import pytest

from models import saga_states
from models.saga import SagaKind


def reached(kind: SagaKind, state: str) -> set[str]:
    """Every state that may follow, however late."""
    found: set[str] = set()
    ahead = [state]
    while ahead:
        news = saga_states.MOVES[kind][ahead.pop()] - found
        found |= news
        ahead += news
    return found


@pytest.mark.parametrize(
    ("kind", "sends_from", "sent", "refused"),
    [
        (SagaKind.REFUND, "pending", "processing", "failed"),
        (SagaKind.TOPUP, "awaiting_money", "sending", "expired"),
        (SagaKind.CLEARING, "approved", "sent", "rejected"),
    ],
)
def test_what_has_one_instruction_is_never_again_where_it_sends_one(
    kind: SagaKind, sends_from: str, sent: str, refused: str
) -> None:
    assert sends_from not in reached(kind, sent)
    assert reached(kind, refused) == set()


def test_a_payout_that_waits_for_its_next_instruction_may_be_in_doubt_again() -> None:
    assert saga_states.allowed(SagaKind.PAYOUT, "queued", "unknown")
    assert not saga_states.allowed(SagaKind.PAYOUT, "queued", "paid")
