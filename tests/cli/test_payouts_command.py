"""`kauri payouts` against a small API of its own."""

import pytest
from typer.testing import CliRunner

from cli.payouts import payouts_app
from tests.cli.small_api import Serve

PAYOUT = {
    "id": "po_01", "object": "payout", "status": "paid", "amount": 40_000, "currency": "KES",
    "method": "wave", "payee": "+2547…001",
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "paid"}]}


class Api:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, method: str, path: str, _key: str) -> tuple[int, object]:
        self.asked.append((method, path))
        if path.endswith("/timeline"):
            return 200, STORY
        return 200, {"data": [PAYOUT]} if path.startswith("/v1/payouts?limit") else PAYOUT


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def address(serve: Serve, api: Api) -> str:
    """Where the small API answers."""
    return serve(api)


def run(address: str, *arguments: str) -> str:
    options = ["--key", "kk_test_shop", "--api", address]
    answer = CliRunner().invoke(payouts_app, [*arguments, *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_money_is_sent_and_its_outcome_printed(address: str, api: Api) -> None:
    shown = run(address, "send", "+254712000001", "40000", "KES", "--reference", "s-1")
    assert ("paid" in shown, api.asked) == (True, [("POST", "/v1/payouts?wait=10")])


def test_money_is_not_sent_without_a_reference(address: str) -> None:
    arguments = ["send", "+254712000001", "40000", "KES", "--key", "k", "--api", address]
    assert CliRunner().invoke(payouts_app, arguments).exit_code == 2


def test_payouts_are_listed_and_shown_with_their_story(address: str) -> None:
    assert "po_01" in run(address, "list", "--status", "paid")
    assert "transition" in run(address, "show", "po_01")


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_another_person_decides(address: str, api: Api, word: str) -> None:
    run(address, word, "po_01", "--reason", "seen")
    assert api.asked == [("POST", f"/v1/payouts/po_01/{word}")]
