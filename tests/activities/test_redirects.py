"""The page a payer has to open: kept with the acknowledgement, told to the merchant, never lost."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from activities.intents import Intents
from activities.records import Records
from ledger.book import Book
from ledger.booking import Booking
from models import ids
from models.reading import Reading, Verdict
from runtime.database import Database
from tests.activities.accepted import Accepted, accept
from tests.conftest import Urls

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
