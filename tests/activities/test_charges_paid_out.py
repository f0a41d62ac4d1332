"""Paid out by itself: once per payment, what it brought, and only where somebody wants it."""

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from activities.charges_paid_out import ChargesPaidOut
from activities.payout_rows import PAYEE_FIELD
from activities.records import Records
from ledger.book import Book
from ledger.booking import Booking
from ledger.captures import captured
from models import ids
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import accept
from tests.activities.payout_world import PayoutWorld
from tests.conftest import Urls

PAYEE = b'{"wallet":"254712000001","bank":null,"name":"Amina"}'


class Automatic(PayoutWorld):
    """A merchant whose payments are paid out by themselves."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        super().__init__(urls, database, vault)
        self.accepted = accept(
            urls.admin, attempt_state="awaiting_customer", status="requires_action"
        )
        self.org = ids.parsed(ids.ORG, self.accepted.org)
        self.records = Records(database, Booking(Book(), {"mpesa": "collections"}))

    def look(self) -> ChargesPaidOut:
        """Another worker's."""
        return ChargesPaidOut(self.database, self.desk, captured)

    async def wanted(self, *, method: str = "wave") -> None:
        """As the policy's route sets it, a minute ago, and somebody has looked since."""
        sealed = await self.vault.seal(self.org, livemode=False, field=PAYEE_FIELD, plain=PAYEE)
        self.read(
            "insert into payout_policies (org_id, livemode, automatic_method, automatic_sealed,"
            " automatic_masked, fee_fixed_minor, updated_by)"
            " values (%s, false, %s, %s, '…001', 75, 'boss') returning 1",
            self.org,
            method,
            sealed,
        )
        await self.look().round()

    async def paid(self) -> None:
        """The payer's money settles the checkout: 97.75 are owed."""
        assert (await self.records.commit(self.accepted.settles())).applied

    def payouts(self) -> list[tuple[Any, ...]]:
        """Amount, state, kind and payment of each."""
        return list(
            self.read(
                "select amount, state, data->>'kind', data->>'payment' from sagas"
                " where org_id = %s and kind = 'payout'",
                self.org,
            )
        )


@pytest.fixture
def merchant(urls: Urls, database: Database, vault: Vault) -> Automatic:
    """Who has wished for nothing yet."""
    return Automatic(urls, database, vault)


async def test_a_payment_leaves_again_less_the_payouts_fee(merchant: Automatic) -> None:
    await merchant.wanted()
    await merchant.paid()
    await merchant.look().round()
    payment = merchant.accepted.payment
    assert merchant.payouts() == [(9_700, "draft", "automatic", payment)]


async def test_however_many_look_there_is_one_payout_of_a_payment(merchant: Automatic) -> None:
    await merchant.wanted()
    await merchant.paid()
    looks = [merchant.look() for _ in range(6)]
    for _ in range(2):
        await asyncio.gather(*(one.round() for one in looks))
    assert len(merchant.payouts()) == 1


async def test_nothing_leaves_where_nobody_wants_it(merchant: Automatic) -> None:
    await merchant.paid()
    await merchant.look().round()
    assert merchant.payouts() == []


async def test_what_succeeded_before_it_was_wanted_stays(merchant: Automatic) -> None:
    await merchant.paid()
    await merchant.wanted()
    await merchant.look().round()
    assert merchant.payouts() == []


async def test_what_is_wanted_no_more_stays(merchant: Automatic) -> None:
    await merchant.wanted()
    merchant.read(
        "update payout_policies set automatic_sealed = null where org_id = %s returning 1",
        merchant.org,
    )
    await merchant.paid()
    await merchant.look().round()
    assert merchant.payouts() == []


async def test_an_escrows_money_is_not_paid_out_before_it_is_released(merchant: Automatic) -> None:
    await merchant.wanted()
    merchant.read(
        "update checkouts set escrow_id = %s where id = %s returning 1",
        ids.uuid7(),
        ids.parsed(ids.CHECKOUT, merchant.accepted.checkout),
    )
    await merchant.paid()
    await merchant.look().round()
    assert merchant.payouts() == []


async def test_what_is_not_available_yet_is_scheduled(merchant: Automatic) -> None:
    async def tomorrow(*asked: Any) -> Any:
        found = await captured(*asked)
        assert found is not None
        return dataclasses.replace(found, available_at=found.available_at + timedelta(days=1))

    await merchant.wanted()
    await merchant.paid()
    await ChargesPaidOut(merchant.database, merchant.desk, tomorrow).round()
    assert [row[1] for row in merchant.payouts()] == ["scheduled"]


async def test_a_method_that_is_not_there_stops_nobody_else(
    merchant: Automatic, urls: Urls, database: Database, vault: Vault
) -> None:
    other = Automatic(urls, database, vault)
    await merchant.wanted(method="orange")
    await other.wanted()
    for one in (merchant, other):
        await one.paid()
    await merchant.look().round()
    assert (merchant.payouts(), len(other.payouts())) == ([], 1)
