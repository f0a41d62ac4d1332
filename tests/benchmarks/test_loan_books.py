"""Lost and doubled loans, by three books; what a poll missed or took twice; the closed form."""

import pytest

from benchmarks.at_once import Carried, as_run
from benchmarks.loan_books import OurLoan, audit
from benchmarks.polls import judged
from benchmarks.report import at_once
from benchmarks.runs import Run
from benchmarks.witness import Audit


def ours(loan: int, **changes: object) -> OurLoan:
    facts = {
        "saga": f"ld_{loan}",
        "loan": loan,
        "state": "disbursed",
        "accepted": 0.0,
        "ended": float(loan),
        "references": (f"K{loan}",),
        "booked": 1,
        **changes,
    }
    return OurLoan(**facts)  # type: ignore[arg-type]  # a table of facts, named as the fields are


def lost_and_doubled(
    *book: OurLoan, payouts: dict[str, int] | None = None, given: dict[int, int] | None = None
) -> tuple[int, int]:
    found = audit(
        [1, 2],
        book,
        {"K1": 1, "K2": 1} if payouts is None else payouts,
        {1: 1, 2: 1} if given is None else given,
    )
    return found.lost, found.doubled


def test_a_loan_that_stands_once_in_every_book_is_neither_lost_nor_doubled() -> None:
    assert lost_and_doubled(ours(1), ours(2)) == (0, 0)


@pytest.mark.parametrize(
    "book",
    [
        (ours(1),),
        (ours(1), ours(2, booked=0)),
        (ours(1), ours(2, state="posting")),
        (ours(1), ours(2, references=())),
    ],
)
def test_a_loan_our_book_lacks_is_lost(book: tuple[OurLoan, ...]) -> None:
    lost, _ = lost_and_doubled(*book)
    assert lost == 1


def test_a_loan_another_book_lacks_is_lost() -> None:
    assert lost_and_doubled(ours(1), ours(2), payouts={"K1": 1}) == (1, 0)
    assert lost_and_doubled(ours(1), ours(2), given={1: 1, 2: 0}) == (1, 0)


def test_a_loan_twice_in_any_book_is_doubled() -> None:
    assert lost_and_doubled(ours(1), ours(2, booked=2)) == (0, 1)
    assert lost_and_doubled(ours(1), ours(2), payouts={"K1": 1, "K2": 2}) == (0, 1)
    assert lost_and_doubled(ours(1), ours(2), given={1: 2, 2: 1}) == (0, 1)


def test_two_references_that_were_both_paid_are_one_loan_doubled() -> None:
    twice = ours(2, references=("K2", "K2b"))
    assert lost_and_doubled(ours(1), twice, payouts={"K1": 1, "K2": 1, "K2b": 1}) == (0, 1)
    assert lost_and_doubled(ours(1), twice, payouts={"K1": 1, "K2b": 1}) == (0, 0)


def test_two_sagas_of_one_loan_that_both_paid_are_doubled() -> None:
    again = ours(2, saga="ld_again", references=("K2b",))
    payouts = {"K1": 1, "K2": 1, "K2b": 1}
    assert lost_and_doubled(ours(1), ours(2), again, payouts=payouts) == (0, 1)


def test_a_payment_no_saga_knows_is_doubled() -> None:
    assert lost_and_doubled(ours(1), ours(2), payouts={"K1": 1, "K2": 1, "K9": 1}) == (0, 1)


def test_loans_that_go_side_by_side_are_as_fast_as_the_last_of_them() -> None:
    run = as_run([ours(n, ended=38.0 + n / 10) for n in range(1, 21)], 20)
    assert run.overall == pytest.approx(0.5)
    assert run.throughput > 5.0


def test_a_loan_that_did_not_end_is_offered_and_not_in_the_samples() -> None:
    run = as_run([ours(1), ours(2, ended=None)], 2)
    assert (run.offered, len(run.samples)) == (2, 1)
    assert as_run([], 2).overall == 0.0


def test_a_poll_is_judged_by_what_it_missed_and_what_it_took_twice() -> None:
    assert judged([1, 2, 3], [1, 2, 3]) == (0, 0)
    assert judged([1, 2, 3], [1, 2, 2]) == (1, 1)


def test_the_ratio_compares_two_runs_offered_at_once() -> None:
    ours = [(0.0, float(n)) for n in range(1, 21)]
    bare = [(0.0, n / 10) for n in range(1, 21)]
    done = Carried(
        run=Run(rate=1.0, seconds=20.0, offered=20, samples=ours),
        bare=Run(rate=20.0, seconds=1.0, offered=20, samples=bare),
        cpu_ms={"worker": 100.0, "simulators": 20.0, "api": 5.0},
        events=61,
        audit=Audit(accepted=20, lost=0, doubled=0),
    )
    told = at_once(done, "loan")
    assert (told["per_second"], told["bare_per_second"]) == (1.0, 10.0)
    assert told["ratio_to_bare_temporal"] == 0.1
    assert told["cpu_ms_per_loan"]["total"] == 105.0
