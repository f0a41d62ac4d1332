"""`kauri payouts` against a small API of its own."""

import pytest
from typer.testing import CliRunner

from cli.payouts import payouts_app
from tests.cli.small_api import Remembers, Serve

PAYOUT = {
    "id": "po_01", "object": "payout", "status": "paid", "amount": 40_000, "currency": "KES",
    "method": "wave", "payee": "+2547…001",
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "paid"}]}


@pytest.fixture
def api() -> Remembers:
    return Remembers("/v1/payouts", PAYOUT, STORY)


@pytest.fixture
def address(serve: Serve, api: Remembers) -> str:
    """Where the small API answers."""
    return serve(api)


def run(address: str, *arguments: str) -> str:
    options = ["--key", "kk_test_shop", "--api", address]
    answer = CliRunner().invoke(payouts_app, [*arguments, *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_money_is_sent_and_its_outcome_printed(address: str, api: Remembers) -> None:
    shown = run(address, "send", "+254712000001", "40000", "KES", "--reference", "s-1")
    assert ("paid" in shown, api.asked) == (True, [("POST", "/v1/payouts?wait=10")])


def test_money_is_not_sent_without_a_reference(address: str) -> None:
    arguments = ["send", "+254712000001", "40000", "KES", "--key", "k", "--api", address]
    assert CliRunner().invoke(payouts_app, arguments).exit_code == 2


def test_payouts_are_listed_and_shown_with_their_story(address: str) -> None:
    assert "po_01" in run(address, "list", "--status", "paid")
    assert "transition" in run(address, "show", "po_01")


@pytest.mark.parametrize(("named", "path"), [("po_01", "payouts"), ("pb_01", "payout_batches")])
@pytest.mark.parametrize("word", ["approve", "reject"])
def test_another_person_decides(
    address: str, api: Remembers, word: str, named: str, path: str
) -> None:
    run(address, word, named, "--reason", "seen")
    assert api.asked == [("POST", f"/v1/{path}/{named}/{word}")]


def test_a_code_is_sent_and_goes_with_the_approval(address: str, api: Remembers) -> None:
    run(address, "code", "pb_01")
    run(address, "approve", "pb_01", "--code", "123456")
    batch = "/v1/payout_batches/pb_01"
    assert api.asked == [("POST", f"{batch}/approval_code"), ("POST", f"{batch}/approve")]
    assert api.bodies[-1] == {"code": "123456"}
