"""The money book of a wallet that also pays out and gives back."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from simulators.book import MoneyBook
from simulators.faults import Outcome


@dataclass(slots=True, kw_only=True)
class Payout:
    """Money sent to a wallet. `reference` is the caller's; `outcome` is None while under way.

    `body` tells a repeat from another order under the same key; `back`: it was reversed;
    `gives_back`: the key of the payment it sends back to its payer, whole.
    """

    key: str
    reference: str
    payee: str
    amount_minor: int
    fee_minor: int
    currency: str
    fault: str
    body: str
    echo: dict[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    back: bool = False
    asked: int = 0
    gives_back: str = ""
    callback_url: str = ""
    calls: str = ""
    serial: int = 0
    receipt: str = ""

    @property
    def taken_minor(self) -> int:
        """What it takes out of the wallet, set aside while under way; given back: booked there."""
        gone = self.outcome in {None, Outcome.PAID} and not (self.back or self.gives_back)
        return self.amount_minor + self.fee_minor if gone else 0


class WalletBook(MoneyBook):
    """Collections, payouts by the caller's reference, payments given back by key."""

    def __init__(self, provider: str, file: Path | None, *, opening_minor: int) -> None:
        self.opening_minor = opening_minor
        self.payouts: dict[str, Payout] = {}
        self.given_back: dict[str, int] = {}
        #: By which order of the caller's a payment went back, where orders have names.
        self.refunded_by: dict[str, str] = {}
        #: What payouts took and did not bring back: kept, for it is asked of each next one.
        self._spent = 0
        super().__init__(provider, file)

    def send(self, payout: Payout) -> None:
        """A payout was taken in."""
        self._sent(payout)
        self._write({"fact": "sent", **asdict(payout)})

    def conclude(
        self, payout: Payout, outcome: Outcome, *, back: bool = False, receipt: str = ""
    ) -> None:
        """A payout ended, or came back. What was forgotten meanwhile stays forgotten."""
        if payout.reference not in self.payouts:
            return
        ending = {
            "reference": payout.reference,
            "outcome": outcome,
            "back": back,
            "receipt": receipt or payout.receipt,
        }
        self._concluded(ending)
        self._write({"fact": "concluded", **ending})

    def give_back(self, key: str, *, by: str = "") -> None:
        """A payment goes back to its payer; a second time changes nothing."""
        self._gave_back(key, by)
        self._write({"fact": "given_back", "key": key, "by": by})

    def holds(self, currency: str) -> int:
        """What the wallet holds, in minor units."""
        back = sum(self.given_back.values())
        return self.opening_minor + self.total(currency) - self._spent - back

    def under_way(self) -> list[Payout]:
        """Payouts without an end."""
        return [payout for payout in self.payouts.values() if payout.outcome is None]

    def account(self) -> dict[str, Any]:
        """The book as its readers see it."""
        payouts = [asdict(payout) for payout in self.payouts.values()]
        return {**super().account(), "payouts": payouts, "given_back": dict(self.given_back)}

    def clear(self) -> None:
        """Forget everything, the file's lines included."""
        self.payouts.clear()
        self.given_back.clear()
        self.refunded_by.clear()
        self._spent = 0
        super().clear()

    def _sent(self, payout: Payout) -> None:
        self.payouts[payout.reference] = payout
        self._spent += payout.taken_minor

    def _concluded(self, ending: dict[str, Any]) -> None:
        payout = self.payouts[ending["reference"]]
        before = payout.taken_minor
        payout.outcome, payout.back = Outcome(ending["outcome"]), ending["back"]
        payout.receipt = ending.get("receipt", "")
        self._spent += payout.taken_minor - before

    def _gave_back(self, key: str, by: str) -> None:
        self.given_back[key] = self.payments[key].taken_minor
        if by:
            self.refunded_by[key] = by

    def _read(self, fact: dict[str, Any]) -> None:
        match fact["fact"]:
            case "sent":
                fact.pop("fact")
                self._sent(Payout(**fact))
            case "concluded":
                self._concluded(fact)
            case "given_back":
                self._gave_back(fact["key"], fact.get("by", ""))
            case _:
                super()._read(fact)
