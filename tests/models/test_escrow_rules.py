"""What an escrow does next, from what its rows say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import ids
from models.escrow import HOLDING, MOVES, EscrowState
from models.escrow_order import EscrowOrder, ReleaseRule
from models.escrow_rules import EscrowLook, EscrowPart, next_move, release_at
from models.fees import Fee, FeeRule
from models.money import Money
from models.saga import SagaKind, SagaRef
from models.saga_states import allowed

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def kes(minor: int) -> Money:
    return Money(minor, "KES")


ORDER = EscrowOrder(
    saga=SagaRef(id="esc_1", kind=SagaKind.ESCROW, org_id=ids.mint(ids.ORG), livemode=False),
    amount=kes(10_000),
    checkout_id="cs_1",
    payment_id="pay_1",
    expires_at=AT,
    rule=ReleaseRule(after=3_600),
    fee=FeeRule(basis_points=200),
)
NEW = EscrowLook(
    state="created",
    left=kes(0),
    released=kes(0),
    refunded=kes(0),
    refunding=kes(0),
    fee=Fee(net=kes(0), tax=kes(0)),
)
PAID = replace(NEW, funded=kes(10_000), left=kes(10_000))
HELD = replace(PAID, state="funded", funded_at=AT)


def moved(look: EscrowLook) -> Any:
    return next_move(ORDER, look, AT)


def test_nothing_happens_while_nobody_has_paid() -> None:
    assert moved(NEW) is None


def test_what_was_paid_funds_it_and_says_when_it_will_be_released() -> None:
    move = moved(PAID)
    assert (move.to, move.events, move.posting) == ("funded", ("escrow.funded",), None)
    assert move.shows["funded"] == 10_000
    assert move.shows["release_at"] == (AT + timedelta(hours=1)).isoformat()


def test_a_session_that_ended_unpaid_cancels_it() -> None:
    assert moved(replace(NEW, over=True)).to == "canceled"


def test_money_that_came_in_the_last_moment_counts() -> None:
    assert moved(replace(PAID, over=True)).to == "funded"


def test_a_part_is_released_with_its_share_of_the_fee() -> None:
    look = replace(HELD, left=kes(6_000), release=EscrowPart(number=1, amount=kes(4_000)))
    move = moved(look)
    assert (move.to, move.events) == ("partly_released", ("escrow.released",))
    assert (move.posting.part, move.posting.amount, move.posting.fee.net) == (
        1,
        kes(4_000),
        kes(80),
    )
    assert (move.shows["released"], move.shows["parts_carried"], move.shows["fee"]) == (
        4_000,
        1,
        80,
    )


def test_the_last_part_takes_what_is_left_of_the_fee_and_closes_it() -> None:
    look = replace(
        HELD,
        state="partly_released",
        left=kes(0),
        released=kes(4_000),
        fee=Fee(net=kes(80), tax=kes(0)),
        release=EscrowPart(number=2, amount=kes(6_000)),
    )
    move = moved(look)
    assert (move.to, move.events) == ("released", ("escrow.released", "escrow.closed"))
    assert (move.posting.fee.net, move.shows["fee"]) == (kes(120), 200)


def test_a_refund_on_its_way_is_shown_and_moves_nothing_yet() -> None:
    move = moved(replace(HELD, left=kes(7_000), refunding=kes(3_000)))
    assert (move.to, move.events) == ("funded", ())
    assert move.shows["refunding"] == 3_000


def test_a_refund_that_succeeded_is_told() -> None:
    look = replace(HELD, left=kes(7_000), refunded=kes(3_000), shown=(0, 3_000))
    move = moved(look)
    assert (move.to, move.events) == ("partly_refunded", ("escrow.refunded",))
    assert (move.shows["refunded"], move.shows["refunding"]) == (3_000, 0)


def test_a_refund_that_failed_leaves_the_money_where_it_was() -> None:
    move = moved(replace(HELD, shown=(0, 3_000)))
    assert (move.to, move.events, move.shows["refunding"]) == ("funded", (), 0)


@pytest.mark.parametrize(
    ("released", "refunded", "ending"),
    [(0, 10_000, "refunded"), (4_000, 6_000, "closed")],
)
def test_an_escrow_ends_when_all_of_it_has_left(released: int, refunded: int, ending: str) -> None:
    look = replace(HELD, left=kes(0), released=kes(released), refunded=kes(refunded))
    move = moved(look)
    assert (move.to, move.events) == (ending, ("escrow.refunded", "escrow.closed"))


def test_a_dispute_is_told_and_freezes_the_timer() -> None:
    look = replace(HELD, disputed=True)
    move = moved(look)
    assert (move.to, move.events) == ("disputed", ("escrow.disputed",))
    assert move.shows["release_at"] is None
    assert moved(replace(look, state="disputed")) is None


def test_what_was_decided_before_a_dispute_is_carried_out_first() -> None:
    look = replace(HELD, left=kes(6_000), disputed=True)
    move = moved(replace(look, release=EscrowPart(number=1, amount=kes(4_000))))
    assert (move.posting.part, move.to) == (1, "disputed")


def test_a_dispute_withdrawn_lets_the_timer_go_on_where_it_stood() -> None:
    look = replace(HELD, state="disputed", frozen=600.0)
    move = moved(look)
    assert (move.to, move.events) == ("funded", ())
    assert move.shows["release_at"] == (AT + timedelta(seconds=4_200)).isoformat()


def test_a_timer_needs_something_to_release_and_a_rule_that_says_so() -> None:
    assert release_at(ORDER, HELD) == AT + timedelta(hours=1)
    assert release_at(ORDER, replace(HELD, left=kes(0))) is None
    assert release_at(ORDER, replace(HELD, disputed=True)) is None
    assert release_at(ORDER, replace(HELD, owed_back=True)) is None
    assert release_at(replace(ORDER, rule=ReleaseRule()), HELD) is None


@pytest.mark.parametrize("state", sorted(HOLDING | {EscrowState.DISPUTED}))
@pytest.mark.parametrize("released", [0, 4_000, 10_000])
@pytest.mark.parametrize("refunded", [0, 3_000, 6_000])
def test_every_move_is_one_the_table_of_states_holds(
    state: str, released: int, refunded: int
) -> None:
    if released + refunded > 10_000 or (refunded and state == "partly_released" and not released):
        return
    shown = refunded if state == "partly_refunded" else 0
    look = replace(HELD, state=state, released=kes(released), refunded=kes(refunded))
    for disputed in (False, True):
        move = moved(replace(look, disputed=disputed, shown=(shown, 0)))
        if move is not None and (refunded or state != "partly_refunded"):
            assert allowed(SagaKind.ESCROW, state, move.to), (state, move)
    assert MOVES[EscrowState.RELEASED] == frozenset()
