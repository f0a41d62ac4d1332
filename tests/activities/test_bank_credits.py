"""A bank credit finds its owner by our reference only, or waits in suspense once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from activities.accepting import Newcomer, accept
from activities.bank_credits import BankCredits
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.bank_credit import BankCreditOrder
from models.ids import PLATFORM_ORG
from models.money import Money
from models.places import BankAccount
from models.saga import SagaKind, SagaRef
from models.topup import Via
from models.vault_postings import TopUpCredited
from runtime.database import Database
from tests.conftest import Urls

_CASES = """
select kind, amount, data->>'booked', saga_id from cases where data->>'receipt' = %s
 order by opened_at"""
_HELD = """
select sum(l.amount)::int from ledger_lines l join ledger_accounts a on a.id = l.account_id
  join ledger_entries e on e.seq = l.entry_seq where a.name = 'suspense:ncba'
   and e.receipt like %s"""
POOL = BankAccount(bank="ncba", account="77445")


@pytest.fixture
def bank_credits(database: Database) -> BankCredits:
    return BankCredits(database, VaultBooking(Book()))


def read(urls: Urls, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(urls.admin) as connection:
        return connection.execute(query, values).fetchall()


def credit(reference: str | None = None, *, livemode: bool = False) -> BankCreditOrder:
    return BankCreditOrder(
        receipt=ids.mint("ft"), bank_reference=None, amount=Money(150_000, "KES"), into=POOL,
        evidence_id=ids.mint(ids.EVIDENCE), livemode=livemode, reference=reference,
    )  # fmt: skip


async def announced(
    urls: Urls, database: Database, state: str = "awaiting_money", via: Via = Via.BANK
) -> SagaRef:
    org = ids.uuid7()
    read(urls, "insert into orgs (id, kind, name) values (%s, 'partner', 'S') returning 1", org)
    ref = SagaRef(
        id=ids.mint(ids.TOPUP), kind=SagaKind.TOPUP, org_id=ids.shown(ids.ORG, org), livemode=False
    )
    new = Newcomer(
        ref=ref, state=state, workflow="w", sealed=b"x", at=datetime.now(UTC), actor="shop",
        reference=ids.top_up_reference(ref.id), amount=Money(150_000, "KES"),
        data={"via": str(via)},
    )  # fmt: skip
    async with database.scoped(org, False) as connection:
        assert await accept(connection, new)
    return ref


async def test_the_owner_is_the_top_up_whose_reference_was_written(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref = await announced(urls, database)
    owner = await bank_credits.owner(credit(ids.top_up_reference(ref.id)))
    assert owner is not None
    assert (owner.saga, owner.open) == (ref, True)


async def test_the_same_amount_without_a_reference_is_nobodys(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    await announced(urls, database)
    assert await bank_credits.owner(credit()) is None


async def test_a_top_up_that_ended_waits_for_nothing(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref = await announced(urls, database, "expired")
    owner = await bank_credits.owner(credit(ids.top_up_reference(ref.id)))
    assert owner is not None
    assert owner.open is False


async def test_a_top_up_that_rings_a_phone_does_not_wait_for_the_bank(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref = await announced(urls, database, "sending", Via.MOBILE_MONEY)
    owner = await bank_credits.owner(credit(ids.top_up_reference(ref.id)))
    assert owner is not None
    assert (owner.saga, owner.open) == (ref, False)


async def test_real_money_never_fills_a_wallet_of_the_test_mode(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref = await announced(urls, database)
    assert await bank_credits.owner(credit(ids.top_up_reference(ref.id), livemode=True)) is None


async def test_money_of_nobody_is_held_once_with_one_case(
    urls: Urls, bank_credits: BankCredits
) -> None:
    order = credit()
    told = [await bank_credits.suspend(order, None) for _ in range(2)]
    cases = read(urls, "select kind, amount, org_id from cases where data->>'receipt' = %s",
                 order.receipt)  # fmt: skip
    held = read(urls, _HELD, f"%{order.receipt.upper()}")
    assert told == ["suspended", "suspended"]
    assert cases == [("unmatched_credit", 150_000, PLATFORM_ORG)]
    assert held == [(150_000,)]


async def test_late_money_is_held_in_the_partners_name_with_a_case_about_the_top_up(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref = await announced(urls, database, "expired")
    await bank_credits.suspend(credit(ids.top_up_reference(ref.id)), ref)
    cases = read(urls, "select kind, state from cases where saga_id = %s",
                 ids.parsed(ids.TOPUP, ref.id))  # fmt: skip
    assert cases == [("late_money", "open")]


async def test_one_receipt_told_with_another_amount_moves_nothing_and_opens_a_case(
    urls: Urls, bank_credits: BankCredits
) -> None:
    order = credit()
    other = replace(order, amount=Money(160_000, "KES"))
    told = [await bank_credits.suspend(one, None) for one in (order, other, other)]
    assert told == ["suspended", "differs", "differs"]
    assert read(urls, _CASES, order.receipt) == [
        ("unmatched_credit", 150_000, None, None),
        ("receipt_amount_differs", 160_000, "KES 1,500.00", None),
    ]
    assert read(urls, _HELD, f"%{order.receipt.upper()}") == [(150_000,)]


async def test_a_credited_top_up_told_again_with_another_amount_waits_for_a_person(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref, order = await announced(urls, database, "credited"), credit()
    saga = ids.parsed(ids.TOPUP, ref.id)
    posting = TopUpCredited(topup_id=ref.id, amount=order.amount, into=POOL, receipt=order.claim())
    org = ids.parsed(ids.ORG, ref.org_id)
    async with database.scoped(org, False) as connection:
        await VaultBooking(Book()).book(connection, org=org, livemode=False, posting=posting)
    same = replace(order, reference=ids.top_up_reference(ref.id))
    other = replace(order, amount=Money(1, "KES"))
    told = [await bank_credits.suspend(same, ref), await bank_credits.suspend(same, None)]
    told.append(await bank_credits.suspend(other, None))
    assert told == ["known", "known", "differs"]
    assert read(urls, _CASES, order.receipt) == [
        ("receipt_amount_differs", 1, "KES 1,500.00", saga)
    ]
    assert read(urls, "select needs_review from sagas where id = %s", saga) == [(True,)]


def test_a_run_is_named_by_receipt_and_amount() -> None:
    order = credit()
    assert replace(order, evidence_id="evd_2").workflow_id == order.workflow_id
    assert replace(order, amount=Money(1, "KES")).workflow_id != order.workflow_id
