"""What follows from what a gateway said. Pure: the policies of models/messages.py, applied."""

from dataclasses import dataclass
from datetime import timedelta

from models.messages import MessagePolicy, MessageState
from providers.messaging import Rejected, Scope, Sent, Submitted, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where the message stands now.

    QUEUED with a `pause`: tried again after it; without: the next gateway is asked at once.
    `doubtful`: this try may have sent it.
    """

    state: MessageState
    code: str | None = None
    pause: timedelta | None = None
    provider_ref: str | None = None
    doubtful: bool = False


#: No gateway could be asked; that counts as no try.
NONE_OPEN = Verdict(state=MessageState.QUEUED, code="no_gateway_open", pause=timedelta(seconds=30))


def verdict(policy: MessagePolicy, sent: Sent, *, doubts: int) -> Verdict:
    """What one answer means. `doubts`: how often it may have gone before this answer."""
    match sent:
        case Submitted(provider_ref=named):
            return Verdict(state=MessageState.SUBMITTED, provider_ref=named)
        case Rejected(code=code, scope=Scope.ADDRESS):
            return Verdict(state=MessageState.FAILED, code=code)
        case Rejected(code=code):
            return Verdict(state=MessageState.QUEUED, code=code)
        case Unknown(code=code):
            return _doubted(policy, code, doubts)


def _doubted(policy: MessagePolicy, code: str, doubts: int) -> Verdict:
    if doubts >= policy.resends:
        return Verdict(state=MessageState.UNKNOWN, code=code, doubtful=True)
    pause = policy.resend_pause or None
    return Verdict(state=MessageState.QUEUED, code=code, pause=pause, doubtful=True)


def nobody_took_it(policy: MessagePolicy, *, tries: int, doubts: int, code: str | None) -> Verdict:
    """Every gateway that could be asked refused. `tries` counts this round."""
    if tries <= len(policy.pauses):
        return Verdict(state=MessageState.QUEUED, code=code, pause=policy.pauses[tries - 1])
    return Verdict(state=MessageState.UNKNOWN if doubts else MessageState.FAILED, code=code)


def too_late(*, doubts: int) -> Verdict:
    """Its time has passed: it never went, unless it may have."""
    state = MessageState.UNKNOWN if doubts else MessageState.EXPIRED
    return Verdict(state=state, code="too_late")
