"""`kauri payouts batch` and `progress` against a small API of their own."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.payouts import payouts_app
from tests.cli.small_api import Serve

BATCH = {"id": "pb_1", "object": "payout_batch", "status": "running", "currency": "KES"}
PROGRESS = {"paid": {"rows": 7, "amount": 700}, "under_way": {"rows": 3, "amount": 300}}
KEY = ["--key", "kk_test_shop"]


@pytest.fixture
def asked() -> list[str]:
    """What the API was asked."""
    return []


@pytest.fixture
def address(serve: Serve, asked: list[str]) -> str:
    def answers(method: str, path: str, _key: str) -> tuple[int, object]:
        asked.append(f"{method} {path}")
        return (201, BATCH) if method == "POST" else (200, {**BATCH, "progress": PROGRESS})

    return serve(answers)


def test_a_file_is_sent_with_what_it_leaves_out(
    address: str, asked: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "salaries.csv"
    file.write_text("phone,amount\n0712000001,1500\n")
    arguments = ["batch", str(file), "--currency", "KES", "--country", "KE", *KEY]
    answer = CliRunner().invoke(payouts_app, [*arguments, "--api", address])
    assert answer.exit_code == 0, answer.output
    assert asked == ["POST /v1/payout_batches?currency=KES&country=KE"]
    assert "pb_1" in answer.output


def test_progress_counts_rows_by_state(address: str) -> None:
    answer = CliRunner().invoke(payouts_app, ["progress", "pb_1", *KEY, "--api", address])
    assert answer.exit_code == 0, answer.output
    for shown in ("rows paid", "7", "rows under_way", "3"):
        assert shown in answer.output
