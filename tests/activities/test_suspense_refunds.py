"""Money of a case goes back to its payer by one refund, begun in the transaction that decides."""

import asyncio
from typing import Any

import psycopg
import pytest
from temporalio.exceptions import ApplicationError

from ledger.holds import stale_holds
from models import ids
from models.case import CaseWord
from models.money import Money
from models.refund_order import RefundPlan, Way
from models.refund_postings import RefundPaid, RefundRefused
from models.saga import SagaKind, SagaRef
from runtime.database import Database
from runtime.starting import start_of
from runtime.vault import Vault
from tests.activities.refunds_world import PAYER, rail
from tests.activities.suspense_world import Suspended
from tests.conftest import Urls

FLOAT = "provider:mpesa:collections:float"
SUSPENSE, HELD = "suspense:mpesa", "suspense:mpesa:held"


@pytest.fixture
async def desk(urls: Urls, database: Database, vault: Vault) -> Suspended:
    """KES 100.00 in suspense."""
    return await Suspended(urls, database, vault).came()


async def started(desk: Suspended, refund: str) -> RefundPlan:
    """What its workflow is started with."""
    ((kind, sealed),) = desk.read("select kind, payload_sealed from starts where id = %s", refund)
    plain = await desk.vault.unseal(desk.org, livemode=False, field="start", sealed=sealed)
    plan: RefundPlan = start_of(kind, plain).order
    return plan


async def ends(desk: Suspended, refund: str, state: str) -> None:
    """Its workflow's last steps."""
    plan = await started(desk, refund)
    fields: dict[str, Any] = {"refund_id": refund, "amount": plan.amount, "suspense": "mpesa"}
    posting = (
        RefundPaid(out_of=plan.out_of, **fields)
        if state == "succeeded"
        else RefundRefused(**fields)
    )
    await desk.step(plan, "pending", to="processing")
    written = await desk.step(plan, "processing", to=state, posting=posting)
    assert written.applied


async def test_a_decision_to_refund_sets_the_money_aside_and_starts_a_refund_of_it(
    desk: Suspended,
) -> None:
    decision = desk.decision()
    assert await desk.decide(decision) == "refund"
    assert desk.refunds() == [(decision.refund_id, "pending")]
    plan = await started(desk, str(decision.refund_id))
    assert (plan.case, plan.suspense, plan.payer) == (desk.case, "mpesa", PAYER)
    assert (plan.amount, plan.paid, plan.way) == (Money(10_000, "KES"),) * 2 + (Way.NATIVE,)
    assert (plan.fee, plan.approval) == (None, None)
    assert desk.lies() == {FLOAT: -10_000, HELD: 10_000}
    assert desk.decided() == ("decided", "refund", "op.amina")


async def test_the_refund_names_both_who_decided(desk: Suspended) -> None:
    decision = desk.decision()
    await desk.decide(decision)
    query = "select maker, checker, word from approvals where saga_id = %s"
    named = ids.parsed(ids.REFUND, str(decision.refund_id))
    assert desk.read(query, named) == [("op.amina", "op.brian", "approve")]


async def test_one_person_alone_gives_nothing_back(desk: Suspended) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="approvals_by_another"):
        await desk.decide(desk.decision(approver="op.amina"))
    assert (desk.refunds(), desk.decided()[0]) == ([], "open")


async def test_decided_many_times_at_once_there_is_one_refund(desk: Suspended) -> None:
    one = desk.decision()
    many = [one, one, *(desk.decision() for _ in range(6))]
    words = await asyncio.gather(*(desk.decide(decision) for decision in many))
    assert set(words) == {"refund"}
    assert [state for _, state in desk.refunds()] == ["pending"]
    assert desk.lies() == {FLOAT: -10_000, HELD: 10_000}


async def test_the_database_lets_one_refund_have_the_money_of_a_case(desk: Suspended) -> None:
    await desk.decide(desk.decision())
    other = ids.uuid7()
    with pytest.raises(psycopg.errors.UniqueViolation, match="suspense_refunds_one"):
        desk.read(
            "with another as (insert into sagas (id, org_id, livemode, kind, state) values"
            " (%s, %s, false, 'refund', 'pending')) insert into suspense_refunds"
            " (refund_id, org_id, livemode, case_id) values (%s, %s, false, %s)",
            *[other, desk.org, other, desk.org, ids.parsed(ids.CASE, desk.case)],
        )


async def test_once_the_payer_has_it_the_books_hold_nothing_of_it(
    desk: Suspended, database: Database
) -> None:
    decision = desk.decision()
    await desk.decide(decision)
    refund = str(decision.refund_id)
    await ends(desk, refund, "succeeded")
    assert (desk.lies(), desk.decided()) == ({}, ("decided", "refund", "op.amina"))
    assert desk.sums() == (0, 0)
    async with database.system() as connection:
        assert refund not in await stale_holds(connection)


async def test_one_that_fails_leaves_the_money_in_suspense_and_the_case_open(
    desk: Suspended,
) -> None:
    decision = desk.decision()
    await desk.decide(decision)
    await ends(desk, str(decision.refund_id), "failed")
    assert desk.lies() == {FLOAT: -10_000, SUSPENSE: 10_000}
    assert desk.decided() == ("open", None, None)
    query = "select needs_review from payments where id = %s"
    assert desk.read(query, ids.parsed(ids.PAYMENT, desk.paid.payment)) == [(True,)]


async def test_the_same_decision_written_again_after_its_refund_failed_starts_no_other(
    desk: Suspended,
) -> None:
    decision = desk.decision()
    await desk.decide(decision)
    await ends(desk, str(decision.refund_id), "failed")
    assert await desk.decide(decision) == "refund"
    assert desk.refunds() == [(decision.refund_id, "failed")]
    assert desk.decided()[0] == "open"


@pytest.mark.parametrize(
    ("word", "left"),
    [
        (CaseWord.REFUND, {FLOAT: -10_000, HELD: 10_000}),
        (CaseWord.REFUNDED, {}),
        (CaseWord.ACCEPT, {FLOAT: -10_000, "payable": 10_000}),
    ],
)
async def test_what_failed_is_decided_anew_by_any_word(
    desk: Suspended, word: CaseWord, left: dict[str, int]
) -> None:
    first = desk.decision()
    await desk.decide(first)
    await ends(desk, str(first.refund_id), "failed")
    assert await desk.decide(desk.decision(word)) == str(word)
    lies = {"payable" if "payable" in name else name: sum_ for name, sum_ in desk.lies().items()}
    assert lies == left
    told = desk.read(
        "select data->'case'->>'decision' from events where object_id = %s"
        " and type = 'reconciliation.exception.resolved' order by sequence",
        ids.parsed(ids.PAYMENT, desk.paid.payment),
    )
    assert told == [("refund",), (str(word),)]


@pytest.mark.parametrize(
    "by", [rail(native=False, pays_out=False), rail(step=lambda _currency: 3_000)]
)
async def test_what_the_rail_cannot_give_back_stays_a_case_and_says_what_to_do(
    desk: Suspended, by: Any
) -> None:
    with pytest.raises(ApplicationError, match="by hand, then decide refunded") as no:
        await desk.decide(desk.decision(), by)
    assert no.value.non_retryable
    assert (desk.refunds(), desk.decided()[0]) == ([], "open")
    assert desk.lies() == {FLOAT: -10_000, SUSPENSE: 10_000}


async def test_what_people_sent_by_hand_has_left_our_wallet_and_makes_no_refund(
    desk: Suspended,
) -> None:
    assert await desk.decide(desk.decision(CaseWord.REFUNDED)) == "refunded"
    assert (desk.lies(), desk.refunds()) == ({}, [])


async def test_where_the_payer_paid_twice_under_one_reference_it_is_a_payout(
    desk: Suspended,
) -> None:
    """The rail would give back whichever of both it finds."""
    desk.read(
        "insert into cases (id, org_id, livemode, kind, cause, checkout_id, payment_id, attempt_id,"
        " amount, currency, entry_id) select %s, org_id, livemode, kind, %s, checkout_id,"
        " payment_id, attempt_id, amount, currency, %s from cases where id = %s",
        *[ids.uuid7(), ids.mint("cause"), ids.mint("entry"), ids.parsed(ids.CASE, desk.case)],
    )
    decision = desk.decision()
    await desk.decide(decision)
    plan = await started(desk, str(decision.refund_id))
    assert (plan.way, plan.rail) == (Way.PAYOUT, "mpesa_payout")
    assert desk.lies() == {FLOAT: -10_000, HELD: 10_000}


async def test_money_of_a_case_takes_nothing_of_what_may_be_refunded(desk: Suspended) -> None:
    decision = desk.decision()
    await desk.decide(decision)
    saga = SagaRef(
        id=str(decision.refund_id), kind=SagaKind.REFUND, org_id=desk.paid.org, livemode=False
    )
    assert (await started(desk, saga.id)).saga == saga
    named = ids.parsed(ids.REFUND, saga.id)
    assert desk.read("select 1 from refund_reservations where refund_id = %s", named) == []
