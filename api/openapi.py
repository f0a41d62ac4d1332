"""`python -m api.openapi [--write]`: print openapi.json, or write the committed copy."""

import json
import sys
from pathlib import Path

from api.app import create_app
from api.description import described
from api.parts import Parts
from runtime.settings import Settings

COMMITTED = Path(__file__).parent.parent / "openapi.json"


async def _unwired(_settings: Settings) -> Parts:
    """The document needs no parts, and its application never starts."""
    raise RuntimeError("this application only describes itself")


def document() -> str:
    """openapi.json as it is committed."""
    return json.dumps(described(create_app(Settings(), _unwired)), indent=2) + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        COMMITTED.write_text(document(), encoding="utf-8")
    else:
        sys.stdout.write(document())
