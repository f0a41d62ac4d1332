"""`kauri escrow` against a small API of its own."""

import pytest
from typer.testing import CliRunner

from cli.escrow import escrow_app
from tests.cli.small_api import Serve

ESCROW = {"id": "esc_1", "status": "funded", "amount": 100_000, "funded": 100_000, "released": 0}
PART = {
    "number": 1, "kind": "release", "amount": 40_000, "by": "proof", "status": "done",
    "refund": None,
}  # fmt: skip
ASKED: list[tuple[str, str]] = []


def answers(method: str, path: str, key: str) -> tuple[int, object]:
    """What one key may see and do, as the routes tell it."""
    if key != "Bearer kk_test_shop":
        return 401, {"code": "unauthenticated", "detail": "the API key is not known"}
    ASKED.append((method, path))
    if path.endswith("/parts"):
        return 200, {"object": "list", "data": [PART]}
    if path.endswith("/timeline"):
        return 200, {"object": "timeline", "data": []}
    return 200, {"data": [ESCROW]} if "?" in path else ESCROW


@pytest.fixture
def address(serve: Serve) -> str:
    """Where the small API answers."""
    ASKED.clear()
    return serve(answers)


def run(address: str, *arguments: str, key: str = "kk_test_shop") -> tuple[int, str]:
    answer = CliRunner().invoke(escrow_app, [*arguments, "--key", key, "--api", address])
    return answer.exit_code, answer.output


def test_escrows_are_listed(address: str) -> None:
    code, output = run(address, "list", "--status", "funded")
    assert (code, "esc_1" in output) == (0, True)
    assert ASKED == [("GET", "/v1/escrows?limit=20&status=funded")]


def test_an_escrow_is_shown_with_its_parts(address: str) -> None:
    code, output = run(address, "show", "esc_1")
    assert (code, "proof" in output, "40000" in output) == (0, True, True)


def test_a_part_is_released_and_another_refunded(address: str) -> None:
    released = run(address, "release", "esc_1", "--amount", "40000", "--proof", "waybill 7")
    refunded = run(address, "refund", "esc_1", "--reason", "it never came")
    assert (released[0], refunded[0]) == (0, 0)
    assert ASKED == [("POST", "/v1/escrows/esc_1/release"), ("POST", "/v1/escrows/esc_1/refund")]


def test_a_refusal_is_told_and_ends_with_1(address: str) -> None:
    code, output = run(address, "list", key="other")
    assert (code, "the API key is not known" in output) == (1, True)
