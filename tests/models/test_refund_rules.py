"""How a refund goes back, and what of our fee goes with it."""

import pytest

from models import saga_states
from models.charge import Terms
from models.fees import Fee
from models.money import Money
from models.refund import CANCELABLE, RefundState
from models.refund_order import (
    RefundDraft,
    RefundRail,
    RefundRefused,
    Refusal,
    Way,
    fee_returned,
    rail_of,
    way_of,
)
from models.saga import SagaKind

PAID, PART = Money(10_000, "KES"), Money(4_000, "KES")
TERMS = Terms(patience=1, ask_every=(1,), settle_time=1, absence_proves=False, horizon=60)


def rail(*, native: bool = True, in_part: bool = False, pays_out: bool = True) -> RefundRail:
    return RefundRail(
        provider="wave", terms=TERMS, wallet="collections", pays_from="collections",
        native=native, in_part=in_part, pays_out=pays_out,
        step=lambda _currency: 1, reference=str,
    )  # fmt: skip


def way(one: RefundRail, amount: Money = PAID, asked: Way | None = None) -> Way:
    draft = RefundDraft(payment_id="pay_1", maker="shop", way=asked)
    return way_of(one, draft, amount=amount, paid=PAID)


def fee(net: int, tax: int = 0) -> Fee:
    return Fee(net=Money(net, "KES"), tax=Money(tax, "KES"))


def returned(part: int, before: int, already: Fee) -> Fee:
    return fee_returned(fee(333, 53), already=already, refunded=before + part, captured=1_000)


def test_a_rail_that_gives_back_is_used_before_a_payout() -> None:
    assert way(rail()) is Way.NATIVE


def test_a_part_is_native_only_where_the_rail_gives_back_parts() -> None:
    assert way(rail(), PART) is Way.PAYOUT
    assert way(rail(in_part=True), PART) is Way.NATIVE


def test_a_merchant_may_ask_for_a_payout_instead() -> None:
    assert way(rail(), asked=Way.PAYOUT) is Way.PAYOUT


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (rail(native=False, pays_out=False), None),
        (rail(native=False), Way.NATIVE),
        (rail(pays_out=False), Way.PAYOUT),
    ],
)
def test_what_a_rail_cannot_do_is_refused_and_not_replaced(
    one: RefundRail, asked: Way | None
) -> None:
    with pytest.raises(RefundRefused) as refused:
        way(one, asked=asked)
    assert refused.value.why is Refusal.NO_WAY


def test_both_ways_have_a_rail_of_their_own() -> None:
    assert (rail_of("wave", Way.NATIVE), rail_of("wave", Way.PAYOUT)) == (
        "wave_refund",
        "wave_payout",
    )


def test_the_last_part_takes_the_rest_of_the_fee() -> None:
    first = returned(400, 0, fee(0))
    second = returned(350, 400, first)
    last = returned(250, 750, fee(first.net.minor + second.net.minor,
                                  first.tax.minor + second.tax.minor))  # fmt: skip
    assert [(one.net.minor, one.tax.minor) for one in (first, second, last)] == [
        (133, 21), (116, 18), (84, 14),
    ]  # fmt: skip
    assert sum(one.total.minor for one in (first, second, last)) == 333 + 53


def test_what_was_returned_already_is_not_returned_again() -> None:
    assert returned(1, 0, fee(300, 50)) == fee(0)


def test_a_refund_is_given_up_only_while_nothing_was_sent() -> None:
    table = saga_states.MOVES[SagaKind.REFUND]
    leave = {state for state in RefundState if RefundState.CANCELED in table[state]}
    assert leave == CANCELABLE


def test_an_unknown_refund_ends_only_by_what_somebody_learned() -> None:
    table = saga_states.MOVES[SagaKind.REFUND]
    assert table[RefundState.UNKNOWN] == {"processing", "succeeded", "failed"}
