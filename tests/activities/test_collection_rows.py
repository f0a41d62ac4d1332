"""A collection in real rows: booked once, posted once behind the fence, turned round, recalled."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities import collection_accepting as accepting
from activities.collection_rows import CollectionRows
from activities.collection_undoing import CollectionUndoing, TakeBackOrder
from activities.collections import Collections, EnterOrder
from activities.fence import Fence, Intent
from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.collection_order import REPAYMENT, UNDO, CollectionOrder
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reading, Verdict
from models.saga import SagaStep, SagaWritten, Trouble
from models.vault_postings import CollectionPosted, CollectionReceived, CollectionReversed
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls
from tests.workflows.collection_fakes import CAME, LOAN, RECEIPT, FakePartner, an_order, posted_loan
from tests.workflows.collection_lender import FakeLender, a_loan
from tests.workflows.harness import FakeProvider
from workflows.collection_run import shown_payment, shown_target


class PayBill:
    """One partner's pay bill in the database."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.sagas = Sagas(database, vault, VaultBooking(Book()))
        self.org = ids.uuid7()
        self.code = str(100_000 + self.org.int % 900_000)
        self.books = FakeLender()
        with psycopg.connect(urls.admin) as connection:
            connection.execute(
                "insert into orgs (id, kind, name) values (%s, 'partner', 'Sacco')", [self.org]
            )

    async def accepts(self) -> CollectionOrder | None:
        """The same money told once more; None where it is known."""
        plain = an_order()
        saga = replace(plain.saga, org_id=ids.shown(ids.ORG, self.org))
        order = replace(plain, saga=saga, short_code=self.code)
        async with self.database.scoped(self.org, False) as connection:
            row = await accepting.take(connection, order, b"sealed", "mpesa")
        return order if row else None

    async def accepted(self) -> CollectionOrder:
        order = await self.accepts()
        assert order is not None
        return order

    async def writes(self, order: CollectionOrder, believes: str, **changes: Any) -> SagaWritten:
        plain = SagaStep(
            key=ids.mint("step"),
            saga=order.saga,
            at=datetime.now(UTC),
            actor="kauri",
            believes=believes,
        )
        return await self.sagas.commit(replace(plain, **changes))

    async def receives(self, order: CollectionOrder) -> SagaWritten:
        assert order.paid is not None
        return await self.writes(
            order,
            "received",
            evidence=(order.paid.report(order.saga.id),),
            posting=received(order),
            shows=shown_payment(order.paid),
        )

    async def matches(self, order: CollectionOrder) -> None:
        await self.receives(order)
        shows = shown_target(LOAN, "loan number")
        assert (await self.writes(order, "received", to="matched", shows=shows)).applied

    async def posts(self, order: CollectionOrder, sends: int = 0) -> Any:
        partner: Any = FakePartner(self.books, FakeProvider(prompts=[], answers=[]))
        posting = Collections(partner, Fence(self.sagas))
        assert order.paid is not None
        entering = EnterOrder(
            intent=intent(order, sends),
            target=LOAN,
            tenant="default",
            amount=CAME,
            receipt=RECEIPT,
            paid_at=order.paid.paid_at,
        )
        return await ActivityEnvironment().run(posting.post, entering)

    async def undoes(self, order: CollectionOrder, *, sends: int) -> ProviderReport:
        partner: Any = FakePartner(self.books, FakeProvider(prompts=[], answers=[]))
        undoing = CollectionUndoing(partner, Fence(self.sagas))
        posted = intent(order, sends)
        taking = TakeBackOrder(
            intent=replace(posted, rail=UNDO, believes="posted", sending="posted"),
            target=LOAN,
            transaction_id=564,
            receipt=RECEIPT,
            tries=sends + 1,
        )
        return await ActivityEnvironment().run(undoing.undo, taking)

    def balances(self) -> dict[str, int]:
        """Of the partner's memo accounts, by their last word; nothing where nothing is left."""
        query = "select name, sum(balance)::int from ledger_accounts where name like %s group by 1"
        named = f"%{ids.shown(ids.ORG, self.org)}%"
        with psycopg.connect(self.urls.admin) as connection:
            rows = connection.execute(query, [named]).fetchall()
        return {name.rpartition(":")[2]: held for name, held in rows if held}


def received(order: CollectionOrder) -> CollectionReceived:
    return CollectionReceived(
        collection_id=order.saga.id, amount=CAME, receipt=order.claim(RECEIPT)
    )


def intent(order: CollectionOrder, sends: int = 0) -> Intent:
    return Intent(
        saga=order.saga,
        instruction_id=ids.instruction_id(order.saga.id, REPAYMENT, 1),
        rail=REPAYMENT,
        number=1,
        our_reference=f"{order.saga.id}/1",
        believes="matched",
        sending="posting",
        amount=CAME,
        sends=sends,
    )


@pytest.fixture
def bill(urls: Urls, database: Database, vault: Vault) -> PayBill:
    return PayBill(urls, database, vault)


async def test_the_same_money_is_accepted_once(bill: PayBill) -> None:
    assert await bill.accepts() is not None
    assert await bill.accepts() is None


async def test_money_goes_from_suspense_to_collections_and_back_out(bill: PayBill) -> None:
    order = await bill.accepted()
    await bill.matches(order)
    suspended = bill.balances()
    await bill.writes(
        order,
        "matched",
        to="posted",
        posting=CollectionPosted(collection_id=order.saga.id, amount=CAME),
    )
    posted = bill.balances()
    back = CollectionReversed(collection_id=order.saga.id, amount=CAME, posted=True)
    await bill.writes(order, "posted", to="reversed", posting=back)
    assert sorted(suspended.values()) == sorted(posted.values()) == [CAME.minor, CAME.minor]
    assert suspended.keys() != posted.keys()
    assert bill.balances() == {}


async def test_money_sent_back_leaves_suspense(bill: PayBill) -> None:
    order = await bill.accepted()
    await bill.receives(order)
    await bill.writes(order, "received", to="suspense")
    refunded = CollectionReversed(
        collection_id=order.saga.id, amount=CAME, posted=False, event="refunded"
    )
    assert (await bill.writes(order, "suspense", to="refunded", posting=refunded)).applied
    assert bill.balances() == {}


async def test_a_receipt_that_is_booked_is_disputed_for_another_collection(bill: PayBill) -> None:
    first = await bill.accepted()
    await bill.receives(first)
    rung = replace(an_order(rings=True), short_code=bill.code)
    rung = replace(rung, saga=replace(rung.saga, org_id=first.saga.org_id))
    async with bill.database.scoped(bill.org, False) as connection:
        assert await accepting.take(connection, rung, b"sealed", "amina")
    written = await bill.writes(rung, "requested", to="received", posting=received(rung))
    assert written.trouble is Trouble.DISPUTED
    assert sorted(bill.balances().values()) == [CAME.minor, CAME.minor]


async def test_the_books_are_told_once_however_often_a_sending_is_delivered(
    bill: PayBill,
) -> None:
    order = await bill.accepted()
    await bill.matches(order)
    first = await bill.posts(order)
    bill.books.loans[12] = replace(bill.books.loans[12], transactions=())
    again = await bill.posts(order)
    assert (first.verdict, again.verdict) == ("settled", "unknown")
    assert len(bill.books.told) == 1


async def test_a_loan_that_closed_meanwhile_is_refused_unsent(bill: PayBill) -> None:
    order = await bill.accepted()
    await bill.matches(order)
    bill.books.loans[12] = a_loan(status=600)
    said = await bill.posts(order)
    assert (said.verdict, said.reading.reason) == ("refused", "not_allowed")
    assert bill.books.told == []


async def test_an_undo_that_is_only_said_to_be_done_is_not_believed(bill: PayBill) -> None:
    order = await bill.accepted()
    await bill.matches(order)
    await bill.writes(order, "matched", to="posted")
    bill.books.loans[12] = posted_loan()
    bill.books.undo_answers = [Reading(verdict=Verdict.SETTLED)]
    said = [await bill.undoes(order, sends=sends) for sends in (0, 1)]
    assert [one.verdict for one in said] == [Verdict.UNKNOWN, Verdict.SETTLED]
    assert len({undo.idempotency_key for undo in bill.books.undone}) == 2


async def test_a_run_that_began_anew_recalls_payment_account_and_posting(bill: PayBill) -> None:
    order = await bill.accepted()
    await bill.matches(order)
    rows = CollectionRows(bill.database)
    known = await rows.remember(order.saga)
    assert known.paid is not None
    assert (known.paid.receipt, known.paid.amount, known.target) == (RECEIPT, CAME, LOAN)
    assert known.posting == 1
    failed = intent(order).instruct(AttemptState.FAILED)
    await bill.writes(order, "matched", to="posting_review", instruct=failed)
    assert (await rows.remember(order.saga)).posting == 2


async def test_a_receipt_is_seen_by_its_own_partner_only(
    bill: PayBill, urls: Urls, database: Database, vault: Vault
) -> None:
    await bill.accepted()
    other = PayBill(urls, database, vault)
    seen = []
    for one in (bill, other):
        async with database.scoped(one.org, False) as connection:
            seen.append(await accepting.seen(connection, RECEIPT))
    assert seen == [True, False]
