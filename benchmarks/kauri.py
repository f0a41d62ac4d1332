"""The product's load: pay-ins end to end, from the request to the booked entry."""

import json
import time
import urllib.request
import uuid
from pathlib import Path

from benchmarks.offer import Acceptance, Till, offer
from benchmarks.runs import Run
from benchmarks.witness import Audit, Witness

#: Seconds without any ending after which a run is given up.
_STALLED = 60.0


class KauriLoad:
    """Offers pay-ins and waits for their money to be booked and its webhooks delivered."""

    def __init__(self, k6: Path, till: Till, witness: Witness) -> None:
        self._k6 = k6
        self._till = till
        self._witness = witness
        self.runs: list[str] = []
        self.acceptances: list[Acceptance] = []

    def offer(self, rate: float, seconds: float) -> Run:
        """Offer, drain and tell."""
        taken = self.accept(rate, seconds)
        self.drain()
        return Run(
            rate=rate,
            seconds=seconds,
            offered=taken.accepted,
            samples=self._witness.samples(self.runs[-1]),
            missed=taken.dropped + taken.errors,
        )

    def accept(self, rate: float, seconds: float) -> Acceptance:
        """Offer without waiting for the sagas."""
        self.runs.append(f"bench-{uuid.uuid4().hex[:8]}")
        taken = offer(self._k6, self._till, name=self.runs[-1], rate=rate, seconds=seconds)
        self.acceptances.append(taken)
        return taken

    def drain(self) -> float:
        """Wait until the last run has ended, or nothing ends any more; seconds it took."""
        began = moved = time.monotonic()
        left = before = self._left()
        while left and time.monotonic() - moved < _STALLED:
            time.sleep(0.5)
            left = self._left()
            moved, before = (time.monotonic(), left) if left < before else (moved, before)
        return time.monotonic() - began

    def audit(self) -> Audit:
        """Lost and doubled over all runs of this load."""
        accepted = sum(taken.accepted for taken in self.acceptances)
        return self._witness.audit(self.runs, accepted)

    def _left(self) -> int:
        paid = self._witness.succeeded(self.runs[-1])
        return self.acceptances[-1].accepted - paid + self._witness.untold()


def listen(api: str, key: str, simulators: str, witness: Witness) -> None:
    """Give the merchant a webhook endpoint: the simulated merchant, who verifies signatures."""
    url = f"{simulators}/merchant/hooks/bench"
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{api}/v1/webhook_endpoints",
        data=json.dumps({"url": url}).encode(),
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        witness.trust("bench", json.load(answer)["secret"])
