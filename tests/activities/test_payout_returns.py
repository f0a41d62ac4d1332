"""What comes after a payout has ended: money that came back, evidence, or a case."""

import dataclasses

import pytest
from temporalio.testing import ActivityEnvironment

from activities.late import Late
from activities.payout_returns import PayoutReturns
from models import ids
from models.late import LateOrder
from models.lifecycle import AttemptState
from models.money import Money
from models.payout_order import PayoutOrder, instruction
from models.payout_postings import PayoutPaid, PayoutRequested
from models.payout_states import PayoutState
from models.places import ReceiptClaim
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import Instruct
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.payout_world import AMOUNT, PayoutWorld, uuid_of
from tests.conftest import Urls

TAKEN_BACK = Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED)


@pytest.fixture
def world(urls: Urls, database: Database, vault: Vault) -> PayoutWorld:
    return PayoutWorld(urls, database, vault)


async def paid(world: PayoutWorld) -> PayoutOrder:
    """A payout that was held, sent, booked, and has ended."""
    await world.owed(40_000)
    order = await world.order()
    requested = PayoutRequested(payout_id=order.saga.id, amount=AMOUNT, fee=order.fee)
    await world.step(order, PayoutState.DRAFT, to=PayoutState.QUEUED, posting=requested)
    await ActivityEnvironment().run(world.send, order)
    named = instruction(order)
    await world.step(
        order,
        PayoutState.PROCESSING,
        to=PayoutState.PAID,
        instruct=Instruct(
            id=named, rail="wave", number=1, our_reference=named, state=AttemptState.SUCCEEDED
        ),
        posting=PayoutPaid(
            payout_id=order.saga.id,
            amount=AMOUNT,
            fee=order.fee,
            place=order.rail.place,
            receipt=ReceiptClaim(rail="wave", account="collections", number=f"R-{named}"),
        ),
        shows={"receipt": f"R-{named}"},
    )
    return order


async def weighed(
    world: PayoutWorld, order: PayoutOrder, reading: Reading, source: Source = Source.QUERY
) -> str:
    report = ProviderReport(
        attempt_id=instruction(order),
        source=source,
        reading=reading,
        evidence_id=ids.mint(ids.EVIDENCE),
    )
    late = Late(world.database, world.sagas)
    returns = PayoutReturns(world.database, world.vault, world.sagas, late)
    return await returns.weigh(LateOrder(saga=order.saga, report=report))


def cases(world: PayoutWorld) -> list[str]:
    rows = world.read("select kind from cases where org_id = %s order by opened_at", world.org)
    return [row[0] for row in rows]


async def test_what_the_provider_proves_to_be_back_is_owed_again_once(world: PayoutWorld) -> None:
    order = await paid(world)
    assert world.balances() == {"payable": 0, "held": 0}
    words = [await weighed(world, order, TAKEN_BACK) for _ in range(2)]
    assert (words, world.state(order)) == (["reversed", "evidence"], "reversed")
    assert world.balances() == {"payable": 40_000, "held": 0}
    assert cases(world) == ["payout_reversed"]
    left = world.read("select state from instructions where saga_id = %s", uuid_of(order))
    assert list(left) == [("reversed",)]


@pytest.mark.parametrize("named", ["FT-NEW", "R-ours"])
async def test_what_is_told_without_a_receipt_is_claimed_by_what_it_is_called(
    world: PayoutWorld, named: str
) -> None:
    order = await paid(world)
    left = f"R-{instruction(order)}"
    told = named if named == "FT-NEW" else left
    said = dataclasses.replace(TAKEN_BACK, provider_reference=told)
    assert await weighed(world, order, said) == "reversed"
    claims = "select count(*)::int from provider_receipts where receipt = upper(%s)"
    assert world.read(claims, told) == [(1,)]


async def test_an_unproven_word_books_nothing_and_asks_people(world: PayoutWorld) -> None:
    order = await paid(world)
    assert await weighed(world, order, TAKEN_BACK, Source.CALLBACK) == "case"
    assert (world.state(order), world.balances()) == ("paid", {"payable": 0, "held": 0})
    assert cases(world) == ["contradiction"]


async def test_another_amount_books_nothing_and_asks_people(world: PayoutWorld) -> None:
    order = await paid(world)
    part = dataclasses.replace(TAKEN_BACK, amount=Money(1, "KES"))
    assert await weighed(world, order, part) == "case"
    assert world.state(order) == "paid"


async def test_the_same_word_again_is_only_evidence(world: PayoutWorld) -> None:
    order = await paid(world)
    settled = Reading(verdict=Verdict.SETTLED, amount=AMOUNT)
    assert await weighed(world, order, settled) == "evidence"
    assert cases(world) == []
