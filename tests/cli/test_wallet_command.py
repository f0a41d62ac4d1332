"""`kauri wallet show` against a small API of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from typer.testing import CliRunner

from cli.wallet import wallet_app

WALLET = {"object": "wallet", "currency": "KES", "available": 97_500, "held": 2_500}
TOP_UP = {
    "id": "tu_1/credited", "kind": "top_up", "amount": 100_000, "balance": 100_000,
    "receipt": "SFC1", "created_at": "2026-11-21T10:00:00+00:00",
}  # fmt: skip


class Api(BaseHTTPRequestHandler):
    """Answers for one key as the routes do."""

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "Bearer kk_test_partner"
        page = {"data": [TOP_UP]} if self.path.startswith("/v1/wallet/transactions") else WALLET
        problem = {"code": "unauthenticated", "detail": "the API key is not known"}
        body = json.dumps(page if known else problem).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the small API answers."""
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_wallet_is_shown_with_what_moved_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
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
