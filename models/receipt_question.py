"""When a pay bill's initiator may be asked with: three wrong passwords lock it for good. Pure.

Whether a password is still right is known only by the answer. So one question is out at a time,
and two while answers come: a password that has ended is tried twice at most before that is known.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.reading import Reading, Reason

#: Questions without an answer yet: by themselves, and while answers come.
ALONE, LIVE = 1, 2
#: Seconds for which an answer shows that answers come.
LIVELY = 60.0
#: Each question that stays unanswered doubles the time until the next, so often at most.
_DOUBLED = 6
#: M-Pesa did not come to look at the initiator, or nobody can say.
_UNSAID = frozenset(
    {
        Reason.NO_ANSWER,
        Reason.UNREADABLE,
        Reason.MAINTENANCE,
        Reason.RATE_LIMITED,
        Reason.PROVIDER_ERROR,
    }
)


class Turn(StrEnum):
    """ASKED: the question is out already. WAIT: others are. SHUT: the initiator was refused."""

    ASK = "ask"
    ASKED = "asked"
    WAIT = "wait"
    SHUT = "shut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The questions of one pay bill.

    `own`: this collection's is out; `out`: how many may still be answered; `live`: an answer came
    lately; `silent`: how many were asked since the last answer, the newest `since` seconds ago.
    """

    shut: bool
    own: bool
    out: int
    live: bool
    silent: int
    since: float


def turn(standing: Standing, patience: float) -> Turn:
    """Whether one more may be asked; `patience` is how many seconds an answer may take."""
    if standing.shut:
        return Turn.SHUT
    if standing.own:
        return Turn.ASKED
    if standing.live:
        return Turn.ASK if standing.out < LIVE else Turn.WAIT
    wait = patience * 2 ** min(standing.silent - 1, _DOUBLED) if standing.silent else 0.0
    free = standing.out < ALONE and standing.since >= wait
    return Turn.ASK if free else Turn.WAIT


def refuses_initiator(reading: Reading) -> bool | None:
    """Whether an answer refuses the initiator; None: it does not say."""
    if reading.reason is Reason.CREDENTIALS:
        return True
    return None if reading.reason in _UNSAID else False
