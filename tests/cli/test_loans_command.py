"""`kauri loans` against a small API of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from typer.testing import CliRunner

from cli.loans import loans_app

LOAN = {
    "id": "ld_01", "object": "loan_disbursement", "loan": 17, "status": "parked",
    "amount": 950_000, "parked_for": "phone", "receipt": None, "needs_review": False,
}  # fmt: skip
STORY = {"data": [{"at": "2026-11-21T10:00:00+00:00", "kind": "transition", "to": "parked"}]}


class Api(BaseHTTPRequestHandler):
    """Answers as the routes do."""

    def do_GET(self) -> None:
        if self.path.endswith("/timeline"):
            self._answer(STORY)
        elif "?" in self.path:
            self._answer({"data": [LOAN] if "status=parked" in self.path else []})
        else:
            self._answer(LOAN)

    def do_POST(self) -> None:
        self._answer({"object": self.path.rpartition("/")[2], "requested": True})

    def _answer(self, document: object) -> None:
        body = json.dumps(document).encode()
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
