"""`python -m simulators` serves until it is told to stop."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def test_it_serves_with_its_books_in_the_state_directory(tmp_path: Path) -> None:
    port = _free_port()
    command = [sys.executable, "-m", "simulators", "--port", str(port), "--speed", "0.1"]
    child = subprocess.Popen([*command, "--state-dir", str(tmp_path / "books")])
    try:
        transport = httpx.HTTPTransport(retries=7)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport) as http:
            alive = http.get("/healthz").json()
            speed = http.get("/control/momo/settings").json()["speed"]
    finally:
        os.kill(child.pid, signal.SIGTERM)
        child.wait(10)
    assert (alive, speed) == ({"status": "ok"}, 0.1)
    books = {"airtouch.jsonl", "africastalking.jsonl", "daraja.jsonl", "momo.jsonl"}
    assert books <= set(os.listdir(tmp_path / "books"))
