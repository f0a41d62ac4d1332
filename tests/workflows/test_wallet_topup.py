"""A top-up credits what came under its reference, once, and holds what came too late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.top_ups import PROVIDER, TopUps, instruction
from models import ids
from models.charge import Terms
from models.money import Money
from models.places import BankAccount, ProviderWallet
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import REPORTED, SagaKind, SagaRef, SagaStep
from models.suspense import CreditSuspended
from models.topup import TopUpOrder, TopUpState, Via
from models.vault_postings import TopUpCredited
from runtime.sandbox import workflow_runner
from tests.workflows.harness import DECLINED, PAID, PENDING, TERMS, FakeProvider
from tests.workflows.vault_fakes import Away, FakeSagas, OpenFence
from workflows.wallet_topup import WalletTopUpWorkflow

POOL = BankAccount(bank="ncba", account="7744510018")
WALLET = ProviderWallet(provider="mpesa", wallet="collections")


def order(via: Via = Via.BANK, *, patience: float = 30.0, terms: Terms = TERMS) -> TopUpOrder:
    saga = SagaRef(
        id=ids.mint(ids.TOPUP), kind=SagaKind.TOPUP, org_id=ids.mint(ids.ORG), livemode=False
    )
    by_bank = via is Via.BANK
    return TopUpOrder(
        saga=saga,
        amount=Money(10_000, "KES"),
        reference=ids.top_up_reference(saga.id),
        via=via,
        into=POOL if by_bank else WALLET,
        expires_at=datetime.now(UTC) + timedelta(seconds=patience),
        payer=None if by_bank else "254712000001",
        terms=None if by_bank else terms,
    )


def came(about: str, amount: Money | None = None, receipt: str = "FT1") -> ProviderReport:
    reading = Reading(
        verdict=Verdict.SETTLED, amount=amount or Money(10_000, "KES"), receipt=receipt
    )
    return ProviderReport(
        attempt_id=about,
        source=Source.CALLBACK,
        reading=reading,
        evidence_id=ids.mint(ids.EVIDENCE),
    )


class World:
    """One worker with fakes; starts top-ups."""

    def __init__(self, env: WorkflowEnvironment, provider: FakeProvider) -> None:
        self.env, self.provider = env, provider
        self.sagas = FakeSagas("awaiting_money")
        self.fence = OpenFence(self.sagas)

    async def start(self, placed: TopUpOrder) -> WorkflowHandle[WalletTopUpWorkflow, str]:
        return await self.env.client.start_workflow(
            WalletTopUpWorkflow.run, placed, id=placed.saga.id, task_queue="t"
        )

    @asynccontextmanager
    async def working(self) -> AsyncIterator["World"]:
        top_ups = TopUps(
            {PROVIDER: self.provider}, self.fence, lambda owner, slug: f"{owner}/{slug}"
        )
        async with Worker(
            self.env.client,
            task_queue="t",
            workflows=[WalletTopUpWorkflow],
            activities=[self.sagas.write, top_ups.prompt, top_ups.ask],
            workflow_runner=workflow_runner(),
        ):
            yield self


@pytest.fixture
async def world(temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    provider = FakeProvider(prompts=[PENDING], answers=[PAID])
    async with World(temporal, provider).working() as opened:
        yield opened


def credited(steps: list[SagaStep]) -> list[TopUpCredited]:
    return [step.posting for step in steps if isinstance(step.posting, TopUpCredited)]


async def test_money_under_our_reference_is_credited_as_it_came(world: World) -> None:
    placed = order()
    run = await world.start(placed)
    await run.signal(REPORTED, came(placed.saga.id, Money(9_500, "KES")))
    assert await run.result() == TopUpState.CREDITED
    posted = credited(world.sagas.steps)
    assert [(one.amount, one.receipt.number) for one in posted] == [(Money(9_500, "KES"), "FT1")]


async def test_a_top_up_nobody_pays_expires(world: World) -> None:
    run = await world.start(order(patience=0.3))
    assert await run.result() == TopUpState.EXPIRED
    assert credited(world.sagas.steps) == []


async def test_money_of_another_currency_is_held_with_a_case(world: World) -> None:
    placed = order(patience=0.6)
    run = await world.start(placed)
    await run.signal(REPORTED, came(placed.saga.id, Money(9_500, "USD")))
    assert await run.result() == TopUpState.EXPIRED
    held = [step for step in world.sagas.steps if step.case]
    assert [step.case.kind for step in held if step.case] == ["currency_mismatch"]
    assert [step.posting.kind for step in held if step.posting] == ["credit_suspended"]


async def test_the_phone_rings_once_and_an_unsigned_success_is_asked_about(world: World) -> None:
    placed = order(Via.MOBILE_MONEY, terms=replace(TERMS, patience=20.0))
    run = await world.start(placed)
    hint = replace(came(instruction(placed), receipt="R1"), hint=True)
    await world.provider.ringing.wait()
    await run.signal(REPORTED, hint)
    assert await run.result() == TopUpState.CREDITED
    assert (len(world.provider.rung), len(world.provider.asked)) == (1, 1)


async def test_an_unsigned_success_the_provider_denies_credits_nothing(world: World) -> None:
    world.provider.answers = [DECLINED]
    placed = order(Via.MOBILE_MONEY, terms=replace(TERMS, patience=20.0))
    run = await world.start(placed)
    await world.provider.ringing.wait()
    await run.signal(REPORTED, replace(came(instruction(placed), receipt="R1"), hint=True))
    assert await run.result() == TopUpState.EXPIRED
    assert credited(world.sagas.steps) == []


async def test_a_lost_answer_is_asked_for_and_the_phone_is_not_rung_again(world: World) -> None:
    world.provider.prompts = [Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)]
    run = await world.start(order(Via.MOBILE_MONEY))
    assert await run.result() == TopUpState.CREDITED
    assert len(world.provider.rung) == 1
    assert "unknown" in [step.to for step in world.sagas.steps]


async def test_a_lost_answer_is_asked_for_with_the_handle_a_callback_told(world: World) -> None:
    lost = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)
    world.provider.prompts, world.provider.answers = [lost], [lost, lost, PAID]
    world.provider.hold.clear()
    placed = order(Via.MOBILE_MONEY)
    run, hint = await world.start(placed), came(instruction(placed), receipt="R1")
    await world.provider.ringing.wait()
    named = replace(hint.reading, provider_reference="ws_CO_1")
    await run.signal(REPORTED, replace(hint, reading=named, hint=True))
    world.provider.hold.set()
    assert await run.result() == TopUpState.CREDITED
    assert [one.provider_reference for one in world.provider.asked] == ["ws_CO_1"] * 3


async def test_a_paid_prompt_is_credited_though_a_run_that_died_used_its_key(world: World) -> None:
    world.sagas.spent = {TopUpState.CREDITED}
    placed = order(Via.MOBILE_MONEY, patience=3_600.0)
    run = await world.start(placed)
    await world.provider.ringing.wait()
    assert await run.result() == TopUpState.CREDITED
    assert len(credited(world.sagas.written)) == 1


async def disputed(world: World) -> tuple[TopUpOrder, WorkflowHandle[WalletTopUpWorkflow, str]]:
    """A prompt whose success cannot be booked; the first word after it is only evidence."""
    world.sagas.disputes = 1
    placed = order(Via.MOBILE_MONEY, patience=0.1)
    run = await world.start(placed)
    await world.sagas.cased.wait()
    forged = replace(came(instruction(placed), receipt="R2"), hint=True)
    await run.signal(REPORTED, forged)
    return placed, run


@pytest.mark.parametrize(
    ("verdict", "ending", "instructed"),
    [
        (Verdict.SETTLED, TopUpState.CREDITED, "succeeded"),
        (Verdict.REFUSED, TopUpState.EXPIRED, "failed"),
    ],
)
async def test_a_disputed_prompt_ends_by_the_word_of_people_only(
    world: World, verdict: Verdict, ending: TopUpState, instructed: str
) -> None:
    placed, run = await disputed(world)
    word = replace(
        came(placed.saga.id, receipt="R3"),
        source=Source.OPERATOR,
        reading=Reading(verdict=verdict, reason=Reason.OPERATOR, receipt="R3"),
    )
    await run.signal(REPORTED, word)
    assert await run.result() == ending
    last = next(step for step in world.sagas.written if step.to == ending)
    assert last.evidence[0].reading.receipt == "R3"
    assert last.instruct is not None
    assert last.instruct.state == instructed


async def test_a_case_names_receipt_and_amount(world: World) -> None:
    _, run = await disputed(world)
    await run.terminate()
    cases = [step.case for step in world.sagas.written if step.case]
    assert [(one.amount, dict(one.facts)) for one in cases] == [
        (Money(10_000, "KES"), {"receipt": PAID.receipt})
    ]


async def test_a_receipt_booked_elsewhere_waits_for_people(world: World) -> None:
    world.sagas.disputes = 1
    placed = order(patience=0.8)
    run = await world.start(placed)
    await run.signal(REPORTED, came(placed.saga.id))
    assert await run.result() == TopUpState.EXPIRED
    kinds = [step.case.kind for step in world.sagas.written if step.case]
    assert kinds == ["contradiction"]


async def test_the_row_holds_the_reference_the_phone_shows(world: World) -> None:
    placed = order(Via.MOBILE_MONEY)
    run = await world.start(placed)
    await world.provider.ringing.wait()
    await run.result()
    shown = {ids.account_reference(rung) for rung in world.provider.rung}
    told = {step.instruct.our_reference for step in world.sagas.written if step.instruct}
    assert shown == told == {world.fence.opened[0].our_reference}


@pytest.mark.parametrize(
    ("again", "cases"),
    [(Money(10_000, "KES"), []), (Money(12_000, "KES"), ["contradiction"])],
)
async def test_a_receipt_told_again_at_the_end_is_kept_and_another_amount_is_a_case(
    temporal: WorkflowEnvironment, again: Money, cases: list[str]
) -> None:
    world, placed = World(temporal, FakeProvider(prompts=[PENDING], answers=[PAID])), order()
    first, second = came(placed.saga.id), came(placed.saga.id, again)
    world.sagas.taken = "credit_suspended"
    run = await world.start(placed)
    for report in (first, second):
        await run.signal(REPORTED, report)
    async with world.working():
        assert await run.result() == TopUpState.CREDITED
    kept = [report.evidence_id for step in world.sagas.written for report in step.evidence]
    assert kept == [first.evidence_id, second.evidence_id]
    assert [step.case.kind for step in world.sagas.written if step.case] == cases


async def hinted_at_the_end(
    world: World, ending: TopUpState, prompt: Reading, answer: Reading
) -> list[SagaStep]:
    """An unsigned success, of ten times the money, is heard while the ending is written."""
    world.provider.prompts, world.provider.answers = [prompt], [answer]
    away = world.sagas.away = Away(ending)
    placed = order(Via.MOBILE_MONEY, terms=replace(TERMS, patience=0.1))
    run = await world.start(placed)
    await away.tried.wait()
    asked = len(world.provider.asked)
    await run.signal(REPORTED, replace(came(instruction(placed), Money(100_000, "KES")), hint=True))
    await run.query("story")
    away.back.set()
    assert await run.result() == ending
    assert len(world.provider.asked) == asked + 1
    return world.sagas.written


@pytest.mark.parametrize(
    ("answer", "held"),
    [(DECLINED, []), (replace(PAID, amount=None, receipt=None), [Money(10_000, "KES")])],
    ids=["denied", "confirmed"],
)
async def test_an_unsigned_success_at_the_end_is_asked_about_and_never_raises_what_was_asked(
    world: World, answer: Reading, held: list[Money]
) -> None:
    written = await hinted_at_the_end(world, TopUpState.EXPIRED, DECLINED, answer)
    posted = [one.posting for one in written if isinstance(one.posting, CreditSuspended)]
    assert [one.amount for one in posted] == held
    assert [step.case.kind for step in written if step.case] == ["late_money"] * len(held)


async def test_a_success_told_again_at_the_end_by_a_callback_is_no_case(world: World) -> None:
    world.sagas.taken = "credit_suspended"
    unnamed = replace(PAID, amount=None)
    written = await hinted_at_the_end(world, TopUpState.CREDITED, PENDING, unnamed)
    assert [step.case for step in written if step.case] == []
    assert written[-1].evidence[0].source is Source.QUERY
