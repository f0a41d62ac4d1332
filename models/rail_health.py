"""Whether a rail carries money now: a circuit per provider, country and operation. Pure.

    up ⇄ degraded → open → half_open → up
    any → maintenance → half_open

What opens it is what real calls came to. A payer's refusal is an answer, and answers are health.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

#: The signal that tells a waiting run that its turn has come; its one argument is what waited.
RAIL_FREED = "rail_freed"


class Operation(StrEnum):
    """What a rail is used for."""

    COLLECT = "collect"
    PAYOUT = "payout"
    REFUND = "refund"


class RailState(StrEnum):
    """Where a circuit stands."""

    UP = "up"
    DEGRADED = "degraded"
    HALF_OPEN = "half_open"
    OPEN = "open"
    MAINTENANCE = "maintenance"

    @property
    def carries(self) -> bool:
        """True while anything may be sent without asking for a turn."""
        return self in {self.UP, self.DEGRADED}

    @property
    def down(self) -> bool:
        """True while nothing new is sent at all."""
        return self in {self.OPEN, self.MAINTENANCE}


DEGRADED, OUTAGE, RECOVERED = "provider.degraded", "provider.outage", "provider.recovered"
#: Seconds.
SHORTEST_WINDOW = 60.0
#: From best to worst.
WORST = tuple(RailState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rail:
    """One operation of one provider in one country (ISO 3166, two letters)."""

    provider: str
    operation: Operation
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What calls came to within the window. `asked`: questions, which move no money."""

    answered: int = 0
    troubled: int = 0
    throttled: int = 0
    asked_answered: int = 0
    asked_troubled: int = 0

    @property
    def sent(self) -> int:
        """Calls that were to move money."""
        return self.answered + self.troubled + self.throttled


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When a circuit opens and closes. Seconds.

    `least`: outcomes that say anything at all. `opens`, `degrades`, `calm`: shares of trouble.
    `rest`: how long nothing is sent after the first failure; doubled with each that follows.
    `trials`: what is let through half open, and again after a `trial_life` without an answer.
    """

    window: float = 120.0
    least: int = 10
    opens: float = 0.5
    degrades: float = 0.2
    calm: float = 0.1
    rest: float = 15.0
    longest_rest: float = 300.0
    trials: int = 5
    trial_life: float = 60.0

    def scaled(self, scale: float) -> "Rules":
        """The same with every time multiplied by the one wait setting.

        Calls take as long as ever: the window does not become shorter than some of them take.
        """
        return replace(
            self,
            window=max(self.window * scale, min(self.window, SHORTEST_WINDOW)),
            rest=self.rest * scale,
            longest_rest=self.longest_rest * scale,
            trial_life=self.trial_life * scale,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """Where a rail stands. `until`: nothing is sent before; `streak`: openings in a row.

    `trials`: how many may still be let through. `counted_from`: outcomes before say nothing.
    """

    since: datetime
    counted_from: datetime
    state: RailState = RailState.UP
    until: datetime | None = None
    streak: int = 0
    trials: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Maintenance the provider announced."""

    starts_at: datetime
    ends_at: datetime
    reason: str

    def holds(self, at: datetime) -> bool:
        """True within it."""
        return self.starts_at <= at < self.ends_at


def new_circuit(at: datetime) -> Circuit:
    """A rail nothing is known of is up."""
    return Circuit(since=at, counted_from=at)


def judged(
    circuit: Circuit, counts: Counts, *, at: datetime, rules: Rules, window: Window | None = None
) -> Circuit:
    """Where the circuit stands now. `counts` are of calls since `counted_from`, in the window."""
    if window is not None:
        return _maintained(circuit, window, at)
    match circuit.state:
        case RailState.MAINTENANCE:
            return _half_open(circuit, at, rules)
        case RailState.OPEN:
            return _rested(circuit, counts, at, rules)
        case RailState.HALF_OPEN:
            return _tried(circuit, counts, at, rules)
        case _:
            return _carrying(circuit, counts, at, rules)


def announced(old: RailState, new: RailState) -> str | None:
    """The event a change is told by; None for steps on the way back."""
    if new is RailState.UP:
        return RECOVERED
    if new is RailState.DEGRADED:
        return DEGRADED
    return OUTAGE if new.down and old.carries else None


def _maintained(circuit: Circuit, window: Window, at: datetime) -> Circuit:
    known = circuit.state is RailState.MAINTENANCE
    if known and (circuit.until, circuit.reason) == (window.ends_at, window.reason):
        return circuit
    return Circuit(
        state=RailState.MAINTENANCE,
        since=circuit.since if known else at,
        counted_from=at,
        until=window.ends_at,
        reason=window.reason,
    )


def _rested(circuit: Circuit, counts: Counts, at: datetime, rules: Rules) -> Circuit:
    """After its rest it is tried again, unless every question meanwhile found nobody there."""
    if circuit.until is not None and at < circuit.until:
        return circuit
    if counts.asked_troubled and not counts.asked_answered:
        return replace(_opened(circuit, at, rules), since=circuit.since)
    return _half_open(circuit, at, rules)


def _tried(circuit: Circuit, counts: Counts, at: datetime, rules: Rules) -> Circuit:
    """What was let through decides; where nothing was, questions do, after a while."""
    if counts.troubled or (counts.asked_troubled and not counts.asked_answered):
        return _opened(circuit, at, rules)
    if counts.answered >= rules.trials:
        return new_circuit(at)
    if at - circuit.counted_from < timedelta(seconds=rules.trial_life):
        return circuit
    if counts.answered or counts.asked_answered:
        return new_circuit(at)
    return replace(_half_open(circuit, at, rules), since=circuit.since)


def _carrying(circuit: Circuit, counts: Counts, at: datetime, rules: Rules) -> Circuit:
    total, troubled, throttled = counts.sent, counts.troubled, counts.throttled
    if total < rules.least:  # too little was sent: questions say whether anybody is there
        total += counts.asked_answered + counts.asked_troubled
        troubled += counts.asked_troubled
    if total >= rules.least and troubled >= total * rules.opens:
        return _opened(circuit, at, rules)
    share = (troubled + throttled) / total if total else 0.0
    degraded = circuit.state is RailState.DEGRADED
    if total >= rules.least and share >= rules.degrades:
        reason = f"{share:.0%} of {total} calls without an answer or held back"
        since = circuit.since if degraded else at
        return replace(circuit, state=RailState.DEGRADED, since=since, reason=reason)
    if degraded and (total < rules.least or share < rules.calm):
        return replace(circuit, state=RailState.UP, since=at, reason=None)
    return circuit


def _opened(circuit: Circuit, at: datetime, rules: Rules) -> Circuit:
    rest = min(rules.rest * 2**circuit.streak, rules.longest_rest)
    return Circuit(
        state=RailState.OPEN,
        since=at,
        counted_from=at,
        until=at + timedelta(seconds=rest),
        streak=min(circuit.streak + 1, 16),
        reason="calls without an answer",
    )


def _half_open(circuit: Circuit, at: datetime, rules: Rules) -> Circuit:
    return Circuit(
        state=RailState.HALF_OPEN,
        since=at,
        counted_from=at,
        streak=circuit.streak,
        trials=rules.trials,
        reason=circuit.reason,
    )
