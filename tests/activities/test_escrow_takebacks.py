"""What is taken back of a payment leaves its escrow first, free of charge."""

import asyncio
from typing import Any

import pytest

from activities import escrow_rows
from activities.escrow_rows import Taking
from activities.takebacks import Takebacks
from ledger.book import Book
from ledger.postings import Arrival, checkout_settled
from ledger.vault_booking import VaultBooking
from models import ids
from models.fees import Fee
from models.money import Money
from models.refund_postings import RefundPosting, RefundRefused, RefundRequested
from models.takeback import Takeback, TakebackKind
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import ASKED
from tests.activities.escrow_rows_world import Merchant, a_merchant
from tests.conftest import Urls

_REFUND = """
insert into sagas (id, org_id, livemode, kind, state) values (%s, %s, false, 'refund', 'pending')"""
_WORDS = "select count(*)::int from inbox where workflow_id = %s and kind = 'request'"
_PARTS = "select kind, amount, by, actor from escrow_parts where saga_id = %s order by number"
_OWES = "select coalesce(sum(balance), 0)::int from ledger_accounts where name = %s"
FREE = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))


class Charged:
    """A merchant with KES 100.00 in an escrow, and KES 100.00 of another sale."""

    def __init__(self, merchant: Merchant, vault: Vault) -> None:
        self.merchant, self.vault, self.books = merchant, vault, VaultBooking(Book())

    async def taken(self, minor: int, number: str = "CB1") -> None:
        taken = Takeback(
            payment_id=self.merchant.accepted.payment, org_id=self.merchant.accepted.org,
            livemode=False, kind=TakebackKind.CHARGEBACK, amount=minor, number=number,
            actor="op.amina", approver="op.brian", reason="the acquirer's letter",
        )  # fmt: skip
        await Takebacks(self.merchant.database, self.vault, self.books).record(taken)

    async def sells(self) -> None:
        """Another payment, owed to the merchant."""
        arrival = Arrival(
            attempt_id=ids.mint(ids.ATTEMPT), payment_id="pay_other", org=self.merchant.org,
            livemode=False, provider="mpesa", wallet="collections", amount=ASKED,
        )  # fmt: skip
        async with self.merchant.database.scoped(self.merchant.org, False) as connection:
            await Book().post(connection, checkout_settled(arrival, FREE))

    async def books_refund(self, posting: RefundPosting) -> None:
        async with self.merchant.database.scoped(self.merchant.org, False) as connection:
            done = await self.books.book(
                connection, org=self.merchant.org, livemode=False, posting=posting
            )
        assert done.stands

    def money(self) -> tuple[int, int, int]:
        """In the escrow, owed to the merchant, owed by the merchant."""
        balances = self.merchant.balances()
        owes = self.merchant.read(_OWES, f"merchant:{self.merchant.accepted.org}:receivable")
        return balances["kept"], balances["payable"], owes[0][0]

    def parts(self) -> list[tuple[Any, ...]]:
        return self.merchant.read(_PARTS, self.merchant.escrow)


@pytest.fixture
async def shop(urls: Urls, database: Database, vault: Vault) -> Charged:
    """Its escrow is funded and nothing of it was decided."""
    shop = Charged(await a_merchant(urls, database, vault), vault)
    await shop.merchant.pays()
    await shop.sells()
    return shop


async def test_money_in_an_escrow_is_taken_back_from_there_and_not_from_other_sales(
    shop: Charged,
) -> None:
    await shop.merchant.carry()
    await asyncio.gather(*(shop.taken(10_000) for _ in range(3)))
    assert shop.money() == (0, 10_000, 0)
    assert shop.parts() == [("takeback", 10_000, "operators", "op.amina")]


async def test_the_escrow_is_woken_and_ends_with_no_fee_taken(shop: Charged) -> None:
    await shop.merchant.carry()
    await shop.taken(10_000)
    assert shop.merchant.read(_WORDS, shop.merchant.order.saga.id) == [(1,)]
    assert not await shop.merchant.desk.run_out(shop.merchant.order.saga)
    await shop.merchant.carry()
    shown = [shop.merchant.shown(member) for member in ("refunded", "released", "fee")]
    assert (shop.merchant.state(), shown[0], shown[1:]) == ("refunded", 10_000, [None, None])
    assert shop.money() == (0, 10_000, 0)


async def test_what_is_left_after_a_part_was_taken_back_is_released_at_the_fee_of_that(
    shop: Charged,
) -> None:
    await shop.merchant.carry()
    await shop.taken(4_000)
    await shop.merchant.carry()
    assert (shop.merchant.state(), shop.money()) == ("partly_refunded", (6_000, 10_000, 0))
    assert await shop.merchant.desk.run_out(shop.merchant.order.saga)
    await shop.merchant.carry()
    assert (shop.merchant.state(), shop.money()) == ("closed", (0, 10_000 + 6_000 - 120, 0))


async def test_what_was_released_before_is_taken_back_from_the_merchant(shop: Charged) -> None:
    await shop.merchant.carry()
    await shop.merchant.take(7_000)
    await shop.taken(10_000)
    await shop.merchant.carry()
    assert (shop.merchant.state(), shop.money()) == ("closed", (0, 10_000 - 140, 0))


async def test_money_taken_back_before_the_escrow_saw_it_come_lies_there_all_the_same(
    shop: Charged,
) -> None:
    await shop.taken(10_000)
    await shop.merchant.carry()
    assert (shop.merchant.state(), shop.money()) == ("refunded", (0, 10_000, 0))


async def test_a_dispute_about_money_that_was_taken_back_keeps_no_escrow_open(
    shop: Charged,
) -> None:
    await shop.merchant.carry()
    shop.merchant.dispute()
    await shop.merchant.carry()
    await shop.taken(10_000)
    await shop.merchant.carry()
    assert shop.merchant.state() == "refunded"


async def test_of_timer_and_chargeback_at_once_no_unit_leaves_twice(shop: Charged) -> None:
    await shop.merchant.carry()
    await asyncio.gather(
        shop.merchant.desk.run_out(shop.merchant.order.saga),
        *(shop.taken(2_500, f"CB{number}") for number in range(4)),
    )
    await shop.merchant.carry()
    taken = sum(part[1] for part in shop.parts() if part[0] == "takeback")
    kept, payable, _ = shop.money()
    assert (kept, payable) == (0, 10_000 - (10_000 - taken) // 50)


async def test_a_refund_given_up_for_a_chargeback_pays_what_the_merchant_bore(
    shop: Charged,
) -> None:
    """Its part lies in the escrow again: nobody releases it at a fee."""
    await shop.merchant.carry()
    refund, escrow = ids.uuid7(), shop.merchant.order.saga.id
    shop.merchant.read(_REFUND, refund, shop.merchant.org)
    async with shop.merchant.database.scoped(shop.merchant.org, False) as connection:
        taking = Taking(kind="refund", amount=10_000, by="merchant", actor="shop", refund=refund)
        await escrow_rows.take(connection, shop.merchant.escrow, taking)
    named = ids.shown(ids.REFUND, refund)
    await shop.books_refund(RefundRequested(refund_id=named, amount=ASKED, escrow=escrow))
    await shop.merchant.carry()
    await shop.taken(10_000)
    assert shop.money() == (0, 0, 0)
    await shop.books_refund(RefundRefused(refund_id=named, amount=ASKED, escrow=escrow))
    shop.merchant.read("update sagas set state = 'canceled' where id = %s", refund)
    await shop.merchant.carry()
    assert (shop.merchant.state(), shop.money()) == ("refunded", (0, 10_000, 0))
    assert shop.merchant.shown("fee") is None
