"""What a call said, or that it said nothing, as evidence. One rule for every outside system."""

from collections.abc import Awaitable

from temporalio import activity

from models import ids
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Ambiguous, NoTurn, Unreachable

#: It never left: the same instruction may be sent again.
NEVER_SENT = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.NEVER_SENT)
#: It never left, for our own rate was taken: it waits, and that counts as no sending.
NO_TURN = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.NO_TURN)


def silence(reason: Reason, *, handle: str | None = None) -> Reading:
    """No readable answer; `handle`: what the other side calls it, where that is known."""
    return Reading(verdict=Verdict.UNKNOWN, reason=reason, provider_reference=handle)


def report(attempt_id: str, source: Source, reading: Reading) -> ProviderReport:
    """The reading as evidence; refused before acting means that nothing was received."""
    return ProviderReport(
        attempt_id=attempt_id,
        source=source,
        reading=reading,
        evidence_id=ids.mint(ids.EVIDENCE),
        not_received=reading.verdict is Verdict.REFUSED and reading.retryable,
    )


async def heard(call: Awaitable[Reading]) -> Reading:
    """What one sending said. It is not made again here, whatever it says or fails to say."""
    try:
        return await call
    except NoTurn as error:
        activity.logger.info("the call waits: %s", error)
        return NO_TURN
    except Unreachable as error:
        activity.logger.warning("the call never left: %s", error)
        return NEVER_SENT
    except Ambiguous as error:
        activity.logger.warning("the call is unanswered: %s", error)
        return silence(Reason.NO_ANSWER, handle=error.handle)
