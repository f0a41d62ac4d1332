"""A poll accepts each approved loan once, wakes what waits, and never pays what was paid."""

from datetime import date
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities import loan_accepting as accepting
from activities.contacts import Contacts
from activities.loan_alerts import LoanAlerts
from activities.loan_polling import LoanPolling
from activities.loan_waking import LoanWaking
from ledger import wallets
from models import ids
from models.credentials import NoCredentials
from models.loan_calls import HintOrder, Polled, PollOrder
from models.loan_order import WORKFLOW
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import QuestionRefused
from runtime.database import Database
from runtime.starting import start_of
from runtime.vault import Vault
from tests.activities.lending_rows import Partner, a_loan
from tests.conftest import Urls


class Poller(Partner):
    """A partner, and what polls it."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        super().__init__(urls, database, vault)
        self.waking = LoanWaking(database, vault, wallets.wallet)
        alerts = LoanAlerts(database, vault, Contacts(database, vault))
        self.polling = LoanPolling(
            database,
            vault,
            self.partners,
            sagas=self.sagas,
            waking=self.waking,
            alerts=alerts,
            scale=1.0,
        )

    async def poll(self) -> Polled:
        order = PollOrder(org_id=self.org_id, livemode=False)
        return await ActivityEnvironment().run(self.polling.poll, order)

    async def hint(self, loan: int = 17, *, asked: bool = False) -> Polled:
        order = HintOrder(org_id=self.org_id, livemode=False, loan_id=loan, asked=asked)
        return await ActivityEnvironment().run(self.polling.hint, order)

    def approves(self, *keys: int, **changes: Any) -> None:
        """The lender has approved these loans, and shows them in one page."""
        loans = [a_loan(key, **changes) for key in keys]
        self.books.pages = [tuple(loans)]
        self.books.loans = {loan.id: loan for loan in loans}


@pytest.fixture
async def partner(urls: Urls, database: Database, vault: Vault) -> Poller:
    return Poller(urls, database, vault)


async def test_an_approved_loan_is_accepted_once_however_often_it_is_seen(partner: Poller) -> None:
    partner.lends()
    partner.approves(17, 18)
    assert (await partner.poll()).accepted == 2
    assert (await partner.poll()).accepted == 0
    assert (await partner.hint(17)).accepted == 0
    assert partner.states() == ["found", "found"]


async def test_who_comes_second_takes_nothing_from_who_came_first(partner: Poller) -> None:
    lender = accepting.Lender(
        org=partner.org,
        livemode=False,
        tenant="default",
        host="h.example",
        partner="Umoja",
        scale=1.0,
    )
    partner.saga("rejected")
    taken = [
        await accepting.take(partner.database, partner.vault, lender, [a_loan(17)], actor=actor)
        for actor in ("poll", "hook")
    ]
    assert taken == [1, 0]
    assert sorted(partner.states()) == ["found", "rejected"]


async def test_what_is_accepted_can_be_started(partner: Poller) -> None:
    partner.lends()
    partner.approves(17)
    await partner.poll()
    sealed = partner.read("select payload_sealed from starts where org_id = %s", partner.org)
    plain = await partner.vault.unseal(
        partner.org, livemode=False, field="start", sealed=sealed[0][0]
    )
    start = start_of(WORKFLOW, plain)
    assert (start.order.loan_id, start.order.partner, start.queue) == (17, "Umoja", "vault")
    shown = partner.read("select amount, data->>'principal' from sagas where org_id = %s",
                         partner.org)  # fmt: skip
    assert shown == [(950_000, "1000000")]


@pytest.mark.parametrize(("rule", "asked"), [("none", False), ("query", True)])
async def test_payouts_are_asked_about_where_the_organisation_wants_it(
    partner: Poller, rule: str, asked: bool
) -> None:
    partner.lends()
    partner.approves(17)
    partner.read(
        "update orgs set confirm_payouts = %s where id = %s returning 1", rule, partner.org
    )
    await partner.poll()
    sealed = partner.read("select payload_sealed from starts where org_id = %s", partner.org)
    plain = await partner.vault.unseal(
        partner.org, livemode=False, field="start", sealed=sealed[0][0]
    )
    assert start_of(WORKFLOW, plain).order.confirm is asked


async def test_a_product_that_is_not_enabled_is_left_alone(partner: Poller) -> None:
    partner.approves(17)
    assert await partner.poll() == Polled()
    partner.lends(product=4)
    assert (await partner.poll()).seen == 0
    assert partner.states() == []


async def test_without_credentials_nothing_is_asked(partner: Poller) -> None:
    partner.lends()
    partner.approves(17)
    partner.partners.gone = NoCredentials("mpesa_b2c")
    assert (await partner.poll()).skipped == "no valid mpesa_b2c credential"
    assert partner.books.reads == 0


async def test_books_that_refuse_our_user_are_told_of_once_a_day(partner: Poller) -> None:
    partner.lends()
    await partner.person()
    no = Reading(verdict=Verdict.UNKNOWN, reason=Reason.CREDENTIALS)
    partner.partners.gone = QuestionRefused("401", no)
    polls = [await partner.poll(), await partner.poll()]
    assert {polled.skipped for polled in polls} == {"the lender's books refuse our user"}
    told = partner.read(
        "select channel, event from messages where org_id = %s order by channel", partner.org
    )
    assert told == [("email", "system_error"), ("sms", "system_error")]


async def test_a_loan_of_books_two_partners_lend_from_is_paid_by_one(
    partner: Poller, urls: Urls, database: Database, vault: Vault
) -> None:
    other = Poller(urls, database, vault)
    other.books.shown = partner.books.shown
    for one in (partner, other):
        one.lends()
        one.approves(17)
    assert [(await one.poll()).accepted for one in (partner, other)] == [1, 0]


async def test_books_that_moved_to_another_address_are_the_same_loans(partner: Poller) -> None:
    partner.lends()
    partner.approves(17)
    partner.saga("paid")
    partner.books.shown["url"] = "https://moved.example/api/v1"
    assert (await partner.poll()).accepted == 0


async def test_two_partners_with_the_same_tenant_name_do_not_share_loans(
    partner: Poller, urls: Urls, database: Database, vault: Vault
) -> None:
    other = Poller(urls, database, vault)
    for one in (partner, other):
        one.lends()
        one.approves(17)
        assert (await one.poll()).accepted == 1


@pytest.mark.parametrize("state", ["held", "sending", "unknown", "paid", "posting_review"])
async def test_a_loan_on_its_way_is_not_accepted_again(partner: Poller, state: str) -> None:
    partner.lends()
    partner.approves(17)
    partner.saga(state)
    polled = await partner.poll()
    assert (polled.accepted, polled.suspects) == (0, 0)


@pytest.mark.parametrize(("state", "again"), [("failed", 0), ("reversed", 0), ("rejected", 1)])
async def test_an_unpaid_ending_begins_again_only_for_a_reason(
    partner: Poller, state: str, again: int
) -> None:
    partner.lends()
    partner.approves(17)
    partner.saga(state)
    assert (await partner.poll()).accepted == again


async def test_a_new_approval_or_a_person_begins_a_failed_loan_anew(partner: Poller) -> None:
    partner.lends()
    partner.approves(17, approved_on=date(2026, 11, 25))
    partner.saga("failed")
    assert (await partner.poll()).accepted == 1
    partner.approves(18)
    partner.saga("failed", loan=18)
    assert (await partner.hint(18, asked=True)).accepted == 1
    claims = partner.read("select count(*) from sagas where org_id = %s and claim is not null",
                          partner.org)  # fmt: skip
    assert claims == [(2,)]


async def test_a_paid_loan_that_is_approved_again_becomes_a_case_and_no_payment(
    partner: Poller,
) -> None:
    partner.lends()
    partner.approves(17)
    saga = partner.saga("disbursed")
    assert (await partner.poll()).suspects == 1
    await partner.poll()
    cases = partner.read("select kind, saga_id from cases where org_id = %s", partner.org)
    assert cases == [("loan_changed_after_payment", ids.parsed(ids.LOAN, saga))]
    assert partner.states() == ["disbursed"]


async def test_a_list_older_than_our_own_booking_opens_no_case(partner: Poller) -> None:
    partner.lends()
    partner.approves(17)
    partner.books.loans = {17: a_loan(17, status=300)}
    partner.saga("disbursed")
    assert (await partner.poll()).suspects == 0
    assert partner.read("select 1 from cases where org_id = %s", partner.org) == []


async def test_a_changed_approval_of_a_paid_loan_is_a_case(partner: Poller) -> None:
    partner.lends()
    partner.approves(17, approved_on=date(2026, 11, 25))
    partner.saga("posting")
    assert (await partner.poll()).suspects == 1
    assert partner.states() == ["posting"]


async def test_a_poll_wakes_what_waits_except_where_the_wallet_is_still_too_small(
    partner: Poller,
) -> None:
    phone = partner.saga("parked", parked_for="phone")
    partner.saga("parked", loan=18, parked_for="wallet", needed=2_160)
    assert (await partner.poll()).woken == 1
    requests = partner.read("select kind, workflow_id from inbox where org_id = %s", partner.org)
    assert requests == [("request", phone)]


async def test_a_wallet_that_was_filled_wakes_its_loans_once(partner: Poller) -> None:
    loan = partner.saga("parked", parked_for="wallet", needed=2_160)
    partner.saga("parked", loan=18, parked_for="phone")
    await partner.waking.funded()
    waiting = "select workflow_id from inbox where org_id = %s"
    assert partner.read(waiting, partner.org) == []
    await partner.pays_in(Money(2_160, "KES"))
    await partner.waking.funded()
    await partner.waking.funded()
    assert partner.read(waiting, partner.org) == [(loan,)]


async def test_a_hook_about_a_loan_that_is_not_approved_starts_nothing(partner: Poller) -> None:
    partner.lends()
    partner.approves(17, status=100)
    assert (await partner.hint(17)).accepted == 0
    assert (await partner.hint(99)).accepted == 0
    assert partner.states() == []


async def test_a_hook_wakes_the_loan_it_is_about_and_no_other(partner: Poller) -> None:
    partner.lends()
    partner.approves(17, status=400)
    waiting = partner.saga("parked", parked_for="phone")
    partner.saga("parked", loan=18, parked_for="phone")
    assert (await partner.hint(17)).woken == 1
    requests = partner.read("select workflow_id from inbox where org_id = %s", partner.org)
    assert requests == [(waiting,)]


async def test_many_loans_are_seen_page_by_page_and_none_twice(partner: Poller) -> None:
    partner.lends()
    keys = range(1, 1_001)
    partner.books.pages = [
        tuple(a_loan(key) for key in keys[at : at + 100]) for at in range(0, 1_000, 100)
    ]
    assert (await partner.poll()).accepted == 1_000
    assert await partner.poll() == Polled(seen=1_000)
