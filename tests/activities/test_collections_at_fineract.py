"""A collection at the simulated Fineract on a real socket: found, posted, read back, undone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from activities.account_matching import AccountMatching
from activities.collection_letters import CollectionLetters
from activities.collection_undoing import CollectionUndoing, TakeBackOrder
from activities.collections import Collections, EnterOrder
from activities.fence import Intent
from models import ids
from models.account_matching import Match, Target, TargetKind
from models.collection_order import REPAYMENT, MatchOrder, TellOrder
from models.money import Money
from models.reading import ProviderReport, Reason, Verdict
from models.saga import SagaKind, SagaRef
from providers.mifos.client import MifosClient
from runtime.partners import Known
from tests.providers.mifos.lent import a_client, a_quick_world
from tests.simulators.lenders import Lender, a_lender
from tests.simulators.peers import World
from tests.workflows.vault_fakes import FakeSagas, OpenFence

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAME = Money(50_000, "KES")
SAGA = SagaRef(
    id=ids.mint(ids.COLLECTION), kind=SagaKind.COLLECTION, org_id="org_1", livemode=False
)


@dataclass
class OneLender:
    """Gives the same client to everybody."""

    client: MifosClient

    async def mifos(self, _org_id: str, _livemode: bool) -> MifosClient:
        return self.client

    async def known(self, _org_id: str, _livemode: bool, _kind: str) -> Known:
        shown = {"payment_type": "Mobile Money", "zone": "Africa/Nairobi"}
        return Known(id="cred_1", short_code=None, shown=shown, password_set_at=None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with a_quick_world() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def lender(world: World) -> Lender:
    return await a_lender(world)


@pytest_asyncio.fixture(loop_scope="module")
async def partner(lender: Lender) -> AsyncIterator[OneLender]:
    async with a_client(lender) as opened:
        yield OneLender(opened)


async def an_active_loan(lender: Lender) -> int:
    loan = await lender.new_loan()
    assert (await lender.disburse(loan)).status_code == 200
    return loan


async def match(partner: OneLender, written: str, payer: str | None = None) -> Match:
    order = MatchOrder(org_id="org_1", livemode=False, account=written, payer=payer, currency="KES")
    return await AccountMatching(partner).found(order)


async def post(partner: OneLender, order: EnterOrder) -> ProviderReport:
    fence: Any = OpenFence(FakeSagas("matched"))
    posting = Collections(partner, fence)
    return await ActivityEnvironment().run(posting.post, order)


def entering(target: Target, receipt: str, tries: int = 1) -> EnterOrder:
    return EnterOrder(
        intent=an_intent(REPAYMENT, receipt, "matched", "posting"),
        target=target,
        tenant="default",
        amount=CAME,
        receipt=receipt,
        paid_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
        tries=tries,
    )


def an_intent(rail: str, receipt: str, believes: str, sending: str) -> Intent:
    return Intent(
        saga=SAGA,
        instruction_id=ids.instruction_id(SAGA.id, rail, abs(hash(receipt)) % 1000),
        rail=rail,
        number=1,
        our_reference=receipt,
        believes=believes,
        sending=sending,
        amount=CAME,
    )


def loan_target(loan: int, client: int | None = None) -> Target:
    return Target(kind=TargetKind.LOAN, id=loan, account_no=f"{loan:09}", client_id=client)


async def repaid(lender: Lender, loan: int) -> list[dict[str, Any]]:
    shown = await lender.loan(loan)
    return [line for line in shown["transactions"] if line["type"].get("repayment")]


async def test_a_loan_is_found_by_what_people_type(partner: OneLender, lender: Lender) -> None:
    loan = await an_active_loan(lender)
    found = [await match(partner, text) for text in (f"L{loan}", f"l-{loan:09}")]
    assert [one.target and one.target.id for one in found] == [loan, loan]
    assert (await match(partner, "L999")).target is None


async def test_a_client_is_found_by_the_phone_that_pays(partner: OneLender, lender: Lender) -> None:
    made = await lender.order("clients", tenant="default", name="Jane", mobile="0799111222")
    client = made.json()["client_id"]
    loan = await lender.new_loan(client_id=client)
    await lender.disburse(loan)
    paid = await match(partner, "school fees", "254799111222")
    masked = await match(partner, "school fees", "2547 ***** 222")
    assert (paid.target and paid.target.id, masked.target) == (loan, None)


async def test_a_repayment_is_booked_once_under_its_receipt(
    partner: OneLender, lender: Lender
) -> None:
    loan = await an_active_loan(lender)
    first = await post(partner, entering(loan_target(loan), "RCPTAAA001"))
    again = await post(partner, entering(loan_target(loan), "RCPTAAA001", tries=2))
    assert [first.verdict, again.verdict] == [Verdict.SETTLED, Verdict.SETTLED]
    lines = await repaid(lender, loan)
    assert [(line["amount"], line["externalId"]) for line in lines] == [(500.0, "RCPTAAA001")]


async def test_a_receipt_booked_on_another_loan_is_not_booked_here(
    partner: OneLender, lender: Lender
) -> None:
    there, here = await an_active_loan(lender), await an_active_loan(lender)
    await post(partner, entering(loan_target(there), "RCPTAAA002"))
    said = await post(partner, entering(loan_target(here), "RCPTAAA002"))
    assert (said.verdict, said.reading.reason, said.source) == (
        Verdict.UNKNOWN,
        Reason.DUPLICATE,
        "query",
    )
    assert await repaid(lender, here) == []


async def test_a_loan_that_is_not_active_is_not_posted_to(
    partner: OneLender, lender: Lender
) -> None:
    loan = await lender.new_loan()
    said = await post(partner, entering(loan_target(loan), "RCPTAAA003"))
    assert (said.verdict, said.reading.reason) == (Verdict.REFUSED, Reason.NOT_ALLOWED)
    assert (await match(partner, f"L{loan}")).why == "not_active"


async def test_what_was_posted_is_undone_and_read_back(partner: OneLender, lender: Lender) -> None:
    loan = await an_active_loan(lender)
    posted = await post(partner, entering(loan_target(loan), "RCPTAAA004"))
    undone = await undo(partner, loan, posted)
    again = await undo(partner, loan, posted)
    assert [undone.verdict, again.verdict] == [Verdict.SETTLED, Verdict.SETTLED]
    assert [line["manuallyReversed"] for line in await repaid(lender, loan)] == [True]


async def test_the_client_is_told_the_balance_the_books_have_then(
    partner: OneLender, lender: Lender
) -> None:
    loan = await an_active_loan(lender)
    client = (await lender.loan(loan))["clientId"]
    before = (await lender.loan(loan))["summary"]["totalOutstanding"]
    await post(partner, entering(loan_target(loan), "RCPTAAA005"))
    order = TellOrder(
        saga=SAGA,
        event="repayment_posted",
        target=loan_target(loan, client),
        amount=CAME,
        receipt="RCPTAAA005",
    )
    told = await ActivityEnvironment().run(CollectionLetters(partner).compose, order)
    assert [one.facts["balance"] for one in told] == [str(Money(int(before * 100) - 50_000, "KES"))]


async def undo(partner: OneLender, loan: int, posted: ProviderReport) -> ProviderReport:
    fence: Any = OpenFence(FakeSagas("posted"))
    order = TakeBackOrder(
        intent=an_intent("mifos_undo", "undo", "posted", "posted"),
        target=loan_target(loan),
        transaction_id=int(posted.reading.provider_reference or 0),
        receipt="RCPTAAA004",
    )
    undoing = CollectionUndoing(partner, fence)
    return await ActivityEnvironment().run(undoing.undo, order)
