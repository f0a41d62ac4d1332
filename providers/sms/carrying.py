"""What one call to a gateway means before its answer is read."""

from collections.abc import Awaitable, Callable

from providers.contract import Ambiguous, Unreachable
from providers.http import Answer
from providers.messaging import Rejected, Scope, Sent, Unknown


async def carried(call: Awaitable[Answer], read: Callable[[bytes, int], Sent]) -> Sent:
    """What the answer says; unreachable is a moment's refusal, no answer may mean sent."""
    try:
        answer = await call
    except Unreachable:
        return Rejected(code="unreachable", scope=Scope.MOMENT)
    except Ambiguous:
        return Unknown(code="no_answer")
    return read(answer.body, answer.status)
