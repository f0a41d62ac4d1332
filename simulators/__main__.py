"""`python -m simulators --port N [--host H] [--state-dir D] [--speed S]`."""

import argparse
from pathlib import Path

import uvicorn

from simulators.app import create_app
from simulators.server import configured
from simulators.settings import Settings


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m simulators", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--state-dir", type=Path, help="keep the money books here")
    parser.add_argument("--speed", type=float, help="multiplies every delay")
    asked = parser.parse_args()
    given = {"state_dir": asked.state_dir, "speed": asked.speed}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    uvicorn.Server(configured(create_app(settings), host=asked.host, port=asked.port)).run()


if __name__ == "__main__":
    main()
