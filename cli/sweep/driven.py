"""One checkout the sweep has driven, and what its merchant saw of it."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.cells import Cell

_AMOUNTS = {"mpesa": (150_000, "KES"), "momo": (1_500, "XAF")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, and the bytes it was answered with."""

    path: str
    body: dict[str, Any]
    key: str
    answer: bytes


@dataclass(slots=True, kw_only=True)
class Driven:
    """A cell at work. `problem`: why the cell could not be tried as meant."""

    cell: Cell
    reference: str
    phone: str
    began: float = field(default_factory=time.monotonic)
    asked: list[Asked] = field(default_factory=list)
    checkout_id: str = ""
    payment_id: str = ""
    attempt_id: str = ""
    problem: str = ""
    cancels: bool = False
    status: str = ""
    seconds: float = 0.0

    @property
    def subject(self) -> str:
        """What violations name it by."""
        return self.payment_id

    def order(self, *, confirm: bool) -> dict[str, Any]:
        """The session to create."""
        amount, currency = _AMOUNTS[self.cell.provider]
        body: dict[str, Any] = {
            "amount": amount,
            "currency": currency,
            "reference": self.reference,
            "expires_in": 3600,
        }
        return {**body, "confirm": self.method()} if confirm else body

    def method(self) -> dict[str, Any]:
        """How the payer pays."""
        body = {"method": self.cell.provider, "payer": {"phone": f"+{self.phone}"}}
        waits = self.cell.point is not None and self.cell.point.waits
        return {**body, "when_down": "queue"} if waits else body

    def learn(self, asked: Asked) -> None:
        """Remember an answer and the ids in it."""
        self.asked.append(asked)
        document = json.loads(asked.answer)
        payment = document["payment"]
        self.checkout_id, self.payment_id = document["id"], payment["id"]
        if payment.get("latest_attempt"):
            self.attempt_id = payment["latest_attempt"]["id"]
