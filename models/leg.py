"""One money leg of a saga: send once, listen, ask. What evidence means for it. Pure."""

from dataclasses import dataclass

from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reason, Source, Verdict

_WAITING = frozenset({AttemptState.SENDING, AttemptState.ACCEPTED, AttemptState.AWAITING_CUSTOMER})
_OPEN = _WAITING | {AttemptState.UNKNOWN, AttemptState.NOT_RECEIVED, AttemptState.NEEDS_REVIEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a report does to a leg. `ends`: it is the final word. `state` None: evidence only."""

    state: AttemptState | None = None
    ends: bool = False


def weigh(state: AttemptState, report: ProviderReport) -> Weighed:
    """Weigh one report about a leg that has not ended.

    Refused before acting is not received: the same instruction may be sent again. An answer
    "your question was taken" says nothing about the money.
    """
    if state not in _OPEN:
        return Weighed()
    if report.not_received:
        return Weighed(state=AttemptState.NOT_RECEIVED) if _unproven(state) else Weighed()
    if report.verdict is Verdict.SETTLED:
        return Weighed(state=AttemptState.SUCCEEDED, ends=True)
    if report.verdict is Verdict.REFUSED:
        return Weighed(state=_refused(state, report), ends=True)
    if report.verdict is Verdict.PENDING:
        acknowledged = state is AttemptState.SENDING and report.source is not Source.QUERY
        return Weighed(state=AttemptState.ACCEPTED if acknowledged else None)
    return doubted(state)


def claimed(state: AttemptState, weighed: Weighed) -> Weighed:
    """Somebody calls it ended and nobody proves it: what was not received may have come after all.

    It is asked about from here, and not sent again. Any other state goes on as weighed.
    """
    received = state is not AttemptState.NOT_RECEIVED
    return weighed if received else Weighed(state=AttemptState.UNKNOWN)


def doubted(state: AttemptState) -> Weighed:
    """No readable answer, or none in time: unknown, and nothing is sent again."""
    return Weighed(state=AttemptState.UNKNOWN if state in _WAITING else None)


def has_it(report: ProviderReport) -> bool:
    """Whether they say that the instruction is with them: taken, under way, or a repeat.

    What they do not find from then on is a record purged, a route broken, a replica behind.
    """
    told = report.source in {Source.ACK, Source.QUERY} and report.verdict is Verdict.PENDING
    return told or report.reading.reason is Reason.DUPLICATE


def absent(report: ProviderReport) -> bool:
    """The answer to a question: there is no such instruction."""
    return report.source is Source.QUERY and report.reading.reason is Reason.NOT_FOUND


def found(report: ProviderReport) -> bool:
    """The answer to a question says something about it; an error knows no more than silence."""
    knows = report.verdict is not Verdict.UNKNOWN or report.reading.reason is Reason.DUPLICATE
    return report.source is Source.QUERY and knows


def no_turn(report: ProviderReport) -> bool:
    """It has not left, because our own rate was taken: no sending at all."""
    return report.not_received and report.reading.reason is Reason.NO_TURN


def _unproven(state: AttemptState) -> bool:
    return state in {AttemptState.SENDING, AttemptState.UNKNOWN, AttemptState.NEEDS_REVIEW}


def _refused(state: AttemptState, report: ProviderReport) -> AttemptState:
    """Refused at the door never reached the books of the other side: rejected, not failed."""
    at_once = state is AttemptState.SENDING and report.source is Source.ACK
    return AttemptState.REJECTED if at_once else AttemptState.FAILED
