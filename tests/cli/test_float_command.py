"""`kauri float` against a small API of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from typer.testing import CliRunner

from cli.float import float_app

PURCHASE = {
    "id": "fp_01", "object": "float_purchase", "short_code": "600100", "status": "settled",
    "amount": 5_000_000, "total": 5_008_000, "proven_by": "callback+statement",
    "needs_review": False,
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "credited"}]}


class Api(BaseHTTPRequestHandler):
    """Answers as the routes do."""

    def do_GET(self) -> None:
        """A list, a purchase, or its story."""
        listed = {"data": [PURCHASE] if "status=settled" in self.path else []}
        shown = STORY if self.path.endswith("/timeline") else PURCHASE
        body = json.dumps(listed if "?" in self.path else shown).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the small API answers."""
    monkeypatch.setenv("COLUMNS", "160")
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(address: str, *arguments: str) -> str:
    options = ["--key", "kk_test_partner", "--api", address]
    answer = CliRunner().invoke(float_app, [*arguments, *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_purchases_are_listed_with_their_witnesses(address: str) -> None:
    shown = run(address, "list", "--status", "settled")
    assert "fp_01" in shown
    assert "callback+statement" in shown


def test_a_purchase_is_shown_with_its_story(address: str) -> None:
    shown = run(address, "show", "fp_01")
    assert "5008000" in shown
    assert "credited" in shown


def test_both_are_one_document_for_programs(address: str) -> None:
    document = json.loads(run(address, "show", "fp_01", "--json"))
    assert document["timeline"] == STORY["data"]
