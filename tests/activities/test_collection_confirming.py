"""M-Pesa is asked about a receipt in the saga's own name, and not with a refused initiator."""

from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.collection_confirming import CollectionConfirming
from activities.collection_rows import CollectionRows
from models import ids
from models.collection_confirmation import NOT_CONFIRMED, ConfirmOrder
from models.credentials import NoCredentials
from models.reading import Reading, Reason, Verdict
from models.saga import SagaKind, SagaRef
from runtime.database import Database
from tests.conftest import Urls

TAKEN = Reading(verdict=Verdict.PENDING)
_CREDENTIAL = """
insert into credentials (id, org_id, livemode, kind, state, usable, shown, fields_sealed,
  checked_at) values (%s, %s, false, 'mpesa_c2b', 'valid', true, '{}', '', now())"""
_CASE = """
insert into cases (id, org_id, livemode, kind, cause, saga_id, data)
values (%s, %s, false, %s, %s, %s, jsonb_build_object('said_reason', %s::text))"""


@dataclass
class PayBill:
    """Takes every question as `says`."""

    says: Reading = TAKEN
    asked: list[dict[str, Any]] = field(default_factory=list)
    missing: bool = False

    async def mpesa(self, _org: str, _livemode: bool, purpose: str) -> "PayBill":
        if self.missing:
            raise NoCredentials(f"mpesa_{purpose}")
        return self

    async def ask(self, **told: Any) -> Reading:
        self.asked.append(told)
        return self.says


class Partner:
    """One partner with a valid pay bill and a payment to ask about."""

    def __init__(self, urls: Urls, database: Database) -> None:
        self.urls, self.org, self.bill = urls, ids.uuid7(), PayBill()
        self.saga = SagaRef(
            id=ids.mint(ids.COLLECTION), kind=SagaKind.COLLECTION,
            org_id=ids.shown(ids.ORG, self.org), livemode=False,
        )  # fmt: skip
        rows = CollectionRows(database)
        self.confirming = CollectionConfirming(self.bill, rows, lambda to, slug: f"{to}/{slug}")
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)
        self.sql(_CREDENTIAL, ids.uuid7(), self.org)

    def sql(self, statement: str, *values: Any) -> None:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            connection.execute(statement, values)

    def told(self, reason: str) -> None:
        """An earlier payment was not confirmed, for this reason."""
        saga = ids.parsed(ids.COLLECTION, self.saga.id)
        self.sql(_CASE, ids.uuid7(), self.org, NOT_CONFIRMED, ids.mint("c"), saga, reason)

    async def asks(self) -> bool:
        order = ConfirmOrder(saga=self.saga, receipt="TKL3XYZ9AB")
        taken: bool = await ActivityEnvironment().run(self.confirming.ask, order)
        return taken


@pytest.fixture
def partner(urls: Urls, database: Database) -> Partner:
    return Partner(urls, database)


async def test_the_question_names_the_receipt_and_is_answered_to_the_saga(
    partner: Partner,
) -> None:
    assert await partner.asks()
    url = f"{partner.saga.id}/ke4"
    assert partner.bill.asked == [{"result_url": url, "timeout_url": url, "receipt": "TKL3XYZ9AB"}]


async def test_a_question_mpesa_does_not_take_is_no_question(partner: Partner) -> None:
    partner.bill.says = Reading(verdict=Verdict.UNKNOWN, reason=Reason.RATE_LIMITED)
    assert not await partner.asks()


async def test_without_a_pay_bill_nobody_is_asked(partner: Partner) -> None:
    partner.bill.missing = True
    assert not await partner.asks()


async def test_a_refused_initiator_is_not_tried_again_before_it_is_renewed(
    partner: Partner,
) -> None:
    partner.told("credentials")
    assert (await partner.asks(), partner.bill.asked) == (False, [])
    partner.sql("update credentials set checked_at = now() where org_id = %s", partner.org)
    assert await partner.asks()


async def test_another_reason_shuts_nothing(partner: Partner) -> None:
    partner.told("not_found")
    assert await partner.asks()
