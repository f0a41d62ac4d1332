"""The page a payer has to open: kept with the acknowledgement, told to the merchant, never lost."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.charges import Charges
from activities.intents import Intents
from activities.records import Records
from ledger.book import Book
from ledger.booking import Booking
from models import ids
from models.charge import Question
from models.reading import Reading, Verdict
from runtime.database import Database
from tests.activities.accepted import Accepted, accept
from tests.conftest import Urls
from tests.workflows.harness import FakeProvider

PAGE = "https://pay.example/c/1"


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database, Booking(Book(), {"mpesa": "collections"}))


def read(urls: Urls, query: str, public_id: str) -> Any:
    prefix = ids.prefix_of(public_id)
    with psycopg.connect(urls.admin) as connection:
        row = connection.execute(query, [ids.parsed(prefix, public_id)]).fetchone()
    assert row is not None
    return row[0]


def saying(accepted: Accepted, reading: Reading) -> Any:
    return replace(accepted.report(Verdict.PENDING), reading=reading)


async def test_an_acknowledgement_keeps_the_page_and_tells_the_merchant(
    urls: Urls, database: Database, records: Records
) -> None:
    accepted = accept(urls.admin, attempt_state="sending")
    said = Reading(verdict=Verdict.PENDING, provider_reference="cos-1", redirect_url=PAGE)
    intents = Intents(database, records)
    await intents.acknowledged(accepted.prompt(), saying(accepted, said))
    kept = "select redirect_url from attempts where id = %s"
    assert read(urls, kept, accepted.attempt) == PAGE
    told = read(urls, "select data from events where object_id = %s", accepted.payment)
    assert told["object"]["status"] == "requires_action"
    assert told["object"]["next_action"] == {"type": "redirect", "url": PAGE}


async def test_a_later_word_without_a_page_leaves_it(urls: Urls, records: Records) -> None:
    accepted = accept(urls.admin, attempt_state="unknown", status="unknown")
    found = Reading(verdict=Verdict.PENDING, redirect_url=PAGE)
    silent = Reading(verdict=Verdict.PENDING)
    await records.commit(accepted.step("found", evidence=(saying(accepted, found),)))
    await records.commit(accepted.step("silent", evidence=(saying(accepted, silent),)))
    kept = "select redirect_url from attempts where id = %s"
    assert read(urls, kept, accepted.attempt) == PAGE


async def ask(
    database: Database,
    records: Records,
    accepted: Accepted,
    *,
    hinted: bool = False,
    by_ours: frozenset[str] = frozenset(),
    **known: Any,
) -> Any:
    """The reading of a question, and the charge it was asked about."""
    silent = Reading(verdict=Verdict.UNKNOWN)
    provider = FakeProvider(prompts=[silent], answers=[silent])
    charges = Charges({"mpesa": provider}, Intents(database, records), by_ours)
    charge = replace(accepted.prompt().attempt.charge, **known)
    question = Question(provider="mpesa", charge=charge, hinted=hinted)
    report = await ActivityEnvironment().run(charges.ask, question)
    return report.reading, provider.asked[0]


async def test_a_page_only_its_row_knows_is_asked_for_and_learnt(
    urls: Urls, database: Database, records: Records
) -> None:
    accepted = accept(urls.admin, attempt_state="sending")
    said = Reading(verdict=Verdict.PENDING, provider_reference="cos-1", redirect_url=PAGE)
    await Intents(database, records).acknowledged(accepted.prompt(), saying(accepted, said))
    reading, asked = await ask(database, records, accepted)
    assert (asked.provider_reference, asked.redirect_url) == ("cos-1", PAGE)
    assert reading.provider_reference == "cos-1"


async def test_a_handle_the_workflow_knows_needs_no_row(
    urls: Urls, database: Database, records: Records
) -> None:
    accepted = accept(urls.admin, attempt_state="sending")
    reading, asked = await ask(database, records, accepted, provider_reference="cos-2")
    assert (asked.provider_reference, asked.redirect_url) == ("cos-2", None)
    assert reading.provider_reference is None


async def test_who_is_asked_by_our_reference_alone_needs_no_row(
    urls: Urls, database: Database, records: Records
) -> None:
    accepted = accept(urls.admin, attempt_state="sending")
    said = Reading(verdict=Verdict.PENDING, provider_reference="cos-1", redirect_url=PAGE)
    await Intents(database, records).acknowledged(accepted.prompt(), saying(accepted, said))
    reading, asked = await ask(database, records, accepted, by_ours=frozenset({"mpesa"}))
    assert asked == accepted.prompt().attempt.charge
    assert reading.provider_reference is None


async def test_where_the_row_knows_nothing_either_the_question_is_as_before(
    urls: Urls, database: Database, records: Records
) -> None:
    accepted = accept(urls.admin, attempt_state="sending")
    reading, asked = await ask(database, records, accepted)
    assert asked == accepted.prompt().attempt.charge
    assert reading.provider_reference is None


async def test_a_handle_only_a_hint_tells_is_asked_with_where_the_row_knows_none(
    urls: Urls, database: Database, records: Records
) -> None:
    accepted = accept(urls.admin, attempt_state="sending")
    reading, asked = await ask(database, records, accepted, hinted=True, provider_reference="told")
    assert (asked.provider_reference, reading.provider_reference) == ("told", None)
    said = Reading(verdict=Verdict.PENDING, provider_reference="cos-1")
    await Intents(database, records).acknowledged(accepted.prompt(), saying(accepted, said))
    reading, asked = await ask(database, records, accepted, hinted=True, provider_reference="told")
    assert (asked.provider_reference, reading.provider_reference) == ("cos-1", "cos-1")
