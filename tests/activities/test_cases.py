"""Late reports and the cases they open: booked once, decided once, by two people."""

import asyncio
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from activities.cases import Cases
from activities.records import Records
from activities.refund_accepting import RefundDesk
from activities.strays import Strays
from activities.suspense_refunds import SuspenseRefunds
from ledger.book import Book
from ledger.booking import Booking
from ledger.vault_booking import VaultBooking
from models import ids
from models.case import CaseDecision, CaseWord
from models.charge import Question
from models.reading import Verdict
from models.stray import StrayOrder
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import Accepted, accept
from tests.conftest import Urls

BOOKING = Booking(Book(), {"mpesa": "collections"})


@pytest.fixture
def ended(urls: Urls) -> Accepted:
    """A session that was canceled after its attempt failed."""
    accepted = accept(urls.admin, attempt_state="failed", status="canceled")
    with psycopg.connect(urls.admin) as connection:
        connection.execute(
            "update checkouts set state = 'canceled' where id = %s",
            [ids.parsed("cs", accepted.checkout)],
        )
    return accepted


def read(urls: Urls, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(urls.admin) as connection:
        return connection.execute(query, values).fetchall()


def suspended(urls: Urls, accepted: Accepted) -> dict[str, int]:
    query = """select a.name, sum(case l.side when 'debit' then l.amount else -l.amount end)::int
      from ledger_lines l join ledger_accounts a on a.id = l.account_id
      join ledger_entries e on e.seq = l.entry_seq where e.org_id = %s group by a.name"""
    org = ids.parsed(ids.ORG, accepted.org)
    return {name.split(":")[-1]: total for name, total in read(urls, query, org)}


def stray(accepted: Accepted, verdict: Verdict, receipt: str) -> StrayOrder:
    charge = accepted.prompt().attempt.charge
    return StrayOrder(
        key=receipt,
        org_id=accepted.org,
        livemode=False,
        checkout_id=accepted.checkout,
        payment_id=accepted.payment,
        attempt_id=accepted.attempt,
        report=accepted.report(verdict, receipt),
        question=Question(provider="mpesa", charge=charge),
    )


@dataclass(frozen=True, slots=True)
class Office:
    """Who weighs what came late, and who decides about it."""

    strays: Strays
    cases: Cases


@pytest.fixture
def office(database: Database, vault: Vault) -> Office:
    """No rail gives anything back."""
    refunds = SuspenseRefunds(vault, RefundDesk(vault, {}), VaultBooking(Book()))
    return Office(strays(database), Cases(database, BOOKING, refunds))


def strays(database: Database) -> Strays:
    return Strays(database, Records(database, BOOKING))


def case_of(urls: Urls, accepted: Accepted) -> tuple[str, str, str | None]:
    rows = read(
        urls,
        "select id, state, decision from cases where payment_id = %s",
        ids.parsed("pay", accepted.payment),
    )
    assert len(rows) == 1
    return ids.shown("case", rows[0][0]), rows[0][1], rows[0][2]


def decision(accepted: Accepted, case: str, word: CaseWord) -> CaseDecision:
    return CaseDecision(
        case_id=case,
        org_id=accepted.org,
        livemode=False,
        word=word,
        actor="op.amina",
        approver="op.brian",
        reason="payer and merchant agree",
    )


async def test_late_money_is_booked_once_and_the_ended_session_stays_as_it_was(
    urls: Urls, database: Database, ended: Accepted
) -> None:
    order = stray(ended, Verdict.SETTLED, f"L{ended.attempt[-6:]}")
    words = await asyncio.gather(*(strays(database).weigh(order) for _ in range(4)))
    assert set(words) == {"late_money"}
    assert suspended(urls, ended) == {"float": 10_000, "mpesa": -10_000}
    status = read(
        urls, "select status from payments where id = %s", ids.parsed("pay", ended.payment)
    )
    assert status == [("canceled",)]


async def test_a_late_refusal_is_evidence_and_nothing_else(
    urls: Urls, database: Database, ended: Accepted
) -> None:
    assert await strays(database).weigh(stray(ended, Verdict.REFUSED, "none")) == "evidence"
    assert suspended(urls, ended) == {}


@pytest.mark.parametrize(
    ("word", "left"),
    [
        (CaseWord.ACCEPT, {"float": 10_000, "mpesa": 0, "payable": -10_000}),
        (CaseWord.REFUNDED, {"float": 0, "mpesa": 0, "held": 0}),
    ],
)
async def test_two_people_decide_where_late_money_goes_once(
    urls: Urls, office: Office, ended: Accepted, word: CaseWord, left: dict[str, int]
) -> None:
    await office.strays.weigh(stray(ended, Verdict.SETTLED, f"D{ended.attempt[-6:]}"))
    case, state, _ = case_of(urls, ended)
    first = await office.cases.decide(decision(ended, case, word))
    second = await office.cases.decide(decision(ended, case, CaseWord.ACCEPT))
    assert (state, first, second) == ("open", str(word), str(word))
    assert case_of(urls, ended)[1:] == ("decided", str(word))
    assert suspended(urls, ended) == left
