"""What a top-up may become."""

from models.saga import SagaKind
from models.saga_states import allowed
from models.topup import TopUpState


def test_a_phone_may_ring_for_a_top_up_as_it_was_accepted() -> None:
    assert allowed(SagaKind.TOPUP, TopUpState.AWAITING_MONEY, TopUpState.SENDING)


def test_late_money_does_not_credit_a_top_up_that_expired() -> None:
    assert not allowed(SagaKind.TOPUP, TopUpState.EXPIRED, TopUpState.CREDITED)
