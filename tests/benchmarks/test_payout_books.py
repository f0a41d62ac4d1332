"""Lost and doubled payouts, by three books; what a run of them is kept as."""

from dataclasses import replace

import pytest

from benchmarks.at_once import Carried, as_run
from benchmarks.payout_books import OurPayout, audit
from benchmarks.report import at_once
from benchmarks.runs import Run
from benchmarks.witness import Audit

_ACCEPTED = {"po_1": "256750000001", "po_2": "256750000002"}
_THEIRS = [("r1", "256750000001"), ("r2", "256750000002")]


def ours(number: int) -> OurPayout:
    return OurPayout(
        saga=f"po_{number}",
        state="paid",
        accepted=0.0,
        ended=float(number),
        references=(f"r{number}",),
        booked=1,
    )


def lost_and_doubled(
    *book: OurPayout, theirs: list[tuple[str, str]] | None = None
) -> tuple[int, int]:
    found = audit(_ACCEPTED, book, _THEIRS if theirs is None else theirs)
    assert found.accepted == 2
    return found.lost, found.doubled


def test_a_payout_that_stands_once_in_every_book_is_neither_lost_nor_doubled() -> None:
    assert lost_and_doubled(ours(1), ours(2)) == (0, 0)


@pytest.mark.parametrize("changed", [{"booked": 0}, {"state": "unknown"}])
def test_a_payout_our_books_do_not_end_is_lost(changed: dict[str, object]) -> None:
    second = replace(ours(2), **changed)  # type: ignore[arg-type]  # named as the fields are
    assert lost_and_doubled(ours(1), second) == (1, 0)


def test_a_payout_the_provider_never_paid_is_lost() -> None:
    assert lost_and_doubled(ours(1), ours(2), theirs=_THEIRS[:1]) == (1, 0)


def test_an_accepted_payout_without_a_saga_is_lost_and_its_payment_is_one_too_many() -> None:
    assert lost_and_doubled(ours(1)) == (1, 1)
    assert lost_and_doubled(ours(1), theirs=_THEIRS[:1]) == (1, 0)


def test_a_payee_paid_under_two_references_of_one_payout_is_doubled() -> None:
    twice = replace(ours(2), references=("r2", "r2b"))
    again = [*_THEIRS, ("r2b", "256750000002")]
    assert lost_and_doubled(ours(1), twice, theirs=again) == (0, 1)


def test_a_payout_booked_twice_is_doubled() -> None:
    assert lost_and_doubled(ours(1), replace(ours(2), booked=2)) == (0, 1)


def test_a_payment_no_accepted_payout_knows_is_doubled() -> None:
    stranger = [*_THEIRS, ("r9", "256750000009")]
    assert lost_and_doubled(ours(1), ours(2), theirs=stranger) == (0, 1)


def test_payouts_are_kept_with_their_rate_their_ratio_and_what_each_costs() -> None:
    done = Carried(
        run=as_run([ours(n) for n in range(1, 21)], 20),
        bare=Run(rate=4.0, seconds=1.0, offered=4, samples=[(0.0, n / 4) for n in range(1, 5)]),
        cpu_ms={"worker": 50.0, "simulators": 9.0},
        events=26,
        audit=Audit(accepted=20, lost=0, doubled=0),
    )
    told = at_once(done, "payout")
    assert (told["per_second"], told["ratio_to_bare_temporal"]) == (1.0, 0.25)
    assert (told["payouts"], told["history_events"]) == (20, 26)
    assert told["cpu_ms_per_payout"] == {"worker": 50.0, "simulators": 9.0, "total": 50.0}
