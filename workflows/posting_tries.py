"""What the last answer of a lender's books teaches the next try of the same posting."""

from models.lender_orders import next_try
from models.reading import Reading, Reason
from workflows.leg_plan import Call


class PostingTries:
    """Numbers the idempotency keys of one posting, and knows whether a checker has it."""

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.parked = False
        self._last: Call | None = None

    def at_least(self, number: int) -> None:
        """The rows know of so many: an earlier run may have used more keys than this one."""
        self.number = max(self.number, number)

    def begin_anew(self) -> None:
        """People have it posted once more: under a new key, whatever the last one was answered."""
        self.number, self._last, self.parked = self.number + 1, None, False

    def told(self, call: Call) -> Call:
        """The books are being told."""
        self._last = call
        return call

    def learn(self) -> None:
        """A known failure is answered for ever under its key; an open outcome keeps the key."""
        last, self._last = self._last, None
        if last is None or not last.done() or last.cancelled() or last.exception() is not None:
            return
        reading: Reading = last.result().reading
        self.number = next_try(self.number, reading)
        self.parked = reading.reason is Reason.PARKED
