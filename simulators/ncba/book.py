"""The bank's books: accounts line by line, float sent on to M-Pesa, notices and who gets them.

Facts are appended to the money book's file beside its own, so a restart reads them back.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulators import codes
from simulators.book import MoneyBook, Payment
from simulators.faults import Outcome
from simulators.ncba.faults import BOUNCES


@dataclass(slots=True, kw_only=True)
class Line:
    """One movement of an account; `minor` is negative for a debit. `facts` go into notices."""

    account: str
    minor: int
    reference: str
    narrative: str
    cause: str
    at: str
    balance_minor: int
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Registration:
    """Where the bank tells an account's holder; empty addresses are told nothing."""

    account: str
    callback_url: str = ""
    xml_url: str = ""
    json_url: str = ""


@dataclass(slots=True, kw_only=True)
class Push:
    """One notice, sent until it is taken."""

    id: str
    url: str
    form: str
    body: str
    told: bool = False


class BankBook(MoneyBook):
    """Accounts and payments. `posted` hears of every line, `paid` of payments that went through."""

    def __init__(
        self,
        opening: Mapping[str, int],
        file: Path | None,
        *,
        posted: Callable[[Line], None],
        paid: Callable[[Payment], None],
    ) -> None:
        self.lines: list[Line] = []
        self.balances: dict[str, int] = {}
        self.registrations: dict[str, Registration] = {}
        self.pushes: dict[str, Push] = {}
        self.float_credits: list[dict[str, Any]] = []
        self._moved: Counter[tuple[str, str]] = Counter()
        self._opening = opening
        self._posted = posted
        self._paid = paid
        self._facts: dict[str, Callable[..., None]] = {
            "opened": self._opened,
            "line": self._lined,
            "registered": self._registered,
            "float": self._credited,
            "push": self._pushed,
            "told": self._told,
        }
        super().__init__("ncba", file)
        self._open_accounts()

    def open(self, account: str, minor: int) -> None:
        """A new account that holds so much; an old one is left as it is."""
        if account not in self.balances:
            self._note("opened", account=account, minor=minor)

    def post(
        self,
        account: str,
        minor: int,
        *,
        narrative: str,
        cause: str,
        reference: str = "",
        facts: Mapping[str, str] | None = None,
        announced: bool = True,
    ) -> Line:
        """Debit or credit an account, overdrawn or not; `announced`: `posted` hears of it."""
        line = Line(
            account=account,
            minor=minor,
            reference=reference or f"FT{codes.digits(10)}",
            narrative=narrative,
            cause=cause,
            at=datetime.now(UTC).isoformat(),
            balance_minor=self.balances.get(account, 0) + minor,
            facts=dict(facts or {}),
        )
        self._note("line", **asdict(line))
        if announced:
            self._posted(line)
        return line

    def register(self, registration: Registration) -> None:
        """Whom the bank tells of this account from now on."""
        self._note("registered", **asdict(registration))

    def registration(self, account: str) -> Registration:
        """Whom the bank tells of this account."""
        return self.registrations.get(account) or Registration(account=account)

    def knows(self, reference: str) -> bool:
        """True when a payment came with this reference before."""
        return any(payment.our_reference == reference for payment in self.payments.values())

    def without_float(self) -> list[Payment]:
        """Float purchases that went through and have not arrived at M-Pesa."""
        arrived = {line["key"] for line in self.float_credits}
        return [
            payment
            for payment in self.payments.values()
            if payment.echo["rail"] == "float"
            and payment.outcome is Outcome.PAID
            and payment.key not in arrived
        ]

    def bouncing(self) -> list[Payment]:
        """Payments to other banks that are to come back and did not yet."""
        return [
            payment
            for payment in self.payments.values()
            if payment.fault == BOUNCES.name
            and payment.outcome is Outcome.PAID
            and self._moved[payment.payer, payment.key]
        ]

    def bounce(self, payment: Payment) -> None:
        """The other bank sends a payment back."""
        if self._moved[payment.payer, payment.key]:
            self._settle(payment, moved=False)

    def credit_float(self, payment: Payment, where: str) -> None:
        """The float of a purchase arrived at M-Pesa."""
        self._note(
            "float",
            key=payment.key,
            our_reference=payment.our_reference,
            short_code=payment.echo["to"],
            amount_minor=payment.taken_minor,
            where=where,
        )

    def push(self, push: Push) -> None:
        """A notice is on its way."""
        self._note("push", **asdict(push))

    def told(self, push: Push) -> None:
        """A notice was taken."""
        self._note("told", id=push.id)

    def accept(self, payment: Payment, *, rings: bool) -> None:
        """What is sent out of an account leaves it at once, whatever becomes of it."""
        super().accept(payment, rings=rings)
        self._settle(payment, moved=True)

    def end(
        self, payment: Payment, outcome: Outcome, *, taken: tuple[int, str], receipt: str
    ) -> None:
        """A payment that failed is put back on its account."""
        super().end(payment, outcome, taken=taken, receipt=receipt)
        self._settle(payment, moved=outcome is Outcome.PAID)
        if outcome is Outcome.PAID:
            self._paid(payment)

    def account(self) -> dict[str, Any]:
        """The book as its readers see it: payments, accounts, lines, float, notices."""
        return {
            **super().account(),
            "pending": len(self.pending()),
            "accounts": dict(self.balances),
            "lines": [asdict(line) for line in self.lines],
            "float": self.float_credits,
            "notices": [asdict(push) for push in self.pushes.values()],
        }

    def clear(self) -> None:
        """Forget everything but the account there is from the start."""
        super().clear()
        for kept in (self.lines, self.float_credits):
            kept.clear()
        for known in (self.balances, self.registrations, self.pushes, self._moved):
            known.clear()
        self._open_accounts()

    def _settle(self, payment: Payment, *, moved: bool) -> None:
        """Out of the account while the payment stands, in it when it does not."""
        if payment.echo["rail"] == "till":
            return
        owed = -payment.amount_minor if moved else 0
        minor = owed - self._moved[payment.payer, payment.key]
        if minor:
            words = payment.echo["narrative"]
            self.post(
                payment.payer,
                minor,
                narrative=f"REVERSAL {words}" if minor > 0 else words,
                cause=payment.our_reference,
                reference=payment.key,
            )

    def _open_accounts(self) -> None:
        for account, minor in self._opening.items():
            self.open(account, minor)

    def _note(self, fact: str, **said: Any) -> None:
        self._facts[fact](**said)
        self._write({"fact": fact, **said})

    def _read(self, fact: dict[str, Any]) -> None:
        apply = self._facts.get(fact["fact"])
        if apply is None:
            super()._read(fact)
        else:
            apply(**{name: value for name, value in fact.items() if name != "fact"})

    def _opened(self, account: str, minor: int) -> None:
        self.balances[account] = minor

    def _lined(self, **said: Any) -> None:
        line = Line(**said)
        self.lines.append(line)
        self.balances[line.account] = line.balance_minor
        self._moved[line.account, line.reference] += line.minor

    def _registered(self, **said: str) -> None:
        registration = Registration(**said)
        self.registrations[registration.account] = registration

    def _credited(self, **said: Any) -> None:
        self.float_credits.append(said)

    def _pushed(self, **said: Any) -> None:
        push = Push(**said)
        self.pushes[push.id] = push

    def _told(self, id: str) -> None:  # noqa: A002 - the word in the file
        self.pushes[id].told = True
