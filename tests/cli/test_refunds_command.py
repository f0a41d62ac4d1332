"""`kauri refunds` against a small API of its own."""

import pytest
from typer.testing import CliRunner

from cli.refunds import refunds_app
from tests.cli.small_api import Remembers, Serve

REFUND = {
    "id": "rf_01", "object": "refund", "status": "succeeded", "amount": 4_000, "currency": "KES",
    "payment": "pay_01", "via": "native",
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "succeeded"}]}


@pytest.fixture
def api() -> Remembers:
    return Remembers("/v1/refunds", REFUND, STORY)


@pytest.fixture
def address(serve: Serve, api: Remembers) -> str:
    """Where the small API answers."""
    return serve(api)


def run(address: str, *arguments: str) -> str:
    options = ["--key", "kk_test_shop", "--api", address]
    answer = CliRunner().invoke(refunds_app, [*arguments, *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_refund_is_asked_for_and_its_outcome_printed(address: str, api: Remembers) -> None:
    shown = run(address, "create", "pay_01", "--amount", "4000", "--reference", "r-1")
    assert ("succeeded" in shown, api.asked) == (True, [("POST", "/v1/refunds?wait=10")])


def test_nothing_is_given_back_without_a_reference(address: str) -> None:
    arguments = ["create", "pay_01", "--key", "k", "--api", address]
    assert CliRunner().invoke(refunds_app, arguments).exit_code == 2


def test_refunds_are_listed_and_shown_with_their_story(address: str, api: Remembers) -> None:
    assert "rf_01" in run(address, "list", "--payment", "pay_01")
    assert "transition" in run(address, "show", "rf_01")
    assert api.asked[0] == ("GET", "/v1/refunds?limit=20&payment=pay_01")


@pytest.mark.parametrize("word", ["cancel", "approve"])
def test_a_word_about_a_refund_goes_to_its_own_path(
    address: str, api: Remembers, word: str
) -> None:
    run(address, word, "rf_01")
    assert api.asked == [("POST", f"/v1/refunds/rf_01/{word}")]
