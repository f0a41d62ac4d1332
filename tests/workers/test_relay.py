"""The relay brings along whatever it can; one row that cannot be helped holds up nobody."""

import asyncio
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
from pydantic import TypeAdapter
from temporalio.service import RPCError, RPCStatusCode

from models import ids
from models.bank_credit import BANK_CREDIT, BankCreditOrder
from models.loan_order import WORKFLOW
from models.money import Money
from models.payout_order import WORKFLOW as PAYOUT
from models.places import BankAccount
from runtime.database import Database
from runtime.dispatch import Start
from runtime.vault import Vault
from tests.conftest import Urls
from workers.relay import Relay, every


class Dispatcher:
    """Has room except for what is `full`; flushes nothing."""

    def __init__(self, *full: str) -> None:
        self._full = full
        self.started: list[str] = []

    def room(self, kind: str) -> int:
        return 0 if kind in self._full else 200

    async def start(self, start: Start) -> None:
        self.started.append(start.workflow_id)

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


def relay(
    database: Database, vault: Vault, inbox: Inbox | None = None, *, hands: Dispatcher | None = None
) -> Relay:
    return Relay(
        database=database,
        dispatcher=cast(Any, hands or Dispatcher()),
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


_LOANS = """
insert into starts (id, org_id, livemode, kind, payload_sealed, accepted_at)
select 'x_' || n, %s, false, %s, '', now() - interval '1 hour' from generate_series(1, 2000) n"""
_CREDIT = """
insert into starts (id, org_id, livemode, kind, payload_sealed, accepted_at)
values (%s, %s, false, %s, %s, now() - interval '1 minute')"""


@pytest.mark.parametrize("many", [WORKFLOW, PAYOUT])
async def test_two_thousand_of_a_kind_hold_up_nothing_that_came_after_them(
    urls: Urls, database: Database, vault: Vault, many: str
) -> None:
    org, credit = ids.uuid7(), a_credit()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("insert into orgs (id, kind, name) values (%s, 'partner', 'S')", [org])
    plain = TypeAdapter(BankCreditOrder).dump_json(credit)
    sealed = await vault.seal(org, livemode=False, field="start", plain=plain)
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("delete from starts")
        connection.execute(_LOANS, [org, many])
        connection.execute(_CREDIT, [credit.workflow_id, org, BANK_CREDIT, sealed])
    hands = Dispatcher(many)
    begun = await relay(database, vault, hands=hands).start_accepted()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("delete from starts")
    assert (begun, hands.started) == (1, [credit.workflow_id])


async def test_rounds_follow_at_once_while_there_is_something_to_do() -> None:
    stop, did = asyncio.Event(), [2, 1, 0]

    async def work() -> int:
        if len(did) == 1:
            stop.set()
        return did.pop(0)

    await asyncio.wait_for(every(3_600, work, stop, busy=0.001), 10)
    assert did == []


def a_credit() -> BankCreditOrder:
    return BankCreditOrder(
        receipt=ids.mint("FT"), bank_reference=None, amount=Money(1, "KES"), livemode=False,
        into=BankAccount(bank="ncba", account="77445"), evidence_id=ids.mint(ids.EVIDENCE),
    )  # fmt: skip
