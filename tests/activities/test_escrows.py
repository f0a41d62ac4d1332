"""An escrow against PostgreSQL: paid into its own account, decided under one lock, never short."""

import asyncio
import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from activities import escrow_rows
from activities.accepting import Newcomer, accept
from activities.escrow_rows import Taking
from activities.escrows import Escrows
from activities.records import Records
from activities.sagas import Sagas
from ledger.book import Book
from ledger.booking import Booking
from ledger.vault_booking import VaultBooking
from models import ids
from models.escrow_order import WORKFLOW, EscrowOrder, ReleaseRule
from models.escrow_postings import EscrowReleased
from models.escrow_rules import next_move
from models.fees import Fee, FeeRule
from models.lifecycle import PaymentStatus
from models.money import Money
from models.saga import SagaKind, SagaRef, SagaStep, Trouble
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import ASKED, Accepted
from tests.activities.accepted import accept as accept_checkout
from tests.conftest import Urls


@dataclass
class Merchant:
    """One merchant with one escrow and its checkout, which waits for the payer."""

    urls: Urls
    database: Database
    accepted: Accepted
    records: Records
    sagas: Sagas
    order: EscrowOrder

    @property
    def org(self) -> UUID:
        return ids.parsed(ids.ORG, self.accepted.org)

    @property
    def escrow(self) -> UUID:
        return ids.parsed(ids.ESCROW, self.order.saga.id)

    @property
    def desk(self) -> Escrows:
        return Escrows(self.database)

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    async def pays(self) -> None:
        """The payer's money settles the checkout."""
        step = self.accepted.settles()
        assert step.posting is not None
        kept = dataclasses.replace(step.posting, escrow=self.order.saga.id, fee=None)
        assert (await self.records.commit(dataclasses.replace(step, posting=kept))).applied

    async def take(self, amount: int, by: str = "proof", kind: str = "release") -> int | None:
        """Decide as the API does, under the row's lock."""
        async with self.database.scoped(self.org, False) as connection:
            row = await escrow_rows.locked(connection, self.escrow)
            assert row is not None
            if row["disputed"] or amount > row["funded"] - row["taken"]:
                return None
            taking = Taking(kind=kind, amount=amount, by=by, actor="shop")
            return await escrow_rows.take(connection, self.escrow, taking)

    async def carry(self) -> None:
        """Do what the workflow does until there is only waiting."""
        while True:
            look = await self.desk.look(self.order.saga)
            at = datetime.now(UTC)
            move = next_move(self.order, look, at)
            if move is None:
                return
            step = SagaStep(
                key=ids.mint("step"), saga=self.order.saga, at=at, actor="kauri",
                believes=look.state, to=move.to, events=move.events, shows=move.shows,
                posting=move.posting,
            )  # fmt: skip
            assert (await self.sagas.commit(step)).applied

    def state(self) -> Any:
        return self.read("select state from sagas where id = %s", self.escrow)[0][0]

    def shown(self, member: str) -> Any:
        return self.read("select data->%s from sagas where id = %s", member, self.escrow)[0][0]

    def balances(self) -> dict[str, int]:
        query = "select name, sum(balance)::int from ledger_accounts group by name"
        found = {name: balance for name, balance in self.read(query)}  # noqa: C416 - typed as a pair
        return {name.split(":", 1)[0]: balance for name, balance in found.items()} | {
            "payable": found.get(f"merchant:{self.accepted.org}:payable", 0),
            "kept": found.get(f"escrow:{self.accepted.org}:{self.order.saga.id}", 0),
        }

    def dispute(self) -> None:
        self.read(
            "insert into escrow_disputes (saga_id, number, org_id, livemode, opened_by,"
            " reason_sealed) values (%s, 1, %s, false, 'customer', '')",
            self.escrow,
            self.org,
        )


@pytest.fixture
async def merchant(urls: Urls, database: Database, vault: Vault) -> Merchant:
    """With an escrow that takes two per cent and may be released by its timer."""
    accepted = accept_checkout(
        urls.admin, attempt_state="awaiting_customer", status=PaymentStatus.REQUIRES_ACTION
    )
    order = EscrowOrder(
        saga=SagaRef(
            id=ids.mint(ids.ESCROW), kind=SagaKind.ESCROW, org_id=accepted.org, livemode=False
        ),
        amount=ASKED,
        checkout_id=accepted.checkout,
        payment_id=accepted.payment,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
        rule=ReleaseRule(after=3_600),
        fee=FeeRule(basis_points=200),
    )
    made = Merchant(
        urls,
        database,
        accepted,
        Records(database, Booking(Book(), {"mpesa": "collections"})),
        Sagas(database, vault, VaultBooking(Book())),
        order,
    )
    await _keep(made)
    return made


async def _keep(merchant: Merchant) -> None:
    order = merchant.order
    new = Newcomer(
        ref=order.saga, state="created", workflow=WORKFLOW, sealed=b"", at=datetime.now(UTC),
        actor="shop", amount=order.amount, data={"on_proof": True},
    )  # fmt: skip
    async with merchant.database.scoped(merchant.org, False) as connection:
        await accept(connection, new)
        await connection.execute(
            "insert into escrows (saga_id, org_id, livemode, checkout_id, payment_id)"
            " values (%s, %s, false, %s, %s)",
            [
                merchant.escrow,
                merchant.org,
                ids.parsed(ids.CHECKOUT, order.checkout_id),
                ids.parsed(ids.PAYMENT, order.payment_id),
            ],
        )


async def test_what_is_paid_lies_in_the_escrows_account_and_owes_the_merchant_nothing(
    merchant: Merchant,
) -> None:
    await merchant.pays()
    await merchant.carry()
    balances = merchant.balances()
    assert (merchant.state(), merchant.shown("funded")) == ("funded", 10_000)
    assert (balances["kept"], balances["payable"]) == (10_000, 0)


async def test_parts_are_released_less_the_fee_of_the_whole(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    await merchant.take(3_333)
    await merchant.carry()
    middle = merchant.balances()
    await merchant.take(6_667)
    await merchant.carry()
    balances = merchant.balances()
    assert (middle["kept"], middle["payable"]) == (6_667, 3_266)
    assert (balances["kept"], balances["payable"]) == (0, 9_800)
    assert (merchant.state(), merchant.shown("fee")) == ("released", 200)


async def test_an_unpaid_session_that_ended_cancels_the_escrow(merchant: Merchant) -> None:
    merchant.read(
        "update checkouts set state = 'expired' where id = %s returning 1",
        ids.parsed(ids.CHECKOUT, merchant.order.checkout_id),
    )
    await merchant.carry()
    assert merchant.state() == "canceled"


async def test_of_timer_proof_and_dispute_one_is_first_and_all_agree(merchant: Merchant) -> None:
    """They meet at the same moment: whatever was taken was there, and is taken once."""
    await merchant.pays()
    await merchant.carry()
    timers = [merchant.desk.run_out(merchant.order.saga) for _ in range(6)]
    proofs = [merchant.take(2_500) for _ in range(12)]
    confirms = [merchant.take(10_000, "customer") for _ in range(6)]
    await asyncio.gather(*timers, *proofs, *confirms)
    parts = "select sum(amount)::int from escrow_parts where saga_id = %s"
    assert merchant.read(parts, merchant.escrow) == [(10_000,)]
    await merchant.carry()
    balances = merchant.balances()
    assert (merchant.state(), balances["kept"], balances["payable"]) == ("released", 0, 9_800)


async def test_the_timer_takes_nothing_from_a_disputed_escrow(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    merchant.dispute()
    assert await merchant.desk.run_out(merchant.order.saga) is False
    await merchant.carry()
    assert (merchant.state(), merchant.balances()["kept"]) == ("disputed", 10_000)


async def test_the_timer_takes_the_rest_once(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    await merchant.take(4_000)
    assert [await merchant.desk.run_out(merchant.order.saga) for _ in range(2)] == [True, False]
    await merchant.carry()
    assert merchant.state() == "released"


async def refunding(merchant: Merchant, amount: int) -> UUID:
    """A refund that carries a part back, as the API accepts it."""
    refund = ids.uuid7()
    merchant.read(
        "insert into sagas (id, org_id, livemode, kind, state, amount, currency)"
        " values (%s, %s, false, 'refund', 'processing', %s, 'KES') returning 1",
        refund,
        merchant.org,
        amount,
    )
    async with merchant.database.scoped(merchant.org, False) as connection:
        taking = Taking(kind="refund", amount=amount, by="merchant", actor="shop", refund=refund)
        assert await escrow_rows.take(connection, merchant.escrow, taking)
    return refund


async def test_a_refund_that_failed_gives_its_part_back_once(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    refund = await refunding(merchant, 6_000)
    await merchant.carry()
    assert (merchant.shown("refunding"), await merchant.take(5_000)) == (6_000, None)
    merchant.read("update sagas set state = 'failed' where id = %s returning 1", refund)
    for _ in range(2):
        await merchant.carry()
    taken = merchant.read("select taken from escrows where saga_id = %s", merchant.escrow)
    assert (merchant.shown("refunding"), taken) == (0, [(0,)])
    assert await merchant.take(10_000) == 2


async def test_release_and_refund_together_close_it(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    await merchant.take(4_000)
    refund = await refunding(merchant, 6_000)
    await merchant.carry()
    assert merchant.state() == "partly_released"
    merchant.read("update sagas set state = 'succeeded' where id = %s returning 1", refund)
    await merchant.carry()
    events = merchant.read(
        "select type from events where object_id = %s order by sequence", merchant.escrow
    )
    assert merchant.state() == "closed"
    assert [row[0] for row in events] == [
        "escrow.created",
        "escrow.funded",
        "escrow.released",
        "escrow.refunded",
        "escrow.closed",
    ]


async def test_the_book_itself_releases_no_more_than_was_paid(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    free = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))
    step = SagaStep(
        key="too much", saga=merchant.order.saga, at=datetime.now(UTC), actor="kauri",
        believes="funded", to="released",
        posting=EscrowReleased(
            escrow_id=merchant.order.saga.id, part=9, amount=Money(10_001, "KES"), fee=free
        ),
    )  # fmt: skip
    assert (await merchant.sagas.commit(step)).trouble is Trouble.SHORT
    assert (merchant.state(), merchant.balances()["kept"]) == ("funded", 10_000)


async def test_one_escrow_never_pays_for_another(merchant: Merchant) -> None:
    await merchant.pays()
    await merchant.carry()
    other = dataclasses.replace(
        merchant, order=dataclasses.replace(
            merchant.order, saga=dataclasses.replace(merchant.order.saga, id=ids.mint(ids.ESCROW))
        ),
    )  # fmt: skip
    posting = EscrowReleased(
        escrow_id=other.order.saga.id, part=1, amount=Money(1, "KES"),
        fee=Fee(net=Money(0, "KES"), tax=Money(0, "KES")),
    )  # fmt: skip
    step = SagaStep(
        key="not mine", saga=merchant.order.saga, at=datetime.now(UTC), actor="kauri",
        believes="funded", to="partly_released", posting=posting,
    )  # fmt: skip
    assert (await merchant.sagas.commit(step)).trouble is Trouble.SHORT
