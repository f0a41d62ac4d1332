"""A payer is told once what came back, and a short merchant's refunds when its money came."""

import pytest

from activities.refund_telling import RefundTelling
from activities.refund_waking import RefundWaking
from ledger.book import Book
from ledger.chart import payable, provider_float
from ledger.entry import Entry, Move
from models import ids
from models.money import Money
from models.refund_order import RefundPlan
from models.refund_postings import RefundPaid, RefundRequested
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.refunds_world import Refunded
from tests.conftest import Urls


@pytest.fixture
async def shop(urls: Urls, database: Database, vault: Vault) -> Refunded:
    """A merchant with a payment that succeeded."""
    return await Refunded(urls, database, vault).settled()


async def given_back(shop: Refunded, minor: int) -> RefundPlan:
    plan = await shop.plan(minor)
    asked = RefundRequested(refund_id=plan.saga.id, amount=plan.amount)
    await shop.step(plan, "created", to="pending", posting=asked)
    await shop.step(plan, "pending", to="processing")
    paid = RefundPaid(refund_id=plan.saga.id, amount=plan.amount, out_of=plan.out_of)
    shows = {"receipt": "R7"}
    await shop.step(plan, "processing", to="succeeded", posting=paid, shows=shows)
    return plan


async def test_a_payer_is_told_once_with_the_number_of_its_receipt(
    shop: Refunded, database: Database, vault: Vault
) -> None:
    plan = await given_back(shop, 4_000)
    telling = RefundTelling(database, vault, {"mpesa": "M-Pesa"})
    await telling.tell(plan)
    await telling.tell(plan)
    kept = shop.read(
        "select number, amount, rail_receipt from receipts where org_id = %s", shop.org
    )
    assert kept == [(1, 4_000, "R7")]
    ((event, body),) = shop.read(
        "select event, body_sealed from messages where about = %s", plan.saga.id
    )
    said = await vault.unseal(shop.org, livemode=False, field="message_body", sealed=body)
    assert (event, b"KES 40.00" in said, b"R7" in said) == ("refund_receipt", True, True)


async def test_what_left_is_neither_held_nor_in_the_wallet(shop: Refunded) -> None:
    await given_back(shop, 4_000)
    balances = shop.balances()
    assert (balances["held"], balances["payable"]) == (0, 9_775 - 4_000)
    assert shop.sums() == (4_000, 0)


async def waiting(shop: Refunded, minor: int) -> RefundPlan:
    plan = await shop.plan(minor)
    await shop.step(plan, "created", to="waiting_funds")
    return plan


async def comes(shop: Refunded, minor: int, *, leaves: bool = False) -> None:
    """The merchant is owed more, or less."""
    wallet, owed = provider_float("mpesa", "collections"), payable(shop.org)
    debit, credit = (owed, wallet) if leaves else (wallet, owed)
    entry = Entry(
        id=f"{ids.mint(ids.CASE)}/moved", org=shop.org, livemode=False,
        moves=(Move(debit=debit, credit=credit, amount=Money(minor, "KES")),),
    )  # fmt: skip
    async with shop.database.scoped(shop.org, False) as connection:
        await Book().post(connection, entry)


def told(shop: Refunded) -> list[str]:
    rows = shop.read(
        "select workflow_id from inbox where org_id = %s order by received_at", shop.org
    )
    return [saga for (saga,) in rows]


async def test_those_that_fit_are_told_in_order_once_their_money_came(
    shop: Refunded, database: Database, vault: Vault
) -> None:
    await comes(shop, 9_775, leaves=True)
    first, second = await waiting(shop, 3_000), await waiting(shop, 5_000)
    rounds = RefundWaking(database, vault)
    await rounds.round()
    assert told(shop) == []
    await comes(shop, 3_500)
    await rounds.round()
    await rounds.round()
    assert told(shop) == [first.saga.id]
    await comes(shop, 4_500)
    await rounds.round()
    assert second.saga.id in told(shop)
