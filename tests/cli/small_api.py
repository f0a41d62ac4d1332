"""An API of a few lines: what a command asks for and what it is told are in its own test."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

#: What is answered to (method, path with query, Authorization): a status and a document.
Answers = Callable[[str, str, str], tuple[int, object]]
Serve = Callable[[Answers], str]


@contextmanager
def served(answers: Answers) -> Iterator[str]:
    """The address where they are given until the end."""
    server = HTTPServer(("127.0.0.1", 0), _handler(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def _answer(self) -> None:
            key = self.headers.get("Authorization", "")
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if isinstance(answers, Remembers) and sent:
                answers.bodies.append(json.loads(sent))
            status, document = answers(self.command, self.path, key)
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Nothing is printed."""

    return Handler


class Remembers:
    """An API of one kind of object under a path; remembers what it was asked."""

    def __init__(self, path: str, shown: Mapping[str, object], story: object) -> None:
        self._listed, self._shown, self._story = f"{path}?limit", shown, story
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[object] = []

    def __call__(self, method: str, path: str, _key: str) -> tuple[int, object]:
        self.asked.append((method, path))
        if path.endswith("/timeline"):
            return 200, self._story
        return 200, {"data": [self._shown]} if path.startswith(self._listed) else self._shown
