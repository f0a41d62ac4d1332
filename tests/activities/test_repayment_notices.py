"""A repayment entered by hand is told once; what we posted ourselves, or is not there, is not."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.repayment_notices import RepaymentNotices
from models import ids
from models.repayment_hint import RepaymentHint
from providers.contract import Unreachable
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls
from tests.workflows.collection_fakes import FakePartner, posted_loan
from tests.workflows.collection_lender import FakeLender, a_borrower
from tests.workflows.harness import FakeProvider


class Books:
    """One partner whose loan 12 holds repayment 564."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.org = urls, ids.uuid7()
        self.lender = FakeLender(loans={12: posted_loan()})
        partner: Any = FakePartner(self.lender, FakeProvider(prompts=[], answers=[]))
        self.notices = RepaymentNotices(database, vault, partner)
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    async def hears(self, transaction: int = 564) -> str:
        hint = RepaymentHint(
            org_id=ids.shown(ids.ORG, self.org),
            livemode=False,
            loan_id=12,
            transaction_id=transaction,
        )
        return await ActivityEnvironment().run(self.notices.tell, hint)

    def told(self) -> list[tuple[UUID, str]]:
        return self.sql("select org_id, event from messages where org_id = %s", self.org)


@pytest.fixture
def books(urls: Urls, database: Database, vault: Vault) -> Books:
    return Books(urls, database, vault)


async def test_the_client_hears_of_it_once_however_often_the_lender_calls(books: Books) -> None:
    assert [await books.hears() for _ in range(3)] == ["told"] * 3
    assert books.told() == [(books.org, "repayment_posted")]


async def test_what_we_posted_ourselves_is_told_by_its_own_saga(books: Books) -> None:
    books.sql(
        "insert into sagas (id, org_id, livemode, kind, state, data) values"
        " (%s, %s, false, 'c2b_receipt', 'posting', '{\"receipt\": \"TKL3XYZ9AB\"}')",
        *[ids.uuid7(), books.org],
    )
    assert (await books.hears(), books.told()) == ("posted by us", [])


async def test_a_hook_is_not_believed_where_the_books_say_nothing(books: Books) -> None:
    undone = tuple(
        replace(line, reversed=True) for line in books.lender.loans[12].transactions or ()
    )
    said = [await books.hears(transaction=999)]
    books.lender.loans[12] = replace(books.lender.loans[12], transactions=undone)
    said.append(await books.hears())
    assert (said, books.told()) == (["not in the books"] * 2, [])


async def test_a_client_without_a_phone_is_told_nothing(books: Books) -> None:
    books.lender.clients[3] = a_borrower(mobile=None)
    assert (await books.hears(), books.told()) == ("no phone", [])


async def test_silent_books_are_asked_again_by_the_policy(books: Books) -> None:
    books.lender.silent = True
    with pytest.raises(Unreachable):
        await books.hears()
    assert books.told() == []
