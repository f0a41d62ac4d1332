"""Payouts on PostgreSQL: accepted once, held before they leave, sent by whoever opens the fence."""

import asyncio
import dataclasses

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities import approval_rows
from activities.approvals import Approvals
from activities.automatic_payouts import pay_out_charge
from activities.payout_accepting import AcceptedPayout, seal_payee
from ledger.holds import stale_holds
from models.approval import ApprovalStanding, ApprovalWord
from models.fees import Fee
from models.money import Money
from models.payout_order import Payee, PayoutKind, PayoutNotTaken, PayoutOrder, PayoutRefusal
from models.payout_postings import PayoutPaid, PayoutReleased, PayoutRequested
from models.payout_states import PayoutState
from models.places import ReceiptClaim
from models.reading import ProviderReport, Reason
from models.saga import Trouble
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.payout_world import AMOUNT, PayoutWorld, uuid_of
from tests.conftest import Urls

FREE = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))


@pytest.fixture
def world(urls: Urls, database: Database, vault: Vault) -> PayoutWorld:
    return PayoutWorld(urls, database, vault)


async def held(world: PayoutWorld) -> PayoutOrder:
    """A payout that stands in the queue with its money set aside."""
    await world.owed(50_000)
    order = await world.order()
    posting = PayoutRequested(payout_id=order.saga.id, amount=AMOUNT, fee=FREE)
    await world.step(order, PayoutState.DRAFT, to=PayoutState.QUEUED, posting=posting)
    return order


async def test_a_claim_is_taken_once_and_found_again(world: PayoutWorld) -> None:
    answers = await asyncio.gather(*(world.accepts(claim="row-7") for _ in range(8)))
    assert len({answer.row["id"] for answer in answers}) == 1
    assert sum(answer.order is not None for answer in answers) == 1


async def test_many_at_once_never_break_the_limit_of_a_day(world: PayoutWorld) -> None:
    world.read(
        "insert into payout_limits (org_id, livemode, provider, currency, per_day, updated_by)"
        " values (%s, false, '*', 'KES', 100000, 'boss') returning 1",
        world.org,
    )
    answers = await asyncio.gather(*(world.accepts() for _ in range(10)), return_exceptions=True)
    refused = [one.code for one in answers if isinstance(one, PayoutNotTaken)]
    assert refused == [PayoutRefusal.LIMIT_EXCEEDED] * 8


async def test_fees_are_what_the_policy_says(world: PayoutWorld) -> None:
    world.read(
        "insert into payout_policies (org_id, livemode, fee_basis_points, fee_fixed_minor,"
        " tax_basis_points, updated_by) values (%s, false, 100, 1000, 1600, 'op') returning 1",
        world.org,
    )
    order = await world.order()
    assert order.fee == Fee(net=Money(1_400, "KES"), tax=Money(224, "KES"))


async def test_what_is_held_can_be_paid_out_once(world: PayoutWorld) -> None:
    order = await held(world)
    assert world.balances() == {"payable": 10_000, "held": 40_000}
    first, again = [await run(world, order) for _ in range(2)]
    assert (first.reading.receipt, again.reading.reason) == ("R1", Reason.DUPLICATE)
    assert (len(world.wallet.sent), world.state(order)) == (1, "processing")
    paid = PayoutPaid(
        payout_id=order.saga.id,
        amount=AMOUNT,
        fee=FREE,
        place=order.rail.place,
        receipt=ReceiptClaim(rail="wave", account="collections", number="R1"),
    )
    written = await world.step(order, PayoutState.PROCESSING, to=PayoutState.PAID, posting=paid)
    assert written.applied
    assert world.balances() == {"payable": 10_000, "held": 0}


async def run(world: PayoutWorld, order: PayoutOrder) -> ProviderReport:
    return await ActivityEnvironment().run(world.send, order)


async def test_more_than_is_owed_cannot_be_held(world: PayoutWorld) -> None:
    await world.owed(39_999)
    order = await world.order()
    posting = PayoutRequested(payout_id=order.saga.id, amount=AMOUNT, fee=FREE)
    written = await world.step(order, PayoutState.DRAFT, to=PayoutState.QUEUED, posting=posting)
    assert (written.trouble, world.state(order)) == (Trouble.SHORT, "draft")


async def test_a_receipt_that_is_booked_pays_no_second_payout(world: PayoutWorld) -> None:
    paid = []
    for _ in range(2):
        order = await held(world)
        posting = PayoutPaid(
            payout_id=order.saga.id,
            amount=AMOUNT,
            fee=FREE,
            place=order.rail.place,
            receipt=ReceiptClaim(rail="wave", account="collections", number="R-SAME"),
        )
        await run(world, order)
        paid.append(
            await world.step(order, PayoutState.PROCESSING, to=PayoutState.PAID, posting=posting)
        )
    assert [one.trouble for one in paid] == [None, Trouble.DISPUTED]


async def test_what_was_let_go_is_owed_again(world: PayoutWorld) -> None:
    order = await held(world)
    posting = PayoutReleased(payout_id=order.saga.id, amount=AMOUNT, fee=FREE)
    await world.step(order, PayoutState.QUEUED, to=PayoutState.CANCELED, posting=posting)
    assert world.balances() == {"payable": 50_000, "held": 0}


async def test_the_row_of_an_approval_decides_who_was_first(
    world: PayoutWorld, database: Database, vault: Vault
) -> None:
    order = await approvable(world)
    approvals = Approvals(database, vault)
    assert (await approvals.look(order.saga)).standing is ApprovalStanding.WAITING
    words = [ApprovalWord.APPROVE, ApprovalWord.REJECT] * 4
    taken = await asyncio.gather(*(decide(world, order, word) for word in words))
    assert sum(taken) == 1
    look = await approvals.look(order.saga)
    assert (look.checker, look.reason) == ("boss", "looked")


async def test_an_approval_whose_time_is_over_takes_no_word(
    world: PayoutWorld, database: Database, vault: Vault
) -> None:
    world.desk = dataclasses.replace(world.desk, scale=0.0)
    order = await approvable(world)
    assert await decide(world, order, ApprovalWord.APPROVE) is False
    look = await Approvals(database, vault).look(order.saga)
    assert look.standing is ApprovalStanding.EXPIRED


async def test_it_is_escalated_once_and_told_as_an_event(
    world: PayoutWorld, database: Database, vault: Vault
) -> None:
    order = await approvable(world)
    approvals = Approvals(database, vault)
    assert [await approvals.escalate(order.saga) for _ in range(2)] == [True, False]
    types = world.read(
        "select type from events where object_id = %s order by sequence", uuid_of(order)
    )
    assert types == [("payout.created",), ("approval.requested",), ("approval.requested",)]


async def test_a_charge_is_paid_out_once_where_the_organisation_chose_it(
    world: PayoutWorld,
) -> None:
    net = Money(51_500, "KES")
    assert await automatic(world, "pay_1", net) is None
    payee = Payee(wallet="254712000009")
    sealed = await seal_payee(world.vault, world.org, payee, livemode=False)
    world.read(
        "insert into payout_policies (org_id, livemode, automatic_method, automatic_sealed,"
        " automatic_masked, fee_basis_points, updated_by) values (%s, false, 'wave', %s, '…009',"
        " 100, 'boss') returning 1",
        world.org,
        sealed,
    )
    first, again = [await automatic(world, "pay_1", net) for _ in range(2)]
    assert first is not None
    assert again is not None
    assert (again.row["id"], again.order) == (first.row["id"], None)
    assert first.order is not None
    assert (first.order.amount, first.order.kind) == (Money(50_900, "KES"), PayoutKind.AUTOMATIC)
    assert first.order.amount.minor + first.order.fee.total.minor <= net.minor


async def automatic(world: PayoutWorld, payment: str, net: Money) -> AcceptedPayout | None:
    async with world.database.scoped(world.org, False) as connection:
        return await pay_out_charge(
            connection, world.desk, world.org, livemode=False, payment=payment, net=net
        )


async def approvable(world: PayoutWorld) -> PayoutOrder:
    """A payout another has to allow."""
    world.read(
        "insert into payout_limits (org_id, livemode, provider, currency, approval_above,"
        " updated_by) values (%s, false, '*', 'KES', 0, 'boss') returning 1",
        world.org,
    )
    world.read(
        "insert into api_keys (id, org_id, livemode, principal, prefix, digest, scopes)"
        " values (gen_random_uuid(), %s, false, 'boss', 'kk', sha256(%s), '{payouts:approve}')"
        " returning 1",
        world.org,
        world.org.bytes,
    )
    return await world.order()


async def decide(world: PayoutWorld, order: PayoutOrder, word: ApprovalWord) -> bool:
    """Say it, as another person."""
    async with world.database.scoped(world.org, False) as connection:
        row = await (
            await connection.execute("select * from sagas where id = %s", [uuid_of(order)])
        ).fetchone()
        assert row is not None
        return await approval_rows.decide(
            connection, row, checker="boss", word=word, reason="looked"
        )


async def test_a_hold_of_a_payout_that_has_ended_is_found(world: PayoutWorld) -> None:
    order = await held(world)
    async with await psycopg.AsyncConnection.connect(world.urls.admin) as connection:
        before = await stale_holds(connection)
        await connection.execute(
            "update sagas set state = 'failed' where id = %s", [uuid_of(order)]
        )
        after = await stale_holds(connection)
        await connection.rollback()
    assert set(after) - set(before) == {order.saga.id}
