"""`kauri wallet show` against a small API of its own."""

import json

import pytest
from typer.testing import CliRunner

from cli.wallet import wallet_app
from tests.cli.small_api import Serve

WALLET = {"object": "wallet", "currency": "KES", "available": 97_500, "held": 2_500}
TOP_UP = {
    "id": "tu_1/credited", "kind": "top_up", "amount": 100_000, "balance": 100_000,
    "receipt": "SFC1", "created_at": "2026-11-21T10:00:00+00:00",
}  # fmt: skip


def answers(_method: str, path: str, key: str) -> tuple[int, object]:
    """What one key may see, as the routes tell it."""
    if key != "Bearer kk_test_partner":
        return 401, {"code": "unauthenticated", "detail": "the API key is not known"}
    return 200, {"data": [TOP_UP]} if path.startswith("/v1/wallet/transactions") else WALLET


@pytest.fixture
def address(serve: Serve) -> str:
    """Where the small API answers."""
    return serve(answers)


def test_the_wallet_is_shown_with_what_moved_it(address: str) -> None:
    answer = CliRunner().invoke(wallet_app, ["show", "--key", "kk_test_partner", "--api", address])
    assert answer.exit_code == 0, answer.output
    for shown in ("97500", "2500", "tu_1/credited", "SFC1"):
        assert shown in answer.output


def test_the_wallet_is_printed_for_machines(address: str) -> None:
    arguments = ["show", "--key", "kk_test_partner", "--api", address, "--json"]
    answer = CliRunner().invoke(wallet_app, arguments)
    assert json.loads(answer.output) == {**WALLET, "transactions": [TOP_UP]}


def test_a_refusal_is_told_and_ends_with_1(address: str) -> None:
    answer = CliRunner().invoke(wallet_app, ["show", "--key", "other", "--api", address])
    assert answer.exit_code == 1
    assert "the API key is not known" in answer.output
