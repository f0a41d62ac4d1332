"""One step, one transaction: rows, evidence, ledger, case and event stand or fall together."""

import asyncio
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from temporalio.exceptions import ApplicationError

from activities.intents import Intents
from activities.records import Records
from ledger.book import Book
from ledger.booking import Booking
from models import ids
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money
from models.reading import Verdict
from models.step import CaseKind, Posting, Standing, Step, Written
from runtime.database import Connection, Database
from tests.activities.accepted import ASKED, Accepted, accept
from tests.conftest import Urls


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database, Booking(Book(), {"mpesa": "collections"}))


@pytest.fixture
def accepted(urls: Urls) -> Accepted:
    return accept(urls.admin, attempt_state="awaiting_customer", status="requires_action")


def read(urls: Urls, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(urls.admin) as connection:
        return connection.execute(query, values).fetchall()


def states(urls: Urls, accepted: Accepted) -> tuple[Any, ...]:
    query = """select a.state, p.status, c.state, p.amount_received from payments p
      join attempts a on a.payment_id = p.id join checkouts c on c.id = p.checkout_id
      where p.id = %s"""
    return read(urls, query, ids.parsed("pay", accepted.payment))[0]


def balances(urls: Urls, accepted: Accepted) -> dict[str, int]:
    """What this payment's entries left on each account, debits positive."""
    query = """select a.name, sum(case l.side when 'debit' then l.amount else -l.amount end)::int
      from ledger_lines l join ledger_accounts a on a.id = l.account_id
      join ledger_entries e on e.seq = l.entry_seq where e.about = %s group by a.name"""
    return {name.split(":")[-1]: total for name, total in read(urls, query, accepted.payment)}


def rows_at(attempt: AttemptState, payment: PaymentStatus, checkout: CheckoutState) -> Standing:
    return Standing(attempt=attempt, payment=payment, checkout=checkout, needs_review=False)


async def test_a_settlement_moves_all_three_books_money_and_tells_the_merchant(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    assert (await records.commit(accepted.settles())).applied
    assert states(urls, accepted) == ("succeeded", "succeeded", "complete", 10_000)
    assert balances(urls, accepted) == {"float": 10_000, "payable": -9_775, "collection": -225}
    events = read(
        urls, "select type, sequence from events where object_id = %s",
        ids.parsed("pay", accepted.payment),
    )  # fmt: skip
    assert events == [("payment.succeeded", 1)]


async def test_a_step_written_again_changes_nothing(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    step = accepted.settles()
    await asyncio.gather(*(records.commit(step) for _ in range(8)))
    assert states(urls, accepted)[3] == 10_000
    assert balances(urls, accepted)["float"] == 10_000


async def test_a_step_decided_otherwise_after_its_commit_learns_where_the_rows_stand(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    open_again = PaymentStatus.REQUIRES_PAYMENT_METHOD
    await records.commit(accepted.step("heard", attempt=AttemptState.FAILED, payment=open_again))
    written = await records.commit(
        accepted.step(
            "heard",
            attempt=AttemptState.FAILED,
            payment=PaymentStatus.CANCELED,
            checkout=CheckoutState.CANCELED,
        )
    )
    stands = rows_at(AttemptState.FAILED, open_again, CheckoutState.PROCESSING)
    assert written == Written(applied=False, standing=stands)
    assert states(urls, accepted)[:3] == ("failed", "requires_payment_method", "processing")


async def test_a_step_decided_before_the_rows_moved_on_learns_where_they_stand(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    await records.commit(accepted.settles())
    before = rows_at(AttemptState.SENDING, PaymentStatus.PROCESSING, CheckoutState.PROCESSING)
    doubt = accepted.step(
        "doubt", attempt=AttemptState.UNKNOWN, payment=PaymentStatus.UNKNOWN, believes=before
    )
    written = await records.commit(doubt)
    after = rows_at(AttemptState.SUCCEEDED, PaymentStatus.SUCCEEDED, CheckoutState.COMPLETE)
    assert written == Written(applied=False, standing=after)
    assert states(urls, accepted)[:2] == ("succeeded", "succeeded")


class _Broken:
    async def book(self, _connection: Connection, _step: Step, _posting: Posting) -> str | None:
        raise ConnectionError("the ledger is not there")


async def test_nothing_is_written_when_the_posting_fails(
    urls: Urls, database: Database, accepted: Accepted
) -> None:
    with pytest.raises(ConnectionError):
        await Records(database, _Broken()).commit(accepted.settles())
    assert states(urls, accepted) == ("awaiting_customer", "requires_action", "processing", 0)


async def test_a_move_the_table_does_not_hold_is_refused_and_not_retried(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    await records.commit(accepted.settles())
    undo = accepted.step("undo", attempt=AttemptState.FAILED, payment=PaymentStatus.PROCESSING)
    with pytest.raises(ApplicationError) as caught:
        await records.commit(undo)
    assert caught.value.non_retryable
    assert states(urls, accepted)[:2] == ("succeeded", "succeeded")


async def test_a_receipt_booked_before_is_never_credited_twice_and_needs_review(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    first = accept(urls.admin, attempt_state="awaiting_customer", status="requires_action")
    await records.commit(first.settles("SAME1"))
    written = await records.commit(accepted.settles("SAME1"))
    assert not written.applied
    assert states(urls, accepted)[:2] == ("needs_review", "requires_action")
    assert balances(urls, accepted) == {}
    attempt = ids.parsed("att", accepted.attempt)
    assert read(urls, "select receipt from attempts where id = %s", attempt) == [(None,)]


async def test_late_money_lies_in_suspense_with_one_case(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    step = accepted.suspends(CaseKind.LATE_MONEY, ASKED, "LATE1")
    await records.commit(step)
    await records.commit(step)
    assert balances(urls, accepted) == {"float": 10_000, "mpesa": -10_000}
    cases = read(
        urls, "select kind, state, amount from cases where payment_id = %s",
        ids.parsed("pay", accepted.payment),
    )  # fmt: skip
    assert cases == [("late_money", "open", 10_000)]
    assert states(urls, accepted)[3] == 0


async def test_every_further_receipt_is_money_of_its_own(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    for receipt in ("TWICE1", "TWICE2"):
        await records.commit(accepted.suspends(CaseKind.PAID_TWICE, ASKED, receipt))
    assert balances(urls, accepted)["float"] == 20_000


async def test_one_prompt_is_paid_once_whatever_receipts_are_told_of_it(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    handle = f"ws_CO_{accepted.attempt}"
    other = accept(urls.admin, attempt_state="awaiting_customer", status="requires_action")
    await records.commit(_handled(accepted.settles(), handle))
    twice = accepted.suspends(CaseKind.PAID_TWICE, ASKED, "FORGED1")
    assert not (await records.commit(_handled(twice, handle))).applied
    assert not (await records.commit(_handled(other.settles(), handle))).applied
    assert balances(urls, accepted)["float"] == 10_000
    assert states(urls, other)[0] == "needs_review"


def _handled(step: Step, handle: str) -> Step:
    assert step.posting is not None
    return replace(step, posting=replace(step.posting, handle=handle))


async def test_other_currency_is_booked_as_it_arrived(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    await records.commit(accepted.suspends(CaseKind.CURRENCY_MISMATCH, Money(500, "XAF"), "XAF1"))
    currencies = read(
        urls, "select distinct currency from ledger_entries where about = %s", accepted.payment
    )
    assert currencies == [("XAF",)]


async def test_expiry_waits_while_an_attempt_is_in_flight(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    step = accepted.step(
        "expire",
        payment=PaymentStatus.CANCELED,
        checkout=CheckoutState.EXPIRED,
        only_if_idle=True,
    )
    assert not (await records.commit(step)).applied
    assert states(urls, accepted)[2] == "processing"


async def test_the_fence_lets_one_sending_through_however_often_the_task_runs(
    urls: Urls, database: Database, records: Records
) -> None:
    fresh = accept(urls.admin)
    intents = Intents(database, records)
    passed = await asyncio.gather(*(intents.sending(fresh.prompt()) for _ in range(10)))
    assert sorted(passed) == [False] * 9 + [True]


async def test_an_acknowledgement_after_the_final_word_moves_nothing(
    urls: Urls, database: Database, records: Records, accepted: Accepted
) -> None:
    await records.commit(accepted.settles())
    late = accepted.report(Verdict.PENDING)
    await Intents(database, records).acknowledged(accepted.prompt(), late)
    assert states(urls, accepted)[:2] == ("succeeded", "succeeded")


async def test_every_move_is_kept_with_actor_and_evidence(
    urls: Urls, records: Records, accepted: Accepted
) -> None:
    await records.commit(accepted.settles())
    moves = read(
        urls, """select object, from_state, to_state, actor, evidence_id is not null
          from transitions where checkout_id = %s order by seq""",
        ids.parsed("cs", accepted.checkout),
    )  # fmt: skip
    assert moves == [
        ("attempt", "awaiting_customer", "succeeded", "provider:mpesa", True),
        ("payment", "requires_action", "succeeded", "provider:mpesa", True),
        ("checkout", "processing", "complete", "provider:mpesa", True),
    ]
