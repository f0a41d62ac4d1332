"""An escrow against PostgreSQL: paid into its own account, decided under one lock, never short."""

import asyncio
import dataclasses
from datetime import UTC, datetime
from uuid import UUID

import pytest

from activities import escrow_rows
from activities.escrow_rows import Taking
from ledger.holds import stale_holds
from models import ids
from models.escrow_postings import EscrowReleased
from models.fees import Fee
from models.money import Money
from models.saga import SagaStep, Trouble
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.escrow_rows_world import Merchant, a_merchant
from tests.conftest import Urls


@pytest.fixture
async def merchant(urls: Urls, database: Database, vault: Vault) -> Merchant:
    """Whose escrow waits for its payer."""
    return await a_merchant(urls, database, vault)


async def test_what_is_paid_lies_in_the_escrows_account_and_owes_the_merchant_nothing(
    merchant: Merchant,
) -> None:
    await merchant.pays()
    await merchant.carry()
    balances = merchant.balances()
    assert (merchant.state(), merchant.shown("funded")) == ("funded", 10_000)
    assert (balances["kept"], balances["payable"]) == (10_000, 0)


async def test_money_left_in_an_escrow_that_has_ended_is_seen_by_the_ledgers_check(
    merchant: Merchant,
) -> None:
    await merchant.pays()
    await merchant.carry()
    async with merchant.database.system() as connection:
        before = await stale_holds(connection)
    merchant.read("update sagas set state = 'released' where id = %s returning 1", merchant.escrow)
    async with merchant.database.system() as connection:
        after = await stale_holds(connection)
    assert merchant.order.saga.id not in before
    assert merchant.order.saga.id in after


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


async def test_a_session_that_is_complete_cancels_no_escrow_whose_money_is_not_seen_yet(
    merchant: Merchant,
) -> None:
    """It was paid between two statements of one look."""
    merchant.read(
        "update checkouts set state = 'complete' where id = %s returning 1",
        ids.parsed(ids.CHECKOUT, merchant.order.checkout_id),
    )
    await merchant.carry()
    assert merchant.state() == "created"


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


async def refunding(merchant: Merchant, amount: int, by: str = "merchant") -> UUID:
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
        taking = Taking(kind="refund", amount=amount, by=by, actor="shop", refund=refund)
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


async def test_what_two_people_gave_the_payer_is_never_the_timers_although_its_refund_failed(
    merchant: Merchant,
) -> None:
    await merchant.pays()
    await merchant.carry()
    refund = await refunding(merchant, 10_000, by="dispute")
    await merchant.carry()
    merchant.read("update sagas set state = 'failed' where id = %s returning 1", refund)
    await merchant.carry()
    assert (merchant.shown("refunding"), merchant.shown("release_at")) == (0, None)
    assert await merchant.desk.run_out(merchant.order.saga) is False
    merchant.dispute()
    decided = "update escrow_disputes set maker = 'a', checker = 'b', decided_at = now()"
    merchant.read(decided + " where saga_id = %s returning 1", merchant.escrow)
    assert await merchant.desk.run_out(merchant.order.saga) is True


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
