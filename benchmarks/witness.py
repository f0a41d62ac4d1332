"""What became of pay-ins: read from the database, and compared with the simulators' books."""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from models import ids

_STATES = (
    "select count(*) filter (where status = 'succeeded') from payments where reference like %s"
)
_RUN = """
select p.id, extract(epoch from p.created_at)::float8, p.status, a.our_reference
  from payments p join attempts a on a.payment_id = p.id where p.reference like %s"""
_BOOKED = """
select about, extract(epoch from at)::float8 from ledger_entries
 where about is not null and kind = 'settled'"""
_UNTOLD = "select count(*) from deliveries where state = 'pending'"
_CHECKOUTS = """
select checkout_id from payments where reference like %s and status = 'succeeded'
 order by random() limit 60"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Pay-ins that were accepted and lost, or took or booked money twice."""

    accepted: int
    lost: int
    doubled: int


class Witness:
    """Reads as the administrator, over all organisations; asks the simulators over HTTP."""

    def __init__(self, admin_url: str, simulators: str) -> None:
        self._database = psycopg.connect(admin_url, autocommit=True)
        self._simulators = simulators

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def settings(self) -> dict[str, str]:
        """What makes a commit durable here, as PostgreSQL tells it."""
        names = ("synchronous_commit", "fsync", "full_page_writes", "server_version")
        return {name: self._one(f"show {name}") for name in names}

    def succeeded(self, run: str) -> int:
        """Payments of a run that succeeded so far."""
        return int(self._one(_STATES, f"{run}-%"))

    def untold(self) -> int:
        """Webhook deliveries not made yet."""
        return int(self._one(_UNTOLD))

    def samples(self, run: str) -> list[tuple[float, float]]:
        """Accepted and booked moments of the pay-ins of a run that were booked."""
        booked = dict(self._rows(_BOOKED))
        rows = self._rows(_RUN, f"{run}-%")
        begun = ((ids.shown(ids.PAYMENT, row[0]), row[1]) for row in rows)
        return [(at, booked[name]) for name, at in begun if name in booked]

    def checkouts(self, run: str) -> list[str]:
        """Workflow ids of some paid checkouts of a run."""
        return [ids.shown(ids.CHECKOUT, row[0]) for row in self._rows(_CHECKOUTS, f"{run}-%")]

    def behave(self, provider: str, **behaviour: float | str) -> None:
        """Set how a simulator behaves."""
        self._control(f"{provider}/settings", behaviour)

    def trust(self, inbox: str, secret: str) -> None:
        """The simulated merchant verifies webhooks by this secret."""
        self._control("merchant/secrets", {"inbox": inbox, "secrets": [secret]})

    def audit(self, runs: Iterable[str], accepted: int) -> Audit:
        """Compare every accepted pay-in with the provider's own book and with our ledger."""
        rows = [row for run in runs for row in self._rows(_RUN, f"{run}-%")]
        times = self._control("momo/book")["times"]
        entries = Counter(about for about, _ in self._rows(_BOOKED))
        paid = [row for row in rows if row[2] == "succeeded"]
        right = [row for row in paid if times.get(row[3]) and entries[_payment(row)]]
        doubled = [row for row in rows if times.get(row[3], 0) > 1 or entries[_payment(row)] > 1]
        return Audit(accepted=accepted, lost=accepted - len(right), doubled=len(doubled))

    def _control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        url = f"{self._simulators}/control/{path}"
        request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def _rows(self, query: str, *values: Any) -> list[Any]:
        return self._database.execute(query, values).fetchall()

    def _one(self, query: str, *values: Any) -> Any:
        row = self._database.execute(query, values).fetchone()
        return row[0] if row else None


def _payment(row: Any) -> str:
    return ids.shown(ids.PAYMENT, row[0])
