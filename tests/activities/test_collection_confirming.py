"""M-Pesa is asked about a receipt in the saga's own name; no initiator is tried until it locks."""

from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.collection_confirming import CollectionConfirming
from activities.receipt_questions import ReceiptQuestions
from models import ids
from models.collection_confirmation import ConfirmOrder
from models.credentials import NoCredentials
from models.reading import Reading, Reason, Verdict
from models.saga import SagaKind, SagaRef
from providers.contract import Ambiguous, Unreachable
from runtime.database import Database
from tests.conftest import Urls

TAKEN = Reading(verdict=Verdict.PENDING)
CAME = Reading(verdict=Verdict.SETTLED)
REFUSED = Reading(verdict=Verdict.UNKNOWN, reason=Reason.CREDENTIALS)
_CREDENTIAL = """
insert into credentials (id, org_id, livemode, kind, state, usable, shown, fields_sealed,
  checked_at) values (%s, %s, false, 'mpesa_c2b', 'valid', true, '{}', '', now())"""
_SAGA = """
insert into sagas (id, org_id, livemode, kind, state)
values (%s, %s, false, 'c2b_receipt', 'received')"""
_LATER = """
update receipt_questions set asked_at = asked_at - %s * interval '1 s',
  answered_at = answered_at - %s * interval '1 s' where org_id = %s"""


@dataclass
class PayBill:
    """Takes every question as `says`, or raises it."""

    says: Reading | Exception = TAKEN
    asked: list[dict[str, Any]] = field(default_factory=list)
    missing: bool = False

    async def mpesa(self, _org: str, _livemode: bool, purpose: str) -> "PayBill":
        if self.missing:
            raise NoCredentials(f"mpesa_{purpose}")
        return self

    async def ask(self, **told: Any) -> Reading:
        self.asked.append(told)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class Partner:
    """One partner with a valid pay bill and payments to ask about."""

    def __init__(self, urls: Urls, database: Database) -> None:
        self.urls, self.org, self.bill = urls, ids.uuid7(), PayBill()
        self.questions = ReceiptQuestions(database)
        self.confirming = CollectionConfirming(
            self.bill, self.questions, lambda to, slug: f"{to}/{slug}"
        )
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)
        self.sql(_CREDENTIAL, ids.uuid7(), self.org)
        self.saga = self.payment()

    def sql(self, statement: str, *values: Any) -> None:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            connection.execute(statement, values)

    def payment(self) -> SagaRef:
        """One more that is told of."""
        saga = ids.uuid7()
        self.sql(_SAGA, saga, self.org)
        return SagaRef(
            id=ids.shown(ids.COLLECTION, saga), kind=SagaKind.COLLECTION,
            org_id=ids.shown(ids.ORG, self.org), livemode=False,
        )  # fmt: skip

    async def told(self, saga: SagaRef, reading: Reading = CAME) -> None:
        """M-Pesa answers."""
        row = ids.parsed(ids.COLLECTION, saga.id)
        await self.questions.told(self.org, row, reading, livemode=False)

    def after(self, seconds: float) -> None:
        """So much time goes by."""
        self.sql(_LATER, seconds, seconds, self.org)

    async def asks(self, saga: SagaRef | None = None) -> bool:
        order = ConfirmOrder(saga=saga or self.saga, receipt="TKL3XYZ9AB")
        taken: bool = await ActivityEnvironment().run(self.confirming.ask, order)
        return taken

    async def waits(self, saga: SagaRef | None = None) -> bool:
        """True where a payment has to wait for its turn."""
        try:
            await self.asks(saga or self.payment())
        except ApplicationError as busy:
            return busy.type == "Busy"
        return False


@pytest.fixture
def partner(urls: Urls, database: Database) -> Partner:
    return Partner(urls, database)


@pytest.fixture
def other(urls: Urls, database: Database) -> Partner:
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
    await partner.asks()
    await partner.told(partner.saga, REFUSED)
    assert (await partner.asks(partner.payment()), len(partner.bill.asked)) == (False, 1)
    partner.sql("update credentials set checked_at = now() where org_id = %s", partner.org)
    assert await partner.asks()


async def test_of_many_payments_told_at_once_one_is_asked_about(partner: Partner) -> None:
    assert await partner.asks()
    assert [await partner.waits() for _ in range(4)] == [True] * 4
    assert len(partner.bill.asked) == 1


async def test_another_partner_does_not_wait(partner: Partner, other: Partner) -> None:
    await partner.asks()
    assert await other.asks()


async def test_while_answers_come_two_may_be_out(partner: Partner) -> None:
    await partner.asks()
    await partner.told(partner.saga)
    assert [await partner.waits() for _ in range(3)] == [False, False, True]
    assert len(partner.bill.asked) == 3
    partner.after(61)
    assert not await partner.waits()
    assert await partner.waits()


async def test_a_refusal_shuts_the_pay_bill_for_who_waits(partner: Partner) -> None:
    waiting = partner.payment()
    await partner.asks()
    assert await partner.waits(waiting)
    await partner.told(partner.saga, REFUSED)
    assert not await partner.asks(waiting)
    assert len(partner.bill.asked) == 1


async def test_an_answer_about_the_payment_shuts_nothing(partner: Partner) -> None:
    await partner.asks()
    await partner.told(partner.saga, Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND))
    assert await partner.asks(partner.payment())


async def test_an_answer_that_was_not_told_frees_nobody(partner: Partner) -> None:
    await partner.asks()
    await partner.told(partner.saga, Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER))
    assert await partner.waits()


async def test_a_question_run_again_waits_for_the_answer_to_the_first(partner: Partner) -> None:
    assert await partner.asks()
    assert await partner.asks()
    assert len(partner.bill.asked) == 1
    partner.after(31)
    assert await partner.asks()
    assert len(partner.bill.asked) == 2


async def test_a_question_whose_taking_is_unclear_counts_as_asked(partner: Partner) -> None:
    partner.bill.says = Ambiguous("read timeout")
    assert await partner.asks()
    assert await partner.waits()
    assert await partner.asks()
    assert len(partner.bill.asked) == 1


@pytest.mark.parametrize(
    "says",
    [Unreachable("down"), Reading(verdict=Verdict.UNKNOWN, reason=Reason.RATE_LIMITED)],
    ids=["never sent", "not taken"],
)
async def test_a_question_that_tried_nobody_leaves_the_turn_to_others(
    partner: Partner, says: Reading | Exception
) -> None:
    partner.bill.says = says
    assert not await partner.asks()
    assert not await partner.waits()


async def test_each_question_that_stays_unanswered_doubles_the_wait(partner: Partner) -> None:
    await partner.asks()
    partner.after(31)
    assert not await partner.waits()
    partner.after(31)
    assert await partner.waits()
    partner.after(31)
    assert not await partner.waits()
