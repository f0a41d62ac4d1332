"""Refunds are accepted against what was captured: never above it, however many ask at once."""

import asyncio
from typing import Any

import psycopg
import pytest
from pydantic import TypeAdapter

from models import ids
from models.money import Money
from models.refund_order import RefundPlan, RefundRefused, Refusal, Way
from models.refund_postings import RefundRefused as TurnedRound
from models.refund_postings import RefundRequested
from runtime.database import Database
from runtime.starting import start_of
from runtime.vault import Vault
from tests.activities.refunds_world import PAYER, Refunded, rail
from tests.conftest import Urls


@pytest.fixture
async def shop(urls: Urls, database: Database, vault: Vault) -> Refunded:
    """A merchant with a payment that succeeded."""
    return await Refunded(urls, database, vault).settled()


async def refused(shop: Refunded, minor: int | None = None, **draft: Any) -> Refusal:
    with pytest.raises(RefundRefused) as no:
        await shop.ask(minor, **draft)
    return no.value.why


async def test_a_refund_reserves_its_amount_and_is_started_with_all_it_needs(
    shop: Refunded, vault: Vault
) -> None:
    made = await shop.ask(4_000, reason="returned", reference="r-1")
    assert made.row["state"] == "created"
    assert shop.sums() == (0, 4_000)
    ((kind, sealed),) = shop.read(
        "select kind, payload_sealed from starts where id = %s",
        ids.shown(ids.REFUND, made.row["id"]),
    )
    plain = await vault.unseal(shop.org, livemode=False, field="start", sealed=sealed)
    start = start_of(kind, plain)
    assert (start.order, start.order.payer) == (made.plan, PAYER)


async def test_without_an_amount_all_that_is_left_goes_back(shop: Refunded) -> None:
    await shop.ask(4_000)
    assert (await shop.plan()).amount == Money(6_000, "KES")
    assert await refused(shop) is Refusal.EXCEEDS


async def test_more_than_is_left_is_refused_and_what_is_left_is_said(shop: Refunded) -> None:
    await shop.ask(9_999)
    with pytest.raises(RefundRefused) as no:
        await shop.ask(2)
    assert (no.value.why, no.value.left) == (Refusal.EXCEEDS, Money(1, "KES"))


async def test_of_fifty_at_once_as_many_are_taken_as_were_captured(shop: Refunded) -> None:
    asked = await asyncio.gather(*(shop.ask(900) for _ in range(50)), return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in asked) == 11
    assert shop.sums() == (0, 9_900)


async def test_the_database_refuses_what_exceeds_whoever_asks(shop: Refunded) -> None:
    await shop.ask(9_000)
    payment, other = ids.parsed(ids.PAYMENT, shop.paid.payment), ids.uuid7()
    with pytest.raises(psycopg.errors.CheckViolation, match="refunds_within_captured"):
        shop.read(
            "with another as (insert into sagas (id, org_id, livemode, kind, state) values"
            " (%s, %s, false, 'refund', 'created')) insert into refund_reservations"
            " (refund_id, org_id, livemode, payment_id, amount) values (%s, %s, false, %s, 1001)",
            *[other, shop.org, other, shop.org, payment],
        )


@pytest.mark.parametrize(("ending", "sums"), [("succeeded", (4_000, 0)), ("failed", (0, 0))])
async def test_a_refund_that_ends_settles_its_reservation(
    shop: Refunded, ending: str, sums: tuple[int, int]
) -> None:
    plan = await shop.plan(4_000)
    await shop.step(plan, "created", to="pending")
    await shop.step(plan, "pending", to="processing")
    await shop.step(plan, "processing", to=ending)
    assert shop.sums() == sums


async def test_a_refund_that_is_given_up_lets_go_of_its_amount(shop: Refunded) -> None:
    plan = await shop.plan(10_000)
    await shop.step(plan, "created", to="canceled")
    assert (await shop.plan(10_000)).amount == Money(10_000, "KES")


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("unknown", Refusal.OUTCOME_UNKNOWN),
        ("processing", Refusal.NOT_SUCCEEDED),
        ("reversed", Refusal.NOT_SUCCEEDED),
    ],
)
async def test_only_a_payment_that_succeeded_is_refunded(
    shop: Refunded, status: str, why: Refusal
) -> None:
    named = ids.parsed(ids.PAYMENT, shop.paid.payment)
    shop.read("update payments set status = %s where id = %s", status, named)
    assert await refused(shop, 100) is why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"payment_id": "pay_1"}, Refusal.NO_PAYMENT),
        ({"payment_id": ids.mint(ids.PAYMENT)}, Refusal.NO_PAYMENT),
        ({"currency": "UGX"}, Refusal.CURRENCY),
        ({"rail": rail(step=lambda _currency: 100)}, Refusal.STEP),
        ({"rail": rail(native=False, pays_out=False)}, Refusal.NO_WAY),
    ],
)
async def test_what_cannot_be_refunded_is_said_and_nothing_is_written(
    shop: Refunded, changes: dict[str, Any], why: Refusal
) -> None:
    assert await refused(shop, 150, **changes) is why
    assert shop.sums() == (0, 0)


async def test_the_fee_stays_taken_unless_the_organisation_returns_it(shop: Refunded) -> None:
    assert (await shop.plan(4_000)).fee is None


async def test_parts_return_the_fee_pro_rata_and_the_last_takes_the_rest(shop: Refunded) -> None:
    shop.read("update orgs set return_fee_on_refund = true where id = %s", shop.org)
    plans = [await shop.plan(3_333), await shop.plan(3_333), await shop.plan()]
    assert [plan.fee.net.minor for plan in plans if plan.fee] == [74, 75, 76]


async def test_a_refund_given_up_leaves_its_fee_to_the_next(shop: Refunded) -> None:
    shop.read("update orgs set return_fee_on_refund = true where id = %s", shop.org)
    first = await shop.plan(5_000)
    await shop.step(first, "created", to="canceled")
    whole = await shop.plan()
    assert whole.fee is not None
    assert whole.fee.net == Money(225, "KES")


async def test_the_same_id_is_accepted_once(shop: Refunded) -> None:
    named = ids.mint(ids.REFUND)
    first, second = await shop.ask(4_000, id=named), await shop.ask(4_000, id=named)
    assert (first.row["id"], second.plan) == (second.row["id"], None)
    assert shop.sums() == (0, 4_000)


async def test_a_payout_to_the_payer_waits_for_a_second_person(shop: Refunded) -> None:
    shop.a_second_person()
    made = await shop.ask(4_000, rail=rail(native=False))
    assert made.row["state"] == "requires_approval"
    asked = shop.read("select maker, word from approvals where saga_id = %s", made.row["id"])
    assert asked == [("shop", None)]
    assert made.plan is not None
    assert (made.plan.way, made.plan.rail) == (Way.PAYOUT, "mpesa_payout")


async def test_what_was_approved_elsewhere_is_not_asked_for_again(shop: Refunded) -> None:
    plan = await shop.plan(4_000, rail=rail(native=False), approved_in="esc_1")
    assert (plan.way, plan.approval) == (Way.PAYOUT, None)


async def test_nothing_is_paid_out_where_nobody_may_allow_it(shop: Refunded) -> None:
    assert await refused(shop, 100, rail=rail(native=False)) is Refusal.NOBODY_MAY_APPROVE


async def test_a_merchant_that_cannot_bear_it_is_short_and_keeps_its_balance(
    shop: Refunded,
) -> None:
    plan = await shop.plan(10_000)
    asked = RefundRequested(refund_id=plan.saga.id, amount=plan.amount)
    written = await shop.step(plan, "created", to="pending", posting=asked)
    assert (written.trouble, written.state) == ("short", "created")
    assert shop.balances()["payable"] == 9_775


async def test_what_was_set_aside_comes_back_whole(shop: Refunded) -> None:
    plan = await shop.plan(4_000)
    fields: dict[str, Any] = {"refund_id": plan.saga.id, "amount": plan.amount}
    await shop.step(plan, "created", to="pending", posting=RefundRequested(**fields))
    assert shop.balances()["held"] == 4_000
    await shop.step(plan, "pending", to="canceled", posting=TurnedRound(**fields))
    assert (shop.balances()["held"], shop.balances()["payable"]) == (0, 9_775)


async def test_the_payers_number_is_nowhere_in_clear(shop: Refunded) -> None:
    plan = await shop.plan(4_000)
    rows = shop.read("select data::text from sagas where id = %s",
                     ids.parsed(ids.REFUND, plan.saga.id))  # fmt: skip
    assert PAYER not in rows[0][0]
    assert PAYER not in repr(plan)
    assert PAYER in TypeAdapter(RefundPlan).dump_json(plan).decode()
