"""Updates of running sagas: sent again under the same id when the server asks for it.

A workflow task that fails for an unrelated reason (an event came while it completed) takes the
update with it before it was admitted. The same id makes sending it again harmless.
"""

import asyncio
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

Answer = TypeVar("Answer")

_TRIES, _PAUSE = 5, 0.3
#: An update waits for the workflow, and the workflow may wait for the provider.
_PATIENCE = timedelta(seconds=30)


async def execute(
    handle: WorkflowHandle[Any, Any],
    update: str,
    message: Any,
    *,
    result_type: type[Answer],
    update_id: str | None = None,
) -> Answer:
    """The update's answer. Raises WorkflowUpdateFailedError when refused, and RPCError."""
    named = update_id or str(uuid4())
    for _ in range(_TRIES):
        try:
            answer: Answer = await handle.execute_update(
                update, message, id=named, result_type=result_type, rpc_timeout=_PATIENCE
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await asyncio.sleep(_PAUSE)
            continue
        return answer
    raise RPCError("the workflow was busy", RPCStatusCode.UNAVAILABLE, b"")
