"""What was reversed or charged back is a fact, and is not there to be refunded any more."""

import asyncio
from typing import Any

import psycopg
import pytest

from activities.takebacks import Takebacks
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.refund_order import RefundRefused, Refusal
from models.refund_postings import RefundRefused as RefundNotPaid
from models.refund_postings import RefundRequested
from models.takeback import Takeback, TakebackKind, TakebackRefused
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.refunds_world import Refunded, rail
from tests.conftest import Urls
from tests.workflows.waiting import WAITS_FOR_A_LOCK, until

_KEEP = """
insert into payment_takebacks (id, org_id, livemode, payment_id, kind, number, amount, actor,
  approver, reason) values (%s, %s, false, %s, 'chargeback', 'CB9', %s, 'a', 'b', 'seen')"""


class Charged(Refunded):
    """KES 100.00 of which 2.25 were taken, and what is taken back of it."""

    async def taken(self, minor: int, number: str = "CB1", **changes: Any) -> None:
        fields: dict[str, Any] = {
            "payment_id": self.paid.payment, "org_id": self.paid.org, "livemode": False,
            "kind": TakebackKind.CHARGEBACK, "amount": minor, "number": number,
            "actor": "op.amina", "approver": "op.brian", "reason": "the acquirer's letter",
        }  # fmt: skip
        books = VaultBooking(Book())
        await Takebacks(self.database, self.vault, books).record(Takeback(**{**fields, **changes}))

    def stands(self) -> tuple[Any, ...]:
        """Status, what was taken back, what of it refunds had not taken."""
        query = "select status, amount_taken_back, amount_lost from payments where id = %s"
        return self.read(query, ids.parsed(ids.PAYMENT, self.paid.payment))[0]

    def given(self) -> list[tuple[Any, ...]]:
        """What of our fee and its tax went back with what was taken back."""
        query = "select fee_net, fee_tax from payment_takebacks where payment_id = %s order by at"
        return self.read(query, ids.parsed(ids.PAYMENT, self.paid.payment))

    async def refused(self, minor: int | None = None) -> RefundRefused:
        with pytest.raises(RefundRefused) as no:
            await self.ask(minor)
        return no.value


@pytest.fixture
async def shop(urls: Urls, database: Database, vault: Vault) -> Charged:
    """A merchant with a payment that succeeded."""
    shop = Charged(urls, database, vault)
    await shop.settled()
    return shop


async def test_of_a_payment_charged_back_in_part_only_the_rest_is_refunded(shop: Charged) -> None:
    await shop.taken(7_000)
    no = await shop.refused(3_001)
    assert (no.why, no.left and no.left.minor) == (Refusal.EXCEEDS, 3_000)
    assert str(no) == "KES 30.00 of the payment are left: KES 70.00 were reversed or charged back"
    assert (await shop.plan()).amount.minor == 3_000
    assert shop.stands() == ("succeeded", 7_000, 7_000)


async def test_a_payment_taken_back_whole_is_reversed_and_not_refunded(shop: Charged) -> None:
    await shop.taken(10_000, kind=TakebackKind.REVERSAL)
    no = await shop.refused(1)
    assert (no.why, str(no)) == (
        Refusal.NOT_SUCCEEDED, "all of the payment was taken back already"
    )  # fmt: skip
    assert shop.stands()[0] == "reversed"
    named = ids.parsed(ids.ATTEMPT, shop.paid.attempt)
    assert shop.read("select state from attempts where id = %s", named) == [("reversed",)]
    assert shop.balances()["payable"] == 0


async def test_our_fee_of_what_was_taken_back_goes_back_and_no_unit_of_it_twice(
    shop: Charged,
) -> None:
    await shop.taken(3_333, "CB1")
    assert shop.balances()["payable"] == 9_775 - 3_333 + 74
    await shop.taken(6_667, "CB2")
    assert shop.balances()["payable"] == 0


async def test_a_fee_a_refund_gave_back_is_not_given_back_again(shop: Charged) -> None:
    shop.read("update orgs set return_fee_on_refund = true where id = %s", shop.org)
    plan = await shop.plan(10_000)
    await shop.step(
        plan,
        "created",
        to="pending",
        posting=RefundRequested(refund_id=plan.saga.id, amount=plan.amount, fee=plan.fee),
    )
    await shop.taken(10_000)
    assert shop.given() == [(0, 0)]
    assert shop.balances()["receivable"] == 10_000
    refused = RefundNotPaid(refund_id=plan.saga.id, amount=plan.amount, fee=plan.fee)
    await shop.step(plan, "pending", to="canceled", posting=refused)
    assert shop.given() == [(225, 0)]
    balances = shop.balances()
    assert (balances["receivable"], balances["payable"], balances["held"]) == (0, 0, 0)


async def test_the_fee_a_refund_only_asked_for_is_given_back_once_it_is_canceled(
    shop: Charged,
) -> None:
    shop.read("update orgs set return_fee_on_refund = true where id = %s", shop.org)
    plan = await shop.plan(8_000)
    await shop.taken(5_000)
    assert shop.given() == [(45, 0)]
    await shop.step(plan, "created", to="canceled")
    assert shop.given() == [(112, 0)]
    assert shop.balances()["payable"] == 9_775 - 5_000 + 112
    await shop.taken(5_000, "CB2")
    assert shop.balances()["payable"] == 0


async def test_the_same_number_is_booked_once_and_told_to_the_merchant_once(
    shop: Charged,
) -> None:
    await asyncio.gather(*(shop.taken(4_000) for _ in range(4)))
    assert shop.stands() == ("succeeded", 4_000, 4_000)
    assert shop.balances()["payable"] == 9_775 - 4_000 + 90
    told = shop.read(
        "select data->'object'->>'amount_taken_back' from events"
        " where object_id = %s and type = 'payment.taken_back'",
        ids.parsed(ids.PAYMENT, shop.paid.payment),
    )
    assert told == [("4000",)]


@pytest.mark.parametrize(
    ("minor", "changes", "why"),
    [
        (4_001, {}, "CB1 is a chargeback of 4000 already"),
        (4_000, {"kind": TakebackKind.REVERSAL}, "CB1 is a chargeback of 4000 already"),
        (6_001, {"number": "CB2"}, "KES 60.00 of what was captured are not taken back yet"),
        (1, {"payment_id": ids.mint(ids.PAYMENT)}, "there is no such payment"),
    ],
)
async def test_what_cannot_have_been_taken_back_is_refused_and_books_nothing(
    shop: Charged, minor: int, changes: dict[str, Any], why: str
) -> None:
    await shop.taken(4_000)
    with pytest.raises(TakebackRefused, match=why):
        await shop.taken(minor, **changes)
    assert shop.stands() == ("succeeded", 4_000, 4_000)


async def test_a_payment_that_did_not_succeed_has_nothing_to_be_taken_back(
    shop: Charged,
) -> None:
    named = ids.parsed(ids.PAYMENT, shop.paid.payment)
    shop.read("update payments set status = 'unknown' where id = %s", named)
    with pytest.raises(TakebackRefused, match="the payment is unknown"):
        await shop.taken(100)


async def test_one_person_alone_books_no_takeback(shop: Charged) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="by_two"):
        await shop.taken(100, approver="op.amina")
    assert shop.stands() == ("succeeded", 0, 0)


async def test_of_fifty_refunds_at_once_as_many_are_taken_as_were_not_charged_back(
    shop: Charged,
) -> None:
    await shop.taken(5_000)
    asked = await asyncio.gather(*(shop.ask(900) for _ in range(50)), return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in asked) == 5
    assert (shop.sums(), shop.stands()[1:]) == ((0, 4_500), (5_000, 5_000))


async def test_a_chargeback_among_many_refunds_is_booked_and_what_it_leaves_is_not_exceeded(
    shop: Charged,
) -> None:
    asked = [shop.ask(900) for _ in range(30)]
    _, letter, *_ = await asyncio.gather(
        *asked[:1], shop.taken(5_000), *asked[1:], return_exceptions=True
    )
    (_, reserved), (_, taken, lost) = shop.sums(), shop.stands()
    assert (letter, taken) == (None, 5_000)
    assert lost == min(5_000, 10_000 - reserved)
    assert (await shop.refused(900)).why is Refusal.EXCEEDS


async def test_a_refund_waits_for_a_chargeback_that_is_being_written_and_finds_it(
    shop: Charged,
) -> None:
    payment = ids.parsed(ids.PAYMENT, shop.paid.payment)
    async with await psycopg.AsyncConnection.connect(shop.urls.admin) as other:
        await other.execute(_KEEP, [ids.uuid7(), shop.org, payment, 9_500])
        asking = asyncio.create_task(shop.ask(600))
        await until(lambda: bool(shop.read(WAITS_FOR_A_LOCK)), lambda: "it did not wait")
        assert not asking.done()
        await other.commit()
    with pytest.raises(RefundRefused, match=r"KES 5\.00 of the payment are left"):
        await asking


async def test_the_database_refuses_what_was_charged_back_whoever_asks(shop: Charged) -> None:
    await shop.taken(9_000)
    payment, other = ids.parsed(ids.PAYMENT, shop.paid.payment), ids.uuid7()
    with pytest.raises(psycopg.errors.CheckViolation, match="refunds_within_captured"):
        shop.read(
            "with another as (insert into sagas (id, org_id, livemode, kind, state) values"
            " (%s, %s, false, 'refund', 'created')) insert into refund_reservations"
            " (refund_id, org_id, livemode, payment_id, amount) values (%s, %s, false, %s, 1001)",
            *[other, shop.org, other, shop.org, payment],
        )


async def test_a_chargeback_of_what_was_refunded_is_booked_all_the_same(shop: Charged) -> None:
    plan = await shop.plan(8_000)
    await shop.step(plan, "created", to="pending")
    await shop.step(plan, "pending", to="processing")
    await shop.step(plan, "processing", to="succeeded")
    await shop.taken(5_000)
    assert (shop.sums(), shop.stands()) == ((8_000, 0), ("succeeded", 5_000, 2_000))
    assert (await shop.refused(1)).why is Refusal.EXCEEDS


async def test_what_a_failed_refund_lets_go_of_was_lost_first(shop: Charged) -> None:
    plan = await shop.plan(8_000)
    await shop.taken(5_000)
    assert shop.stands()[2] == 2_000
    await shop.step(plan, "created", to="canceled")
    assert (shop.sums(), shop.stands()[2]) == ((0, 0), 5_000)
    assert (await shop.plan()).amount.minor == 5_000


@pytest.mark.parametrize(("minor", "words"), [(3_000, 0), (6_000, 1)])
async def test_a_refund_that_has_not_left_is_given_up_where_its_money_is_gone(
    shop: Charged, minor: int, words: int
) -> None:
    shop.a_second_person()
    plan = await shop.plan(5_000, rail=rail(native=False))
    await shop.taken(minor)
    query = "select count(*)::int from inbox where workflow_id = %s and kind = 'request'"
    assert shop.read(query, plan.saga.id) == [(words,)]
