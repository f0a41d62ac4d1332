"""The relay brings along whatever it can; one row that cannot be helped holds up nobody."""

from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
from temporalio.service import RPCError, RPCStatusCode

from models import ids
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls
from workers.relay import Relay


class Dispatcher:
    """Has room; flushes nothing."""

    room = True

    async def flush(self) -> None:
        """Nothing to write."""


class Inbox:
    """Refuses one row, delivers the rest."""

    def __init__(self, refuses: UUID, error: Exception) -> None:
        self._refuses, self._error = refuses, error
        self.delivered: list[UUID] = []

    async def deliver(self, row_ids: list[UUID]) -> None:
        if self._refuses in row_ids:
            raise self._error
        self.delivered += row_ids


@pytest.fixture
def stored(urls: Urls) -> list[UUID]:
    """Three messages of the vault, oldest first."""
    org, made = ids.uuid7(), [ids.uuid7() for _ in range(3)]
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("delete from inbox")
        connection.execute("insert into orgs (id, kind, name) values (%s, 'partner', 'S')", [org])
        for number, row in enumerate(made):
            connection.execute(
                "insert into inbox (id, org_id, livemode, kind, slug, workflow_id, digest,"
                " payload_sealed, received_at) values (%s, %s, false, 'arrival', 'mf1', 'x', %s,"
                " '', now() - interval '1 hour' + %s * interval '1 second')",
                [row, org, row.hex, number],
            )
    return made


def relay(database: Database, vault: Vault, inbox: Inbox) -> Relay:
    return Relay(
        database=database,
        dispatcher=cast(Any, Dispatcher()),
        inbox=cast(Any, inbox),
        vault_inbox=cast(Any, inbox),
        vault=vault,
    )


async def test_a_row_that_cannot_be_helped_holds_up_nobody(
    database: Database, vault: Vault, stored: list[UUID]
) -> None:
    inbox = Inbox(stored[0], ValueError("unreadable"))
    assert await relay(database, vault, inbox).deliver_stored() == 3
    assert inbox.delivered == stored[1:]


async def test_with_temporal_away_the_round_ends_and_the_rows_stay(
    database: Database, vault: Vault, stored: list[UUID]
) -> None:
    away = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
    inbox = Inbox(stored[1], away)
    with pytest.raises(RPCError):
        await relay(database, vault, inbox).deliver_stored()
    assert inbox.delivered == stored[:1]
