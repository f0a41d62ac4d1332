"""A refund once there is something to tell of it (`?wait=`)."""

import asyncio
import time
from typing import Any

from api import saga_reads
from api.keys import Caller
from api.parts import Parts
from models.refund import RefundState
from models.saga import SagaKind

_POLL = 0.2
#: Nothing worth telling yet.
_UNTOLD = {RefundState.CREATED, RefundState.PENDING, RefundState.PROCESSING}


async def told(parts: Parts, caller: Caller, refund: str, seconds: float) -> dict[str, Any]:
    """The refund once it ended, waits or is unknown, or in time. Raises NotFound."""
    deadline = time.monotonic() + seconds
    while True:
        found = await saga_reads.one(parts, caller, SagaKind.REFUND, refund)
        left = deadline - time.monotonic()
        if left <= 0 or found["status"] not in _UNTOLD:
            return found
        await asyncio.sleep(min(_POLL, left))
