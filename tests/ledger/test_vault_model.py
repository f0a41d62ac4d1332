"""The vault's money against a model in plain integers: loans, top-ups, float and collections in
any order, and the book and the model agree after every step.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, ClassVar, TypeVar

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
from ledger.book import Book
from ledger.vault_booking import Booked, VaultBooking
from models.ids import mint, uuid7
from models.places import BankAccount
from models.vault_postings import (
    CollectionPosted,
    CollectionReceived,
    CollectionReversed,
    FloatApproved,
    FloatCredited,
    FloatHoldReleased,
    FloatSentBack,
    FloatTakenBack,
    FloatTransferConfirmed,
    LoanAccepted,
    LoanPaid,
    LoanRefused,
    MirrorObserved,
    TopUpCredited,
    TopUpReversed,
    VaultPosting,
)
from runtime.database import Database
from tests.ledger.vault_model import Model, a_receipt, kes, lines

AMOUNTS = st.integers(min_value=100, max_value=50_000)
TOP_UPS = st.integers(min_value=50_000, max_value=500_000)
POOL = BankAccount(bank="ncba", account="001")
COST = 40
Result = TypeVar("Result")


class Vault(RuleBasedStateMachine):
    """Whatever happens to one partner, in whatever order."""

    database_url = ""
    models: ClassVar[list[Model]] = []  # of every run: they share the house's accounts
    top_ups = Bundle("top_ups")
    loans = Bundle("loans")
    floats = Bundle("floats")
    sent = Bundle("sent")
    bought = Bundle("bought")
    collections = Bundle("collections")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.orders: dict[str, int] = {}
        self.model, self.org = Model(), uuid7()
        self.models.append(self.model)
        self.database = Database(self.database_url, size=2)
        self.wait(self.database.open())
        self.wait(self._open_org())

    @rule(target=top_ups, amount=TOP_UPS)
    def top_up(self, amount: int) -> Any:
        credited = TopUpCredited(
            topup_id=mint("tu"), amount=kes(amount), into=POOL, receipt=a_receipt()
        )
        assert self.book(credited).stands
        self.model.credit(amount)
        self.model.bank += amount
        return credited

    @rule(one=consumes(top_ups))
    def reverse_a_top_up(self, one: TopUpCredited) -> None:
        assert self.book(TopUpReversed(topup_id=one.topup_id, amount=one.amount, into=POOL)).stands
        self.model.take_back(one.amount.minor)
        self.model.bank -= one.amount.minor

    @rule(target=loans, charge=AMOUNTS)
    def accept_a_loan(self, charge: int) -> Any:
        accepted = LoanAccepted(loan_id=mint("ld"), charges=kes(charge))
        enough = self.model.hold(charge)
        booked = self.book(accepted)
        assert (booked.stands, booked.short) == (enough, not enough)
        return accepted if enough else multiple()

    @rule(one=consumes(loans), amount=AMOUNTS, kept=st.integers(min_value=0, max_value=100))
    def pay_a_loan(self, one: LoanAccepted, amount: int, kept: int) -> None:
        charged = one.charges.minor * kept // 100
        assert self.book(
            LoanPaid(
                loan_id=one.loan_id, amount=kes(amount), held=one.charges,
                charges=lines(charged), receipt=a_receipt(),
            )
        ).stands  # fmt: skip
        self.model.held -= one.charges.minor
        self.model.wallet += one.charges.minor - charged
        self.model.earned += charged
        self.model.b2c -= amount

    @rule(one=consumes(loans))
    def refuse_a_loan(self, one: LoanAccepted) -> None:
        assert self.book(LoanRefused(loan_id=one.loan_id, charges=one.charges)).stands
        self.model.held -= one.charges.minor
        self.model.wallet += one.charges.minor

    @rule(target=floats, amount=AMOUNTS, charge=AMOUNTS)
    def approve_float(self, amount: int, charge: int) -> Any:
        approved = FloatApproved(purchase_id=mint("fp"), amount=kes(amount), charges=lines(charge))
        enough = self.model.hold(amount + charge)
        assert self.book(approved).stands == enough
        return approved if enough else multiple()

    @rule(one=consumes(floats))
    def release_float(self, one: FloatApproved) -> None:
        assert self.book(
            FloatHoldReleased(purchase_id=one.purchase_id, amount=one.amount, charges=one.charges)
        ).stands
        self._let_go(one)

    @rule(target=sent, one=consumes(floats))
    def transfer_float(self, one: FloatApproved) -> Any:
        assert self.book(
            FloatTransferConfirmed(
                purchase_id=one.purchase_id, amount=one.amount, pool=POOL, short_code="777777",
                cost=kes(COST),
            )
        ).stands  # fmt: skip
        self._leaves(one, COST)
        self.model.on_its_way += one.amount.minor
        return one

    @rule(target=bought, one=consumes(sent))
    def credit_float(self, one: FloatApproved) -> Any:
        self._credit(one, transferred=True)
        self.model.on_its_way -= one.amount.minor
        return one

    @rule(target=sent, one=consumes(bought))
    def take_float_back(self, one: FloatApproved) -> Any:
        order = self.orders[one.purchase_id]
        assert self.book(FloatTakenBack(**named(one), order=order)).stands
        charge = sum(line.total.minor for line in one.charges)
        self.model.held += one.amount.minor + charge
        self.model.earned -= charge
        self.model.b2c -= one.amount.minor
        self.model.on_its_way += one.amount.minor
        return one

    @rule(one=consumes(floats))
    def credit_float_without_a_transfer(self, one: FloatApproved) -> None:
        self._credit(one, transferred=False)
        self._leaves(one, COST)

    @rule(one=consumes(sent))
    def send_float_back(self, one: FloatApproved) -> None:
        assert self.book(FloatSentBack(**named(one))).stands
        self._let_go(one)
        self.model.bank += one.amount.minor
        self.model.on_its_way -= one.amount.minor

    @rule(target=collections, amount=AMOUNTS)
    def collect(self, amount: int) -> Any:
        arrived = CollectionReceived(
            collection_id=mint("c2b"), amount=kes(amount), receipt=a_receipt()
        )
        assert self.book(arrived).stands
        self.model.paybill += amount
        self.model.unposted += amount
        return arrived

    @rule(one=consumes(collections), taken_back=st.booleans())
    def post_a_collection(self, one: CollectionReceived, taken_back: bool) -> None:
        assert self.book(
            CollectionPosted(collection_id=one.collection_id, amount=one.amount)
        ).stands
        self.model.unposted -= one.amount.minor
        if taken_back:
            gone = CollectionReversed(
                collection_id=one.collection_id, amount=one.amount, posted=True
            )
            assert self.book(gone).stands
            self.model.paybill -= one.amount.minor

    @rule(difference=st.integers(min_value=-900, max_value=900))
    def observe(self, difference: int) -> None:
        seen = MirrorObserved(
            observation_id=mint("ins"), account="b2c_float", difference=kes(difference)
        )
        assert self.book(seen).stands
        self.model.b2c += difference

    @invariant()
    def the_book_agrees(self) -> None:
        assert self.wait(self._balances()) == self.model.shown()

    def teardown(self) -> None:
        broken, backed = self.wait(self._house())
        self.wait(self.database.close())
        self.runner.close()
        assert backed == {
            name: total
            for name in ("bank", "on_its_way")
            if (total := sum(getattr(model, name) for model in self.models))
        }
        short = {"I13"} if sum(model.gap for model in self.models) > 0 else set()
        assert broken - {"holds"} == short  # no saga stands behind what is held

    def _credit(self, one: FloatApproved, *, transferred: bool) -> None:
        order = self.orders[one.purchase_id] = self.orders.get(one.purchase_id, 0) + 1
        cost = None if transferred else kes(COST)
        credited = FloatCredited(**named(one), transferred=transferred, cost=cost, order=order)
        assert self.book(credited).stands
        charge = sum(line.total.minor for line in one.charges)
        self.model.held -= one.amount.minor + charge
        self.model.earned += charge
        self.model.b2c += one.amount.minor

    def _leaves(self, one: FloatApproved, cost: int) -> None:
        self.model.bank -= one.amount.minor + cost
        self.model.costs += cost

    def _let_go(self, one: FloatApproved) -> None:
        amount = one.amount.minor + sum(line.total.minor for line in one.charges)
        self.model.held -= amount
        self.model.wallet += amount

    def book(self, posting: VaultPosting) -> Booked:
        """Book it, and once more where it stands: the second changes nothing."""
        booked = self.wait(self._book(posting))
        if booked.stands:
            assert self.wait(self._book(posting)).stands
        return booked

    def wait(self, doing: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(doing)

    async def _book(self, posting: VaultPosting) -> Booked:
        async with self.database.pool.connection() as connection:
            await connection.execute("begin")
            scope = "select set_config('app.org', %s, true), set_config('app.mode', 'false', true)"
            await connection.execute(scope, [str(self.org)])
            booked = await VaultBooking(Book()).book(
                connection, org=self.org, livemode=False, posting=posting
            )
            await connection.execute("commit" if booked.stands else "rollback")
            return booked

    async def _balances(self) -> dict[str, int]:
        async with self.database.scoped(self.org, False) as connection:
            found = await reports.balances(connection, livemode=False)
        shown = {one.name.rpartition(":")[2]: one.balance for one in found}
        return {name: balance for name, balance in shown.items() if balance}

    async def _house(self) -> tuple[set[str], dict[str, int]]:
        """The checks that are broken, and what lies where of our own money."""
        async with self.database.system() as connection:
            broken = {one.name for one in await checks.check(connection) if one.violations}
            found = await reports.balances(connection, livemode=False)
        names = {"bank:ncba:001:trust": "bank", "clearing:ncba/001:mpesa/777777": "on_its_way"}
        backed = {names[one.name]: one.balance for one in found if one.name in names}
        return broken, {name: balance for name, balance in backed.items() if balance}

    async def _open_org(self) -> None:
        async with self.database.system() as connection:
            await connection.execute(
                "insert into orgs (id, kind, name) values (%s, 'partner', 'Model')", [self.org]
            )


def named(one: FloatApproved) -> dict[str, Any]:
    """What every posting about a purchase says of it."""
    about = {"purchase_id": one.purchase_id, "amount": one.amount, "charges": one.charges}
    return {**about, "pool": POOL, "short_code": "777777"}


def test_the_vaults_money_agrees_with_its_model(urls: Any) -> None:
    machine = type("AtUrl", (Vault,), {"database_url": urls.app, "models": []})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=30, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert sum(model.earned for model in machine.models) > 0  # type: ignore[attr-defined]  # made above
