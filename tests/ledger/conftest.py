"""A merchant, a connection of the application role, and the two ways tests post."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
import pytest

from ledger.book import Book, Posted, Receipt
from ledger.entry import Entry
from models.ids import uuid7
from runtime.database import Database

Post: TypeAlias = Callable[..., Awaitable[Posted]]


def _opened(urls: Any) -> UUID:
    merchant = uuid7()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute(
            "insert into orgs (id, kind, name) values (%s, 'merchant', 'Acme')", [merchant]
        )
    return merchant


@pytest.fixture
def org(urls: Any) -> UUID:
    """A merchant of its own for one test."""
    return _opened(urls)


@pytest.fixture
def other_org(urls: Any) -> UUID:
    """Another merchant."""
    return _opened(urls)


@pytest.fixture
def post(database: Database) -> Post:
    """Posts one entry in a transaction of its organisation."""

    async def posted(entry: Entry, receipt: Receipt | None = None) -> Posted:
        async with database.scoped(entry.org, entry.livemode) as connection:
            return await Book().post(connection, entry, receipt)

    return posted
