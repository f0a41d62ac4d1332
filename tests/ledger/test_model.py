"""The ledger against a model of it in plain integers: whatever happens in whatever order, the
database and the model agree after every step.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ledger import checks, reports
from ledger.book import Book, Posted, PostedAs, Receipt
from ledger.chart import held, payable
from ledger.entry import Entry, Move
from ledger.errors import EntryDiffers, Overdrawn
from ledger.postings import Arrival, checkout_settled, provider_reversal
from models.fees import Fee
from models.ids import mint, uuid7
from models.money import Money
from runtime.database import Database

AMOUNTS = st.integers(min_value=100, max_value=100_000)
Result = TypeVar("Result")
Booked: TypeAlias = tuple[Entry, Receipt | None]


def a_checkout(org: UUID, amount: int) -> Booked:
    arrival = Arrival(
        attempt_id=mint("att"), payment_id=mint("pay"), org=org, livemode=False,
        provider="mpesa", wallet="w", amount=Money(amount, "KES"),
    )  # fmt: skip
    fee = Fee(net=Money(amount // 50, "KES"), tax=Money(amount // 400, "KES"))
    return checkout_settled(arrival, fee), Receipt(rail="mpesa", account="w", number=mint("r"))


def a_hold(org: UUID, amount: int) -> Booked:
    move = Move(debit=payable(org), credit=held(org), amount=Money(amount, "KES"))
    entry = Entry(id=f"{mint('po')}/held", org=org, livemode=False, moves=(move,), decided=True)
    return entry, None


class Model:
    """One merchant's three balances, by the rules of docs/ledger.md in plain integers."""

    def __init__(self) -> None:
        self.payable = self.held = self.receivable = 0

    def credit(self, net: int) -> None:
        netted = min(self.receivable, net)
        self.receivable -= netted
        self.payable += net - netted

    def take_back(self, net: int) -> None:
        borne = min(self.payable, net)
        self.payable -= borne
        self.receivable += net - borne

    def hold(self, amount: int) -> bool:
        if amount > self.payable:
            return False
        self.payable, self.held = self.payable - amount, self.held + amount
        return True

    def shown(self) -> dict[str, int]:
        named = {"payable": self.payable, "held": self.held, "receivable": self.receivable}
        return {name: balance for name, balance in named.items() if balance}


def net_of(entry: Entry) -> int:
    """What a settled checkout leaves the merchant."""
    gross, *taken = (move.amount.minor for move in entry.moves)
    return gross - sum(taken)


class Ledger(RuleBasedStateMachine):
    """Posts, repeats, repeats with a difference, reverses, holds, and two at once."""

    database_url = ""
    settled = Bundle("settled")
    booked = Bundle("booked")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.model, self.org = Model(), uuid7()
        self.database = Database(self.database_url, size=2)
        self.wait(self.database.open())
        self.wait(self._open_org())

    @rule(target=settled, amount=AMOUNTS)
    def settle(self, amount: int) -> Booked:
        pair = a_checkout(self.org, amount)
        assert self.post(*pair).outcome is PostedAs.POSTED
        self.model.credit(net_of(pair[0]))
        return pair

    @rule(target=settled, amounts=st.tuples(AMOUNTS, AMOUNTS))
    def settle_two_at_once(self, amounts: tuple[int, int]) -> Any:
        pairs = [a_checkout(self.org, amount) for amount in amounts]
        both = self.at_once(*pairs)
        assert [one.outcome for one in both] == [PostedAs.POSTED] * 2
        for entry, _ in pairs:
            self.model.credit(net_of(entry))
        return multiple(*pairs)

    @rule(pair=settled)
    def repeat(self, pair: Booked) -> None:
        assert self.post(*pair).outcome is PostedAs.ALREADY

    @rule(pair=settled)
    def repeat_twice_at_once(self, pair: Booked) -> None:
        both = self.at_once(pair, pair)
        assert [one.outcome for one in both] == [PostedAs.ALREADY] * 2

    @rule(pair=settled, amount=AMOUNTS)
    def repeat_with_other_moves(self, pair: Booked, amount: int) -> None:
        entry, receipt = pair
        extra = Move(debit=payable(self.org), credit=held(self.org), amount=Money(amount, "KES"))
        other = Entry(
            id=entry.id, org=entry.org, livemode=False, moves=(*entry.moves, extra),
        )  # fmt: skip
        with pytest.raises(EntryDiffers):
            self.post(other, receipt)

    @rule(pair=settled, amount=AMOUNTS)
    def claim_the_receipt_again(self, pair: Booked, amount: int) -> None:
        posted = self.post(a_checkout(self.org, amount)[0], pair[1])
        assert (posted.outcome, posted.entry_id) == (PostedAs.RECEIPT_CLAIMED, pair[0].id)

    @rule(target=booked, pair=consumes(settled))
    def reverse(self, pair: Booked) -> Booked:
        reversal = provider_reversal(pair[0])
        assert self.post(reversal).outcome is PostedAs.POSTED
        self.model.take_back(net_of(pair[0]))
        return reversal, None

    @rule(target=booked, amount=AMOUNTS)
    def hold(self, amount: int) -> Any:
        pair = a_hold(self.org, amount)
        if self.model.hold(amount):
            assert self.post(*pair).outcome is PostedAs.POSTED
            return pair
        with pytest.raises(Overdrawn):
            self.post(*pair)
        return multiple()

    @rule(amount=AMOUNTS)
    def two_holds_race(self, amount: int) -> None:
        pairs = [a_hold(self.org, amount) for _ in range(2)]
        won = sum(isinstance(one, Posted) for one in self.at_once(*pairs))
        assert won == sum(self.model.hold(amount) for _ in range(2))

    @rule(pair=booked)
    def repeat_what_was_reversed_or_held(self, pair: Booked) -> None:
        assert self.post(*pair).outcome is PostedAs.ALREADY

    @invariant()
    def the_database_agrees(self) -> None:
        found = self.wait(self._balances())
        shown = {name.rpartition(":")[2]: balance for name, balance in found.items() if balance}
        assert shown == self.model.shown()

    def teardown(self) -> None:
        broken = self.wait(self._broken())
        self.wait(self.database.close())
        self.runner.close()
        # A reversal after a payout is a shortfall by design, and what is held belongs to no saga.
        assert broken <= {"I13", "holds"}, broken

    def post(self, entry: Entry, receipt: Receipt | None = None) -> Posted:
        return self.wait(self._post(entry, receipt))

    def at_once(self, *pairs: Booked) -> list[Any]:
        """What became of each: Posted, or the error it was refused with."""

        async def both() -> list[Any]:
            posts = (self._post(*pair) for pair in pairs)
            return list(await asyncio.gather(*posts, return_exceptions=True))

        return self.wait(both())

    def wait(self, doing: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(doing)

    async def _post(self, entry: Entry, receipt: Receipt | None = None) -> Posted:
        async with self.database.scoped(self.org, False) as connection:
            return await Book().post(connection, entry, receipt)

    async def _balances(self) -> dict[str, int]:
        async with self.database.scoped(self.org, False) as connection:
            found = await reports.balances(connection, livemode=False)
        return {account.name: account.balance for account in found}

    async def _broken(self) -> set[str]:
        async with self.database.system() as connection:
            return {one.name for one in await checks.check(connection) if one.violations}

    async def _open_org(self) -> None:
        async with self.database.system() as connection:
            await connection.execute(
                "insert into orgs (id, kind, name) values (%s, 'merchant', 'Model')", [self.org]
            )


def test_the_ledger_agrees_with_its_model(urls: Any) -> None:
    machine = type("AtUrl", (Ledger,), {"database_url": urls.app})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    with psycopg.connect(urls.admin) as connection:
        posted = connection.execute("select count(*) from ledger_entries").fetchone()
    assert posted is not None
    assert posted[0] > 0
