"""`kauri loans` against a small API of its own."""

import pytest
from typer.testing import CliRunner

from cli.loans import loans_app
from tests.cli.small_api import Serve

LOAN = {
    "id": "ld_01", "object": "loan_disbursement", "loan": 17, "status": "parked",
    "amount": 950_000, "parked_for": "phone", "receipt": None, "needs_review": False,
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "parked"}]}


def answers(method: str, path: str, _key: str) -> tuple[int, object]:
    """A round set going, a loan's story, a list, or a loan."""
    if method == "POST":
        return 200, {"object": path.rpartition("/")[2], "requested": True}
    if path.endswith("/timeline"):
        return 200, STORY
    if "?" in path:
        return 200, {"data": [LOAN] if "status=parked" in path else []}
    return 200, LOAN


@pytest.fixture
def address(serve: Serve) -> str:
    """Where the small API answers."""
    return serve(answers)


def run(address: str, *arguments: str) -> str:
    options = ["--key", "kk_test_partner", "--api", address]
    answer = CliRunner().invoke(loans_app, [*arguments, *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_waiting_loans_are_listed_with_what_they_lack(address: str) -> None:
    shown = run(address, "list", "--status", "parked")
    assert "ld_01" in shown
    assert "phone" in shown


def test_a_loan_is_shown_with_its_story(address: str) -> None:
    shown = run(address, "show", "ld_01")
    assert "950000" in shown
    assert "transition" in shown


@pytest.mark.parametrize("arguments", [("poll",), ("retry", "ld_01")])
def test_a_round_is_set_going(address: str, arguments: tuple[str, ...]) -> None:
    assert "True" in run(address, *arguments)
