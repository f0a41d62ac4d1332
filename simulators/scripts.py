"""What happens after a payment is accepted, step by step, for each way of calling back."""

from dataclasses import dataclass

from simulators.faults import Calls, Fault, Outcome


@dataclass(frozen=True, slots=True)
class Wait:
    """Pause for the delay of that name in Behaviour."""

    delay: str


@dataclass(frozen=True, slots=True)
class End:
    """The payment takes this outcome; None: the outcome of its fault."""

    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Call back claiming this outcome; None: the true one. NEVER claims "no word yet"."""

    claim: Outcome | None = None


Step = Wait | End | Tell

_APPROVE = Wait("approve_after_seconds")
_SOON = Wait("callback_delay_seconds")
_GAP = Wait("callback_gap_seconds")
_LATE = Wait("late_after_seconds")

_SCRIPTS: dict[Calls, tuple[Step, ...]] = {
    Calls.ONCE: (_APPROVE, End(), _SOON, Tell()),
    Calls.NEVER: (_APPROVE, End()),
    Calls.TWICE: (_APPROVE, End(), _SOON, Tell(), _GAP, Tell()),
    Calls.STALE_AFTER: (_APPROVE, End(), _SOON, Tell(), _GAP, Tell(Outcome.NEVER)),
    Calls.BEFORE_ANSWER: (End(), Tell()),
    Calls.LATE: (_LATE, End(), Tell()),
    Calls.EXPIRED_THEN_PAID: (
        _APPROVE,
        End(Outcome.EXPIRED),
        _SOON,
        Tell(),
        _LATE,
        End(),
        _SOON,
        Tell(),
    ),
    Calls.DENIED_THEN_PAID: (_APPROVE, End(), _SOON, Tell(Outcome.DECLINED), _GAP, Tell()),
    Calls.FORGED: (_APPROVE, _SOON, Tell(Outcome.PAID), _LATE, End(), _SOON, Tell()),
}


def script(fault: Fault, calls: Calls) -> tuple[Step, ...]:
    """The steps of a payment; none where the payer never decides."""
    return () if fault.outcome is Outcome.NEVER else _SCRIPTS[calls]
