"""When to ask, when silence means unknown, when absence is proof. Driven by workflow time."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta

from models.charge import Terms
from models.leg import absent, found, has_it, no_turn
from models.lifecycle import AttemptState
from models.reading import ProviderReport

#: In review a question waits this part of the attempt's age, and a day at the longest: months
#: of silence fit into one history (docs/adr/013-one-history-per-leg.md). So does who has no turn.
_PATIENT, _DAY = 10, 86_400.0
#: Seconds between two tries to get a turn, at the longest: there may be room again.
_LONGEST_TURN = 3_600.0


class Clock:
    """The terms of one attempt against the workflow's time. All waits in seconds, scaled.

    `queues`: nobody holds a phone, so it waits for a turn at the provider's rate to its horizon.
    """

    def __init__(self, terms: Terms, scale: float, *, queues: bool = False) -> None:
        self._terms = terms
        self._scale = scale
        self._waits = terms.horizon if queues else terms.prompt_lifetime
        self._turnless = 0
        self._no_turn = False
        self._first_sent: datetime | None = None
        self._last_sent: datetime | None = None
        self.answered_at: datetime | None = None
        self.sends = 0
        self.questions = 0
        self._absences = 0
        self._absent_last = ""
        self._taken = False
        self.next_check_at: datetime | None = None

    def sent(self, now: datetime) -> None:
        """The attempt leaves, for the first time or again: asking starts anew with the prompt."""
        self._first_sent = self._first_sent or now
        self._last_sent = now
        self.answered_at = None
        self.sends += 1
        self._no_turn = False
        self._absences = 0
        self.questions = 0

    def answered(self, now: datetime) -> None:
        """The prompt was answered, or its end heard of: what the payer was given is older."""
        self.answered_at = now

    def pause(self, now: datetime, state: AttemptState) -> float:
        """Seconds until the next question, never past the end of the prompt's life."""
        steps = self._terms.ask_every
        patient = state is AttemptState.AWAITING_CUSTOMER and self.questions == 0
        wait = self._terms.patience if patient else steps[min(self.questions, len(steps) - 1)]
        wait *= self._scale
        if state is AttemptState.NEEDS_REVIEW:
            wait = max(wait, min(self._age(now) / _PATIENT, _DAY * self._scale))
        left = self._left(self._last_sent, now, self._terms.prompt_lifetime)
        if state is AttemptState.AWAITING_CUSTOMER and 0 < left < wait:
            wait = left
        self.next_check_at = now + timedelta(seconds=wait)
        return wait

    def resend_pause(self, now: datetime, chance: Callable[[], float]) -> float:
        """Seconds before the same attempt is sent again; `chance` is between 0 and 1.

        Those without a turn come again ever less often, and each at a time of its own.
        """
        pauses = self._terms.resend_pauses
        if not self._no_turn:
            return pauses[min(self._spent - 1, len(pauses) - 1)] * self._scale
        wait = pauses[min(self._turnless, len(pauses)) - 1] * self._scale
        rarely = min(self._age(now) / _PATIENT, _LONGEST_TURN * self._scale)
        return max(wait, rarely) * (0.5 + chance())

    def may_send_again(self) -> bool:
        """True while the terms allow another sending of the same attempt."""
        return self._spent <= self._terms.resends

    def prompt_is_over(self, now: datetime) -> bool:
        """True when the payer can no longer answer the prompt."""
        return self._left(self._last_sent, now, self._terms.prompt_lifetime) <= 0

    def past_horizon(self, now: datetime) -> bool:
        """True when a person has to look."""
        return self._left(self._first_sent, now, self._terms.horizon) <= 0

    def heard(self, report: ProviderReport, now: datetime) -> None:
        """Something was said of the attempt: whether they have it is remembered from then on.

        To have had no turn is no sending, as long as it waits for one.
        """
        self._taken = self._taken or has_it(report)
        if found(report):
            self._absences = 0
        waits = self._left(self._first_sent, now, self._waits) > 0
        if no_turn(report) and waits and not self._no_turn:
            self._turnless += 1
            self._no_turn = True

    def judged(
        self,
        report: ProviderReport,
        now: datetime,
        after_all: Callable[[ProviderReport], bool] = lambda _absent: False,
    ) -> ProviderReport:
        """The report; a "not found" that proves that nothing was received says so.

        Once they have said that they have it none does, except where it counts `after_all`.
        """
        if not absent(report):
            return report
        if report.evidence_id != self._absent_last:  # weighed again where the row stood elsewhere
            self._absent_last = report.evidence_id
            self._absences += 1
        told = dataclasses.replace(report, not_received=self._absence_is_proof(now))
        return told if not self._taken or after_all(told) else report

    def _absence_is_proof(self, now: datetime) -> bool:
        """True when the settle time is over and "not found" came twice in a row."""
        if not self._terms.absence_proves or self._last_sent is None:
            return False
        settled = now - self._last_sent >= timedelta(seconds=self._terms.settle_time * self._scale)
        return settled and self._absences >= 2

    @property
    def _spent(self) -> int:
        """The sendings that count."""
        return self.sends - self._turnless

    def _age(self, now: datetime) -> float:
        return (now - self._first_sent).total_seconds() if self._first_sent else 0.0

    def _left(self, since: datetime | None, now: datetime, span: float) -> float:
        if since is None:
            return span * self._scale
        return span * self._scale - (now - since).total_seconds()
