"""What was stored for the vault is signalled to its saga, begins one, or is weighed as late."""

import base64
import json
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest

from models import ids
from models.collection_confirmation import PAYMENT_TOLD, PaymentTold
from models.late import LATE
from models.reading import ProviderReport, Source, Verdict
from models.saga import REPORTED, REQUESTED
from runtime.database import Database
from runtime.dispatch import Start
from runtime.vault import Vault
from runtime.vault_inbox import VaultInbox
from tests.conftest import Urls

_SAGA = """
insert into sagas (id, org_id, livemode, kind, state)
values (%s, %s, false, 'loan_disbursement', %s)"""
_INSTRUCTION = """
insert into instructions (id, org_id, livemode, saga_id, number, rail, state, our_reference)
values (%s, %s, false, %s, 1, 'mpesa_b2c', 'sending', %s)"""
SUCCESS = {"Result": {"ResultCode": 0, "TransactionID": "SG632NMUAB", "ConversationID": "AG_1"}}

_TOLD = {
    "TransactionStatus": "Completed",
    "ReceiptNo": "SG632NMUAB",
    "Amount": "500.00",
    "CreditPartyName": "600610 - SHOP",
}
PAID_BILL = {
    "Result": {
        "ResultCode": 0,
        "ResultParameters": {
            "ResultParameter": [{"Key": key, "Value": value} for key, value in _TOLD.items()]
        },
    }
}


class Temporal:
    """Remembers signals and starts; `running` says whether a saga hears."""

    def __init__(self, *, running: bool = True) -> None:
        self.running = running
        self.signals: list[tuple[str, str, Any]] = []
        self.starts: list[Start] = []
        self.outcomes: list[str] = []

    async def signal(self, workflow_id: str, name: str, message: Any) -> bool:
        self.signals.append((workflow_id, name, message))
        return self.running

    async def start(self, start: Start) -> None:
        self.starts.append(start)

    def delivered(self, _row: UUID, outcome: str) -> None:
        self.outcomes.append(outcome)


class Stored:
    """One saga with an instruction, and messages in its inbox."""

    def __init__(self, urls: Urls, vault: Vault, state: str) -> None:
        self.urls, self.vault = urls, vault
        self.org, self.saga = ids.uuid7(), ids.uuid7()
        self.name = ids.shown(ids.LOAN, self.saga)
        self.instruction = ids.instruction_id(self.name, "mpesa_b2c", 1)
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'S')", self.org)
        self.sql(_SAGA, self.saga, self.org, state)
        instruction = ids.parsed(ids.INSTRUCTION, self.instruction)
        self.sql(_INSTRUCTION, instruction, self.org, self.saga, self.name)

    def sql(self, statement: str, *values: Any) -> None:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            connection.execute(statement, values)

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            return connection.execute(query, values).fetchall()

    async def message(
        self, kind: str, slug: str | None, body: Any, owner: UUID | None = None
    ) -> UUID:
        """`owner`: whom a result is about; the instruction unless named."""
        plain = json.dumps(body).encode()
        if kind != "request":
            plain = json.dumps({"raw": base64.b64encode(plain).decode()}).encode()
        sealed = await self.vault.seal(self.org, livemode=False, field="inbox", plain=plain)
        row, owner = ids.uuid7(), owner or ids.parsed(ids.INSTRUCTION, self.instruction)
        self.sql("insert into inbox (id, org_id, livemode, kind, slug, workflow_id, attempt_id,"
                 " digest, payload_sealed) values (%s, %s, false, %s, %s, %s, %s, %s, %s)",
                 row, self.org, kind, slug, self.name, owner if kind == "result" else self.saga,
                 row.hex, sealed)  # fmt: skip
        return row


async def deliver(
    database: Database, vault: Vault, temporal: Temporal, row: UUID, **doors: Any
) -> None:
    await VaultInbox(cast(Any, temporal), database, vault, doors).deliver([row])


@pytest.fixture
def stored(urls: Urls, vault: Vault) -> Stored:
    return Stored(urls, vault, "sending")


async def test_a_result_reaches_its_saga_as_evidence(
    database: Database, vault: Vault, stored: Stored
) -> None:
    temporal = Temporal()
    await deliver(database, vault, temporal, await stored.message("result", "ke2", SUCCESS))
    workflow, signal, report = temporal.signals[0]
    assert (workflow, signal, temporal.outcomes) == (stored.name, REPORTED, ["signalled"])
    assert isinstance(report, ProviderReport)
    assert (report.attempt_id, report.verdict) == (stored.instruction, Verdict.SETTLED)
    assert (report.source, report.reading.receipt) == (Source.CALLBACK, "SG632NMUAB")


async def test_the_answer_to_a_question_counts_as_one(
    database: Database, vault: Vault, stored: Stored
) -> None:
    temporal = Temporal()
    await deliver(database, vault, temporal, await stored.message("result", "ke4", SUCCESS))
    assert temporal.signals[0][2].source is Source.QUERY


async def test_an_answer_a_saga_asked_for_in_its_own_name_is_told_with_its_evidence(
    database: Database, vault: Vault, stored: Stored
) -> None:
    temporal = Temporal()
    row = await stored.message("result", "ke4", PAID_BILL, owner=stored.saga)
    await deliver(database, vault, temporal, row)
    [(workflow, signal, told)] = temporal.signals
    assert (workflow, signal, temporal.outcomes) == (stored.name, PAYMENT_TOLD, ["signalled"])
    assert isinstance(told, PaymentTold)
    assert (told.reading.receipt, told.credited) == ("SG632NMUAB", "600610")
    assert told.evidence_id == ids.shown(ids.EVIDENCE, row)


async def test_an_answer_ends_its_question_before_its_saga_hears_of_it(
    database: Database, vault: Vault, stored: Stored
) -> None:
    stored.sql("insert into receipt_questions (saga_id, org_id, livemode) values (%s, %s, false)",
               stored.saga, stored.org)  # fmt: skip
    refused = {"Result": {"ResultCode": 2001, "ResultDesc": "The initiator is invalid."}}
    row = await stored.message("result", "ke4", refused, owner=stored.saga)
    await deliver(database, vault, Temporal(running=False), row)
    assert stored.read(
        "select refused, answered_at is not null from receipt_questions where saga_id = %s",
        stored.saga,
    ) == [(True, True)]


async def test_a_result_for_a_saga_that_does_not_run_yet_is_left_to_the_relay(
    database: Database, vault: Vault, stored: Stored
) -> None:
    temporal = Temporal(running=False)
    await deliver(database, vault, temporal, await stored.message("result", "ke2", SUCCESS))
    assert (temporal.starts, temporal.outcomes) == ([], [])


async def test_a_result_for_a_saga_that_has_ended_is_weighed_as_late(
    database: Database, vault: Vault, urls: Urls
) -> None:
    temporal, ended = Temporal(running=False), Stored(urls, vault, "failed")
    await deliver(database, vault, temporal, await ended.message("result", "ke2", SUCCESS))
    assert [(start.kind, start.order.saga.id) for start in temporal.starts] == [(LATE, ended.name)]
    assert temporal.outcomes == ["late"]


async def test_a_request_is_signalled_as_it_was_made(
    database: Database, vault: Vault, stored: Stored
) -> None:
    temporal = Temporal()
    await deliver(database, vault, temporal, await stored.message("request", None, {"poll": True}))
    assert temporal.signals == [(stored.name, REQUESTED, {"poll": True})]


async def test_an_arrival_goes_to_the_handler_of_its_door(
    database: Database, vault: Vault, stored: Stored
) -> None:
    seen: list[bytes] = []

    async def hook(_row: Any, raw: bytes) -> tuple[str, Start | None]:
        seen.append(raw)
        return "heard", None

    temporal = Temporal()
    await deliver(database, vault, temporal, await stored.message("arrival", "mf1", {}), mf1=hook)
    assert (seen, temporal.outcomes) == ([b"{}"], ["heard"])
