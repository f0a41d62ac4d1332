"""Confirmations on their way: to a saga of their own, or to the one whose phone rang."""

import base64
import json
from typing import Any
from uuid import UUID

import psycopg
import pytest

from models import ids
from models.collection_order import WORKFLOW
from models.reading import ProviderReport, Source, Verdict
from models.saga import REPORTED
from runtime.collection_arrivals import confirmations
from runtime.database import Database
from runtime.vault import Vault
from runtime.vault_inbox import VaultInbox
from tests.conftest import Urls

SAYS = {
    "TransactionType": "Pay Bill",
    "TransID": "RKL51ZDR4F",
    "TransTime": "20261121121325",
    "TransAmount": "500.00",
    "BusinessShortCode": "600100",
    "BillRefNumber": "12",
    "MSISDN": "2547 ***** 126",
}
_KEEP = """
insert into inbox (id, org_id, livemode, kind, slug, workflow_id, attempt_id, digest,
  payload_sealed) values (%s, %s, false, 'arrival', %s, 'credential', %s, %s, %s)"""


class Hands:
    """A dispatcher that remembers. `alive`: whether workflows can be signalled."""

    def __init__(self) -> None:
        self.alive = True
        self.started: list[Any] = []
        self.signals: list[tuple[str, str, Any]] = []
        self.outcomes: dict[UUID, str] = {}

    async def start(self, start: Any) -> None:
        self.started.append(start)

    async def signal(self, workflow_id: str, signal: str, message: Any) -> bool:
        if self.alive:
            self.signals.append((workflow_id, signal, message))
        return self.alive

    def delivered(self, row_id: UUID, outcome: str) -> None:
        self.outcomes[row_id] = outcome


class Mail:
    """One partner's door, and the inbox behind it."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.vault, self.hands = urls, vault, Hands()
        self.org, self.credential = ids.uuid7(), ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)
        handlers = confirmations(database, vault, scale=0.1)
        self.inbox = VaultInbox(self.hands, database, vault, handlers)  # type: ignore[arg-type] # remembers instead

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    async def comes(self, slug: str = "ke8", raw: bytes = b"", **changes: str) -> str:
        """Stored by the API, delivered by the inbox; what became of it."""
        body = raw or json.dumps({**SAYS, **changes}).encode()
        plain = json.dumps({"raw": base64.b64encode(body).decode()}).encode()
        sealed = await self.vault.seal(self.org, livemode=False, field="inbox", plain=plain)
        row_id = ids.uuid7()
        values = [row_id, self.org, slug, self.credential, ids.mint("d"), sealed]
        self.sql(_KEEP, *values)
        await self.inbox.deliver([row_id])
        return self.hands.outcomes[row_id]

    def rings(self, state: str = "sending") -> tuple[str, str]:
        """A collection whose phone rang: its id, and the reference the phone showed."""
        saga = ids.uuid7()
        shown = ids.shown(ids.COLLECTION, saga)
        named = ids.instruction_id(shown, "mpesa_stk", 1)
        self.sql(
            "insert into sagas (id, org_id, livemode, kind, state) values"
            " (%s, %s, false, 'c2b_receipt', %s)",
            *[saga, self.org, state],
        )
        self.sql(
            "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
            " our_reference) values (%s, %s, false, %s, 1, 'mpesa_stk', 'accepted', %s)",
            *[ids.parsed(ids.INSTRUCTION, named), self.org, saga, ids.account_reference(named)],
        )
        return shown, named

    async def relays(self) -> list[str]:
        """What the relay does with results that wait."""
        rows = self.sql("select id from inbox where kind = 'result' and org_id = %s", self.org)
        await self.inbox.deliver([row[0] for row in rows])
        return [self.hands.outcomes[row[0]] for row in rows]


@pytest.fixture
def mail(urls: Urls, database: Database, vault: Vault) -> Mail:
    return Mail(urls, database, vault)


async def test_money_by_the_menu_starts_a_collection_under_its_own_id(mail: Mail) -> None:
    assert await mail.comes(TransID="RKL51ZDRA1") == "accepted"
    [start] = mail.hands.started
    rows = mail.sql("select id, kind from starts where org_id = %s", mail.org)
    assert (start.kind, rows) == (WORKFLOW, [(start.workflow_id, WORKFLOW)])


@pytest.mark.parametrize(("rule", "asked"), [(None, True), ("query", True), ("none", False)])
async def test_mpesa_is_asked_before_money_counts_unless_the_partner_says_no(
    mail: Mail, rule: str | None, asked: bool
) -> None:
    if rule:
        mail.sql(
            "insert into collection_rules (org_id, livemode, confirm) values (%s, false, %s)",
            mail.org, rule,
        )  # fmt: skip
    assert await mail.comes(TransID=f"RKL51ZDC{len(rule or 'x')}") == "accepted"
    [start] = mail.hands.started
    assert start.order.confirm is asked


async def test_what_counts_is_the_short_code_of_the_address_and_not_the_one_that_is_told(
    mail: Mail,
) -> None:
    mail.sql(
        "insert into kept_addresses (address, org_id, livemode, kind, short_code, version)"
        " values (%s, %s, false, 'mpesa_c2b', '600100', 1)",
        mail.credential, mail.org,
    )  # fmt: skip
    for told in ("600999", "600100"):
        receipt = f"RKL5{told}"
        assert await mail.comes(TransID=receipt, BusinessShortCode=told) == "accepted"
        order = mail.hands.started[-1].order
        assert (order.short_code, order.told_short_code) == ("600100", told)
        assert order.misdirected is (told == "600999")
        assert mail.sql("select 1 from sagas where claim = %s", f"600100/{receipt}")


async def test_money_rung_for_reaches_its_collection_as_a_word_to_ask_about(mail: Mail) -> None:
    saga, named = mail.rings()
    reference = ids.account_reference(named)
    assert await mail.comes(TransID="RKL51ZDRA2", BillRefNumber=reference) == "evidence"
    assert await mail.comes(TransID="RKL51ZDRA2", BillRefNumber=reference.lower()) == "evidence"
    assert await mail.relays() == ["signalled", "signalled"]
    workflow_id, signal, report = mail.hands.signals[0]
    assert (workflow_id, signal) == (saga, REPORTED)
    assert isinstance(report, ProviderReport)
    assert (report.attempt_id, report.hint, report.source) == (named, True, Source.CALLBACK)
    assert (report.verdict, report.reading.receipt) == (Verdict.SETTLED, "RKL51ZDRA2")
    assert mail.hands.started == []


async def test_a_confirmation_after_the_end_is_weighed_as_late(mail: Mail) -> None:
    saga, named = mail.rings(state="posted")
    mail.hands.alive = False
    await mail.comes(TransID="RKL51ZDRA3", BillRefNumber=ids.account_reference(named))
    assert await mail.relays() == ["late"]
    assert [start.order.saga.id for start in mail.hands.started] == [saga]


async def test_a_collection_that_does_not_run_yet_is_told_later(mail: Mail) -> None:
    _saga, named = mail.rings()
    mail.hands.alive = False
    await mail.comes(TransID="RKL51ZDRA4", BillRefNumber=ids.account_reference(named))
    with pytest.raises(KeyError):
        await mail.relays()
    mail.hands.alive = True
    assert await mail.relays() == ["signalled"]


async def test_a_receipt_a_callback_told_first_is_no_second_payment(mail: Mail) -> None:
    _saga, named = mail.rings()
    instruction = ids.parsed(ids.INSTRUCTION, named)
    mail.sql("update instructions set receipt = 'RKL51ZDRA5' where id = %s", instruction)
    assert await mail.comes(TransID="RKL51ZDRA5", BillRefNumber="something else") == "known"
    assert mail.hands.started == []


async def test_what_cannot_be_read_and_what_was_answered_begin_nothing(mail: Mail) -> None:
    said = [await mail.comes(raw=b"{}"), await mail.comes(raw=b"<html>"), await mail.comes("ke7")]
    assert said == ["not readable", "not readable", "answered"]
    assert mail.sql("select 1 from sagas where org_id = %s", mail.org) == []
