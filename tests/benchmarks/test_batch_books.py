"""Rows lost and doubled, by two books; what of a measured batch is kept and shown."""

from io import StringIO

import pytest
from rich.console import Console

from benchmarks import report
from benchmarks.batch import BatchPaid, kept
from benchmarks.batch_books import RowsJudged, judged
from benchmarks.batch_files import FileRead
from benchmarks.batch_shop import AMOUNT, file_of, phones

NUMBERS = phones(3, 1)


def lost_and_doubled(paid_rows: int, times: dict[str, int]) -> tuple[int, int]:
    found = judged(NUMBERS, paid_rows, times)
    return found.lost, found.doubled


def read(rows: int, mib: float) -> FileRead:
    return FileRead(
        rows=rows, size_mib=0.5, accepted_ms=40.0, seconds=4.0, worker_mib=mib, api_mib=mib / 2
    )


def paid(**changes: object) -> BatchPaid:
    facts = {
        "rows": 300,
        "state": "completed",
        "kills": 10,
        "seconds": 120.0,
        "runs": 1,
        "history_events": 900,
        "payout_events": 27,
        "memory": (240.5, 251.0, 246.0),
        "audit": RowsJudged(lost=0, doubled=0),
        **changes,
    }
    return BatchPaid(**facts)  # type: ignore[arg-type]  # a table of facts, named as the fields are


def test_rows_that_stand_once_in_both_books_are_neither_lost_nor_doubled() -> None:
    assert lost_and_doubled(3, dict.fromkeys(NUMBERS, 1)) == (0, 0)


def test_a_row_either_book_lacks_is_lost() -> None:
    assert lost_and_doubled(2, dict.fromkeys(NUMBERS, 1)) == (1, 0)
    assert lost_and_doubled(3, dict.fromkeys(NUMBERS[1:], 1)) == (1, 0)


@pytest.mark.parametrize("times", [{NUMBERS[0]: 2}, {"256759999999": 1}])
def test_a_number_paid_twice_or_in_no_row_is_doubled(times: dict[str, int]) -> None:
    assert lost_and_doubled(3, {**dict.fromkeys(NUMBERS, 1), **times}) == (0, 1)


def test_every_number_of_a_file_is_another_and_pays_the_same() -> None:
    lines = file_of(phones(1_000, 5)).splitlines()
    assert len(set(lines)) == 1_001
    assert lines[1] == f"+256750000005,{AMOUNT},BENCH-256750000005"


def test_memory_is_what_the_large_file_takes_more_than_the_small_one() -> None:
    results = kept([read(10_000, 170.0), read(100_000, 182.5)], paid())
    assert results["memory_growth_mib"] == {"worker": 12.5, "api": 6.2}
    assert [one["per_second"] for one in results["files"]] == [2_500.0, 25_000.0]
    assert results["paid"]["per_second"] == 2.5


def test_the_table_says_what_was_lost_and_how_often_the_worker_died() -> None:
    results = kept([read(10_000, 1.0)], paid(audit=RowsJudged(lost=1, doubled=2)))
    out = StringIO()
    report.show({"batch": results}, Console(file=out, width=200))
    assert "worker killed 10 times" in out.getvalue()
    assert "240.5 to 251.0, the last 246.0" in out.getvalue()
    assert "1, 2" in out.getvalue()
