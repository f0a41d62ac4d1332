"""`kauri float` against a small API of its own."""

import json

import pytest
from typer.testing import CliRunner

from cli.float import _place, float_app
from tests.cli.small_api import Serve

PURCHASE = {
    "id": "fp_01", "object": "float_purchase", "short_code": "600100", "status": "settled",
    "amount": 5_000_000, "total": 5_008_000, "proven_by": "callback+statement",
    "needs_review": False,
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "credited"}]}


def answers(_method: str, path: str, _key: str) -> tuple[int, object]:
    """A list, a purchase, or its story."""
    listed = {"data": [PURCHASE] if "status=settled" in path else []}
    shown = STORY if path.endswith("/timeline") else PURCHASE
    return 200, listed if "?" in path else shown


@pytest.fixture
def address(serve: Serve) -> str:
    """Where the small API answers."""
    return serve(answers)


def run(address: str, *arguments: str) -> str:
    options = ["--key", "kk_test_partner", "--api", address]
    answer = CliRunner().invoke(float_app, [*arguments, *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_purchases_are_listed_with_their_witnesses(address: str) -> None:
    shown = run(address, "purchases", "--status", "settled")
    assert "fp_01" in shown
    assert "callback+statement" in shown


def test_a_purchase_is_shown_with_its_story(address: str) -> None:
    shown = run(address, "show", "fp_01")
    assert "5008000" in shown
    assert "credited" in shown


def test_both_are_one_document_for_programs(address: str) -> None:
    document = json.loads(run(address, "show", "fp_01", "--json"))
    assert document["timeline"] == STORY["data"]


def test_a_move_names_its_ends_and_is_asked_once(serve: Serve) -> None:
    heard: list[tuple[str, str]] = []

    def treasury(method: str, path: str, _key: str) -> tuple[int, object]:
        heard.append((method, path))
        return 200, {"id": "cm_01", "status": "draft", "from": "ncba/7744510018"}

    shown = run(
        serve(treasury), "move", "ncba/7744510018", "wave/collections", "5000000",
        "--reason", "float for Monday",
    )  # fmt: skip
    assert heard == [("POST", "/v1/treasury/moves")]
    assert "cm_01" in shown


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("capital", {"kind": "capital"}),
        ("ncba/7744510018", {"kind": "bank", "bank": "ncba", "account": "7744510018"}),
        ("wave", {"kind": "wallet", "provider": "wave", "wallet": "collections"}),
        (
            "mpesa/600000/utility",
            {"kind": "wallet", "provider": "mpesa", "wallet": "600000/utility"},
        ),
    ],
)
def test_a_place_is_written_as_people_write_it(text: str, place: dict[str, str]) -> None:
    assert _place(text) == place
