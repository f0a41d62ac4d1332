"""How a raw message from outside is kept: sealed, with how it came."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from api.parts import Parts


async def sealed_message(
    parts: Parts, owner: Mapping[str, Any], request: Request, raw: bytes
) -> bytes:
    """The message under the data key of its owner's organisation."""
    kind = request.headers.get("content-type", "")[:200]
    message: dict[str, Any] = {
        "method": request.method,
        "content_type": kind,
        "raw": base64.b64encode(raw).decode(),
    }
    plain = json.dumps(message).encode()
    return await parts.vault.seal(
        owner["org_id"], livemode=owner["livemode"], field="inbox", plain=plain
    )
