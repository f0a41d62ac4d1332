"""The money book of a card merchant: payments, and refunds under the caller's ids."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simulators.book import MoneyBook, Payment
from simulators.faults import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back. `key` is the caller's; `order` the payment's reference."""

    key: str
    order: str
    amount_minor: int
    currency: str
    receipt: str
    done: bool


class CardBook(MoneyBook):
    """Orders are payments under one reference: one for each session made in them."""

    def __init__(self, file: Path | None) -> None:
        self.refunds: dict[tuple[str, str], Refund] = {}
        super().__init__("cards", file)

    def of_order(self, reference: str) -> list[Payment]:
        """Every payment of an order, as its sessions were made."""
        return [one for one in self.payments.values() if one.our_reference == reference]

    def refunds_of(self, reference: str) -> list[Refund]:
        """Every refund of an order."""
        return [one for one in self.refunds.values() if one.order == reference]

    def refundable(self, reference: str) -> int:
        """What was captured and not given back, in minor units."""
        paid = (one for one in self.of_order(reference) if one.outcome is Outcome.PAID)
        back = sum(one.amount_minor for one in self.refunds_of(reference) if one.done)
        return sum(one.taken_minor for one in paid) - back

    def give_back(self, refund: Refund) -> None:
        """A refund was taken in; a second one under the same id changes nothing."""
        if (refund.order, refund.key) not in self.refunds:
            self.refunds[refund.order, refund.key] = refund
            self._write({"fact": "given_back", **asdict(refund)})

    def account(self) -> dict[str, Any]:
        """The book as its readers see it."""
        refunds = [asdict(one) for one in self.refunds.values()]
        return {**super().account(), "refunds": refunds}

    def clear(self) -> None:
        """Forget everything, the file's lines included."""
        self.refunds.clear()
        super().clear()

    def _read(self, fact: dict[str, Any]) -> None:
        if fact["fact"] != "given_back":
            super()._read(fact)
            return
        fact.pop("fact")
        refund = Refund(**fact)
        self.refunds[refund.order, refund.key] = refund
