"""Telling a lender's books, and believing only what they then say: one rule for every posting."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from activities.fence import Fence, Intent
from activities.reports import NEVER_SENT, heard, report, silence
from models import faultpoints
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Ambiguous, QuestionRefused, Unreachable

#: What the books say for themselves, whatever the command was answered.
_SPEAKS = frozenset({Reason.DUPLICATE, Reason.MISMATCH})


def speaks(reading: Reading) -> bool:
    """True when the books have answered by themselves: nothing is to be sent."""
    return reading.verdict is Verdict.SETTLED or reading.reason in _SPEAKS


async def looked(asks: Awaitable[Reading]) -> Reading:
    """What the books say; silence where they do not answer."""
    try:
        return await asks
    except (QuestionRefused, Unreachable, Ambiguous):
        return silence(Reason.NO_ANSWER)


def refused(error: Exception) -> Reading:
    """The books could not even be asked: nothing was sent, and a person has to look."""
    said = error.reading if isinstance(error, QuestionRefused) else None
    if isinstance(error, Ambiguous) or (said and said.reason is Reason.PROVIDER_ERROR):
        return NEVER_SENT
    return Reading(
        verdict=Verdict.REFUSED,
        reason=said.reason if said else Reason.CREDENTIALS,
        provider_code=said.provider_code if said else None,
        provider_message=said.provider_message if said else None,
    )


async def posted(
    fence: Fence,
    intent: Intent,
    *,
    about: str,
    tell: Callable[[], Awaitable[Reading]],
    look: Callable[[], Awaitable[Reading]],
) -> ProviderReport:
    """Tell the books once, behind the fence, then read them back. `about` names fault points."""
    named, saga = intent.instruction_id, intent.saga.id
    await faultpoints.reach(f"{about}.fence.before", saga)
    if not await fence.open(intent):
        return report(named, Source.ACK, silence(Reason.DUPLICATE))
    await faultpoints.reach(f"{about}.post.before", saga)
    said = await heard(tell())
    await faultpoints.reach(f"{about}.post.after", saga)
    if said.verdict is Verdict.REFUSED:
        return report(named, Source.ACK, said)
    seen = await looked(look())
    if speaks(seen):
        return report(named, Source.QUERY, seen)
    reason = said.reason or seen.reason
    return report(named, Source.ACK, replace(said, verdict=Verdict.UNKNOWN, reason=reason))
