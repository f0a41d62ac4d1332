"""The last door before a second instruction: in the transaction that makes it durable."""

from datetime import UTC, datetime

import pytest
from temporalio.testing import ActivityEnvironment

from models import ids
from models.lifecycle import AttemptState
from models.payout_calls import PayoutCall
from models.payout_order import PayoutOrder, instruction
from models.payout_postings import PayoutRequested
from models.payout_states import PayoutState
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import Instruct
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.payout_world import AMOUNT, PayoutWorld, uuid_of
from tests.conftest import Urls

EMPTY = Reading(verdict=Verdict.REFUSED, reason=Reason.INSUFFICIENT_FUNDS)
PAID = Reading(verdict=Verdict.SETTLED, amount=AMOUNT)
QUEUED, PROCESSING = PayoutState.QUEUED, PayoutState.PROCESSING


@pytest.fixture
def world(urls: Urls, database: Database, vault: Vault) -> PayoutWorld:
    return PayoutWorld(urls, database, vault)


async def refused(world: PayoutWorld, state: AttemptState = AttemptState.FAILED) -> PayoutOrder:
    """A payout whose first instruction was refused; it waits for its second."""
    await world.owed(40_000)
    order = await world.order()
    requested = PayoutRequested(payout_id=order.saga.id, amount=AMOUNT, fee=order.fee)
    await world.step(order, PayoutState.DRAFT, to=QUEUED, posting=requested)
    await ActivityEnvironment().run(world.send, order)
    told = Instruct(
        id=instruction(order), rail="wave", number=1, our_reference=instruction(order), state=state
    )
    evidence = (report(order, EMPTY),)
    await world.step(order, PROCESSING, to=QUEUED, instruct=told, evidence=evidence)
    return order


def report(order: PayoutOrder, reading: Reading, evidence_id: str | None = None) -> ProviderReport:
    return ProviderReport(
        attempt_id=instruction(order),
        source=Source.CALLBACK,
        reading=reading,
        evidence_id=evidence_id or ids.mint(ids.EVIDENCE),
    )


async def second(world: PayoutWorld, order: PayoutOrder, sends: int = 0) -> Reading:
    """What came of sending the second."""
    now = datetime.now(UTC)
    call = PayoutCall(order=order, number=2, first_sent_at=now, sends=sends, state=QUEUED)
    return (await ActivityEnvironment().run(world.sending.send, call)).reading


def stored(world: PayoutWorld, order: PayoutOrder) -> str:
    """A message about the first, kept and perhaps not delivered; the id it becomes evidence by."""
    row = ids.uuid7()
    world.read(
        "insert into inbox (id, org_id, livemode, kind, slug, workflow_id, attempt_id, digest,"
        " payload_sealed) values (%s, %s, false, 'result', 'mm1', %s, %s, %s, '') returning 1",
        *[row, world.org, order.saga.id, ids.parsed(ids.INSTRUCTION, instruction(order))],
        *[row.hex],
    )
    return ids.shown(ids.EVIDENCE, row)


def opened(world: PayoutWorld, order: PayoutOrder) -> list[int]:
    query = "select number from instructions where saga_id = %s order by number"
    return [row[0] for row in world.read(query, uuid_of(order))]


async def stays_shut(world: PayoutWorld, order: PayoutOrder) -> None:
    """Nothing left, nothing is written of it, and the answer says so."""
    said = await second(world, order)
    assert (said.reason, said.retryable) == (Reason.NEVER_SENT, True)
    assert (len(world.wallet.sent), opened(world, order)) == (1, [1])
    assert world.state(order) == QUEUED


async def test_a_second_instruction_leaves_after_one_that_was_refused(world: PayoutWorld) -> None:
    order = await refused(world)
    assert (await second(world, order)).verdict is Verdict.SETTLED
    assert (len(world.wallet.sent), opened(world, order)) == (2, [1, 2])


async def test_it_does_not_leave_while_the_first_is_unknown(world: PayoutWorld) -> None:
    await stays_shut(world, await refused(world, AttemptState.UNKNOWN))


async def test_it_does_not_leave_after_the_first_was_said_to_have_paid(world: PayoutWorld) -> None:
    order = await refused(world)
    await world.step(order, QUEUED, evidence=(report(order, PAID),))
    await stays_shut(world, order)


async def test_it_does_not_leave_while_a_message_about_the_first_is_not_weighed(
    world: PayoutWorld,
) -> None:
    order = await refused(world)
    evidence_id = stored(world, order)
    await stays_shut(world, order)
    await world.step(order, QUEUED, evidence=(report(order, EMPTY, evidence_id),))
    assert (await second(world, order, sends=1)).verdict is Verdict.SETTLED


async def test_it_leaves_once_the_rail_has_denied_that_the_first_paid(world: PayoutWorld) -> None:
    order = await refused(world)
    await world.step(order, QUEUED, evidence=(report(order, PAID),))
    told = Instruct(
        id=instruction(order), rail="wave", number=1, our_reference=instruction(order),
        state=AttemptState.FAILED,
    )  # fmt: skip
    await world.step(order, QUEUED, instruct=told, evidence=(report(order, EMPTY),))
    assert (await second(world, order)).verdict is Verdict.SETTLED


async def test_the_same_instruction_is_sent_again_where_it_was_not_received(
    world: PayoutWorld,
) -> None:
    order = await refused(world, AttemptState.NOT_RECEIVED)
    stored(world, order)
    assert (await ActivityEnvironment().run(world.send, order, 1)).verdict is Verdict.SETTLED
