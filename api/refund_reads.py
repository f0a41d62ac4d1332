"""A refund once there is something to tell of it (`?wait=`)."""

from functools import partial
from typing import Any

from api import saga_reads
from api.keys import Caller
from api.parts import Parts
from api.waiting import waited
from models.refund import RefundState
from models.saga import SagaKind

#: Nothing worth telling yet.
_UNTOLD = {RefundState.CREATED, RefundState.PENDING, RefundState.PROCESSING}


async def told(parts: Parts, caller: Caller, refund: str, seconds: float) -> dict[str, Any]:
    """The refund once it ended, waits or is unknown, or in time. Raises NotFound."""
    look = partial(saga_reads.one, parts, caller, SagaKind.REFUND, refund)
    return await waited(look, lambda found: found["status"] not in _UNTOLD, seconds)
