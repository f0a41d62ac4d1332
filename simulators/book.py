"""The money book of one provider: who was debited, how much, how often, for which reference.

Kept apart from everything Kauri writes: tests read it as the independent witness. With a
file, every fact is one JSON line appended to it, and a restart reads them back.
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from simulators.faults import Outcome

EXPONENTS = {
    "KES": 2, "EUR": 2, "GHS": 2, "ZMW": 2, "SZL": 2, "ZAR": 2, "NGN": 2, "GMD": 2, "TZS": 2,
    "MWK": 2,
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Payment:
    """One instruction to collect. Amounts are minor units; `outcome` is None while pending.

    `key` is the handle a question names; `our_reference` is what the caller chose; `names`
    are the wire's own names for both; `echo` is what answers repeat.
    """

    key: str
    our_reference: str
    payer: str
    amount_minor: int
    currency: str
    callback_url: str
    fault: str
    calls: str
    serial: int
    names: dict[str, str]
    echo: dict[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    taken_minor: int = 0
    taken_currency: str = ""
    receipt: str = ""
    ended_at: str = ""
    asked: int = 0

    def debit(self) -> dict[str, Any]:
        """The payment as a line of the book."""
        return {
            "our_reference": self.our_reference,
            **self.names,
            "callback_path": urlsplit(self.callback_url).path,
            "payer": self.payer,
            "amount_minor": self.taken_minor,
            "currency": self.taken_currency,
            "asked_minor": self.amount_minor,
            "asked_currency": self.currency,
            "receipt": self.receipt,
            "at": self.ended_at,
        }


class MoneyBook:
    """Payments, debits and prompts of one provider."""

    def __init__(self, provider: str, file: Path | None = None) -> None:
        self.provider = provider
        self.payments: dict[str, Payment] = {}
        self.prompts: Counter[str] = Counter()
        self._debited: list[Payment] = []
        self._totals: Counter[str] = Counter()
        self._file = file
        self._out: TextIO | None = None
        if file:
            self._open(file)

    def accept(self, payment: Payment, *, rings: bool) -> None:
        """A payment was accepted; `rings`: the payer's phone showed a prompt."""
        self._accept(payment, rings=rings)
        self._write({"fact": "accepted", "rings": rings, **asdict(payment)})

    def end(
        self, payment: Payment, outcome: Outcome, *, taken: tuple[int, str], receipt: str
    ) -> None:
        """A payment ended. PAID debits the payer."""
        fact = {
            "outcome": outcome,
            "taken_minor": taken[0],
            "taken_currency": taken[1],
            "receipt": receipt,
            "ended_at": datetime.now(UTC).isoformat(),
        }
        self._end(payment, fact)
        self._write({"fact": "ended", "key": payment.key, **fact})

    def pending(self) -> list[Payment]:
        """Payments without an outcome."""
        return [payment for payment in self.payments.values() if payment.outcome is None]

    def account(self) -> dict[str, Any]:
        """The book as its readers see it."""
        return {
            "provider": self.provider,
            "debits": [payment.debit() for payment in self._debited],
            "totals": dict(self._totals),
            "times": dict(Counter(payment.our_reference for payment in self._debited)),
            "prompts": dict(self.prompts),
            "accepted": len(self.payments),
        }

    def total(self, currency: str) -> int:
        """What was taken in that currency, in minor units."""
        return self._totals[currency]

    def clear(self) -> None:
        """Forget everything, the file's lines included."""
        self.payments.clear()
        self.prompts.clear()
        self._debited.clear()
        self._totals.clear()
        if self._out:
            self._out.truncate(0)

    def close(self) -> None:
        """Close the file."""
        if self._out:
            self._out.close()
            self._out = None

    def _accept(self, payment: Payment, *, rings: bool) -> None:
        self.payments[payment.key] = payment
        self.prompts[payment.payer] += rings

    def _end(self, payment: Payment, fact: dict[str, Any]) -> None:
        for name, value in fact.items():
            setattr(payment, name, value)
        if payment.outcome is Outcome.PAID:
            self._debited.append(payment)
            self._totals[payment.taken_currency] += payment.taken_minor

    def _write(self, fact: dict[str, Any]) -> None:
        if self._out:
            self._out.write(json.dumps(fact, separators=(",", ":")) + "\n")
            self._out.flush()

    def _open(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            for line in file.read_text().splitlines():
                self._read(json.loads(line))
        self._out = file.open("a")

    def _read(self, fact: dict[str, Any]) -> None:
        if fact.pop("fact") == "accepted":
            self._accept(rings=fact.pop("rings"), payment=Payment(**fact))
        else:
            self._end(self.payments[fact.pop("key")], {**fact, "outcome": Outcome(fact["outcome"])})
