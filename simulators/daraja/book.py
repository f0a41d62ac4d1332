"""Daraja's money book: payers' debits, and what moves on the accounts of each short code.

One file, one line per fact; whatever a fact moves stands in the same line.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simulators.book import MoneyBook, Payment
from simulators.daraja.instructions import Collection, Instruction, Kind
from simulators.daraja.organisations import Movement, Organisation
from simulators.faults import Outcome


class DarajaBook(MoneyBook):
    """`house`: short codes that exist from the start. `paid` hears of a push that was paid."""

    def __init__(
        self,
        house: Callable[[], Organisation],
        file: Path | None,
        *,
        paid: Callable[[Payment], None],
    ) -> None:
        self._house = house
        self._paid = paid
        self._forget()
        super().__init__("daraja", file)

    def open(self, organisation: Organisation) -> None:
        """A short code exists from now on; one that existed begins anew."""
        self._say("organisation", organisation.kept())

    def change(self, short_code: str, **changes: Any) -> None:
        """Set what a short code remembers."""
        self._say("changed", {"short_code": short_code, "changes": changes})

    def instruct(self, instruction: Instruction) -> None:
        """An instruction was taken in."""
        self._instructed(instruction)
        self._write({"fact": "instructed", **asdict(instruction)})

    def conclude(
        self,
        key: str,
        ending: dict[str, Any],
        moves: Iterable[Movement] = (),
        *,
        turned_back: str = "",
    ) -> None:
        """An instruction ended so, with these movements; `turned_back`: what it reversed."""
        told = {"key": key, "ending": ending, "moves": _plain(moves), "turned_back": turned_back}
        self._say("concluded", told)

    def offer(self, collection: Collection) -> None:
        """A customer pays by the menu."""
        self.collections[collection.key] = collection
        self._write({"fact": "offered", **asdict(collection)})

    def settle(self, key: str, ending: dict[str, Any], moves: Iterable[Movement] = ()) -> None:
        """A pay bill payment ended so, with these movements."""
        self._say("settled", {"key": key, "ending": ending, "moves": _plain(moves)})

    def move(self, *moves: Movement, turned_back: str = "") -> None:
        """Money moves by order of the control API."""
        self._say("moved", {"moves": _plain(moves), "turned_back": turned_back})

    def finish(self, key: str) -> None:
        """Everybody was told of an instruction or a pay bill payment."""
        self._say("finished", {"key": key})

    def under_way(self) -> list[Instruction]:
        """Instructions without an end, or not told of."""
        return [one for one in self.instructions.values() if not one.finished]

    def offered(self) -> list[Collection]:
        """Pay bill payments without an end, or not told of."""
        return [one for one in self.collections.values() if not one.finished]

    def payout(self, short_code: str, originator: str) -> Instruction | None:
        """The payout of that reference: M-Pesa takes each reference once."""
        return self._payouts.get((short_code, originator))

    def find(self, short_code: str, name: str) -> Instruction | None:
        """What moved or was to move money under a receipt, a reference or a ConversationID."""
        for one in reversed(self.instructions.values()):
            named = bool(name) and name in {one.receipt, one.originator, one.key}
            if named and one.short_code == short_code and one.kind.moves_money:
                return one
        return None

    def push(self, receipt: str) -> Payment | None:
        """The STK push paid under that receipt."""
        return self._pushes.get(receipt)

    def end(
        self, payment: Payment, outcome: Outcome, *, taken: tuple[int, str], receipt: str
    ) -> None:
        """A push ended; what was paid stands on the short code's account."""
        super().end(payment, outcome, taken=taken, receipt=receipt)
        if outcome is Outcome.PAID:
            self._paid(payment)

    def account(self) -> dict[str, Any]:
        """The book as its readers see it, short code by short code."""
        shown: dict[str, dict[str, Any]] = {
            code: {**organisation.account(), "instructions": [], "collections": []}
            for code, organisation in self.organisations.items()
        }
        for instruction in self.instructions.values():
            if instruction.kind.moves_money:
                shown[instruction.short_code]["instructions"].append(instruction.line())
        for collection in self.collections.values():
            shown[collection.short_code]["collections"].append(collection.line())
        return {**super().account(), "organisations": shown}

    def clear(self) -> None:
        """Forget everything but the short codes of the start."""
        super().clear()
        self._forget()

    def _forget(self) -> None:
        house = self._house()
        self.organisations: dict[str, Organisation] = {house.short_code: house}
        self.instructions: dict[str, Instruction] = {}
        self.collections: dict[str, Collection] = {}
        self.reversed: set[str] = set()
        self._payouts: dict[tuple[str, str], Instruction] = {}
        self._pushes: dict[str, Payment] = {}

    def _end(self, payment: Payment, fact: dict[str, Any]) -> None:
        super()._end(payment, fact)
        organisation = self.organisations.get(payment.echo.get("BusinessShortCode", ""))
        if payment.outcome is not Outcome.PAID or organisation is None:
            return
        self._pushes[payment.receipt] = payment
        organisation.move(
            Movement(
                short_code=organisation.short_code,
                account="working",
                kind="stk",
                amount_minor=payment.taken_minor,
                reference=payment.our_reference,
                receipt=payment.receipt,
                party=payment.payer,
                at=payment.ended_at,
            )
        )

    def _say(self, fact: str, told: dict[str, Any]) -> None:
        self._hear(fact, told)
        self._write({"fact": fact, **told})

    def _read(self, fact: dict[str, Any]) -> None:
        if fact["fact"] in {"accepted", "ended"}:
            super()._read(fact)
        else:
            self._hear(fact.pop("fact"), fact)

    def _hear(self, fact: str, told: dict[str, Any]) -> None:
        match fact:
            case "organisation":
                self.organisations[told["short_code"]] = Organisation(**told)
            case "changed":
                _set(self.organisations[told["short_code"]], told["changes"])
            case "instructed":
                self._instructed(Instruction(**{**told, "kind": Kind(told["kind"])}))
            case "offered":
                named = {**told, "names": tuple(told["names"])}
                self.collections[told["key"]] = Collection(**named)
            case "concluded":
                _set(self.instructions[told["key"]], told["ending"])
            case "settled":
                _set(self.collections[told["key"]], told["ending"])
            case "finished":
                key = told["key"]
                _set(self.instructions.get(key) or self.collections[key], {"finished": True})
        for move in told.get("moves", ()):
            self.organisations[move["short_code"]].move(Movement(**move))
        if told.get("turned_back"):
            self._turn_back(told["turned_back"])

    def _instructed(self, instruction: Instruction) -> None:
        self.instructions[instruction.key] = instruction
        if instruction.kind is Kind.PAYOUT:
            self._payouts[instruction.short_code, instruction.originator] = instruction

    def _turn_back(self, receipt: str) -> None:
        self.reversed.add(receipt)
        for one in self.instructions.values():
            one.reversed = one.reversed or one.receipt == receipt
        if receipt in self.collections:
            self.collections[receipt].state = "reversed"


def _plain(moves: Iterable[Movement]) -> list[dict[str, Any]]:
    return [asdict(move) for move in moves]


def _set(thing: object, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(thing, name, value)
