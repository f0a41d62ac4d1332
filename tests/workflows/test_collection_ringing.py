"""A phone that rings is asked about with M-Pesa's own handle, whoever told it, and pays once."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

from models.collection_order import CollectionOrder
from models.reading import ProviderReport
from models.vault_postings import CollectionReceived
from tests.workflows.collection_fakes import (
    RECEIPT,
    World,
    a_world,
    an_order,
    came_by_callback,
)
from tests.workflows.harness import BUSY, DECLINED, NOT_FOUND, PAID, SILENT, TERMS
from tests.workflows.waiting import until

#: What M-Pesa answers about a prompt that was paid.
CONFIRMED = replace(PAID, receipt=None, amount=None)


@pytest.fixture
async def world(temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    async with a_world(temporal.client) as opened:
        yield opened


async def test_the_phone_rings_once_and_the_money_goes_on_as_any_other(world: World) -> None:
    world.provider.answers = [CONFIRMED]
    order = an_order(rings=True, prompt_terms=replace(TERMS, patience=20.0))
    await world.start(order)
    await world.provider.ringing.wait()
    await world.hears(came_by_callback(order))
    assert await world.handle.result() == "posted"
    assert (len(world.provider.rung), len(world.provider.asked)) == (1, 1)
    assert world.sagas.states == ["received", "matched", "posted"]
    assert [told.receipt for told in world.books.told] == [RECEIPT]


async def test_a_confirmation_of_rung_money_is_believed_and_the_callback_is_evidence(
    world: World,
) -> None:
    order = an_order(rings=True, prompt_terms=replace(TERMS, patience=20.0))
    await world.start(order)
    await world.provider.ringing.wait()
    await world.hears(came_by_callback(order, hint=False))
    await world.hears(came_by_callback(order))
    assert await world.handle.result() == "posted"
    received = [one for one in world.postings if isinstance(one, CollectionReceived)]
    assert (len(received), len(world.provider.asked)) == (1, 0)


async def rung_and_hinted(world: World, order: CollectionOrder, *also: ProviderReport) -> None:
    """The phone has rung, and callbacks come before M-Pesa's answer to us."""
    world.provider.hold.clear()
    await world.start(order)
    await world.provider.ringing.wait()
    for report in (came_by_callback(order), *also):
        await world.hears(report)
    world.provider.hold.set()


async def test_where_the_acknowledgement_is_lost_questions_go_on_with_the_handle_a_callback_told(
    world: World,
) -> None:
    world.provider.prompts = [SILENT]
    world.provider.answers = [*[NOT_FOUND] * 4, CONFIRMED]
    order = an_order(rings=True)
    await rung_and_hinted(world, order)
    assert await world.handle.result() == "posted"
    assert [charge.provider_reference for charge in world.provider.asked] == ["ws_CO_1"] * 5
    assert len(world.provider.rung) == 1
    assert [one.receipt for one in world.books.told] == [RECEIPT]


async def test_a_confirmation_that_names_no_handle_does_not_make_us_forget_it(
    world: World,
) -> None:
    world.provider.prompts = [SILENT]
    world.provider.answers = [SILENT, SILENT, SILENT, CONFIRMED]
    order = an_order(rings=True)
    unnamed = came_by_callback(order)
    unnamed = replace(unnamed, reading=replace(unnamed.reading, provider_reference=None))
    await rung_and_hinted(world, order, unnamed)
    assert await world.handle.result() == "posted"
    assert [charge.provider_reference for charge in world.provider.asked] == ["ws_CO_1"] * 4


@pytest.mark.parametrize("silences", [0, 2])
async def test_a_callback_about_another_prompt_is_neither_asked_with_nor_booked(
    world: World, silences: int
) -> None:
    order = an_order(rings=True, prompt_terms=replace(TERMS, patience=20.0))
    world.provider.answers = [*[SILENT] * silences, CONFIRMED]
    foreign = came_by_callback(order)
    foreign = replace(foreign, reading=replace(foreign.reading, provider_reference="ws_CO_9"))
    await world.start(order)
    await until(lambda: bool(world.sagas.written), lambda: "nothing was acknowledged")
    await world.hears(foreign)
    assert await world.handle.result() == "posted"
    assert {charge.provider_reference for charge in world.provider.asked} == {"ws_CO_1"}
    assert RECEIPT not in [one.receipt for one in world.books.told]


async def test_an_unsigned_success_nobody_confirms_keeps_the_phone_from_ringing_again(
    world: World,
) -> None:
    world.provider.prompts, world.provider.answers = [BUSY], [SILENT, CONFIRMED]
    order = an_order(rings=True, prompt_terms=replace(TERMS, resend_pauses=(200.0,)))
    await world.start(order)
    await until(lambda: bool(world.sagas.written), lambda: "nothing was turned away")
    await world.hears(came_by_callback(order))
    assert await world.handle.result() == "posted"
    assert len(world.provider.rung) == 1


async def test_a_payer_who_declines_pays_nothing(world: World) -> None:
    world.provider.prompts, world.provider.answers = [DECLINED], [DECLINED]
    await world.start(an_order(rings=True))
    assert await world.handle.result() == "failed"
    assert world.postings == []


async def test_a_success_without_a_receipt_goes_under_the_reference_the_payer_saw(
    world: World,
) -> None:
    world.provider.answers = [replace(PAID, receipt=None)]
    await world.start(an_order(rings=True, prompt_terms=replace(TERMS, patience=0.1)))
    assert await world.handle.result() == "posted"
    assert [told.receipt[0] for told in world.books.told] == ["K"]
