"""What the books say before a loan is paid, its place in the day, and what a row remembers."""

from dataclasses import replace
from datetime import date

import pytest
from temporalio.testing import ActivityEnvironment

from activities.contacts import Contacts
from activities.lending import Lending
from activities.loan_letters import LoanLetters
from ledger import wallets
from models import ids
from models.credentials import NoCredentials
from models.lending import LoanStatus
from models.loan import ParkReason
from models.loan_calls import Examined, Letter, LoanRef, Reservation
from models.loan_order import LoanMemory
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.saga import SagaKind, SagaRef
from providers.contract import QuestionRefused, Unreachable
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.lending_rows import Partner, a_client, a_loan
from tests.conftest import Urls

DAY = "2026-11-21"


class Bank(Partner):
    """A partner, and what looks at its loans."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        super().__init__(urls, database, vault)
        self.lending = Lending(database, self.partners, clock=lambda: 0.0)
        self.letters = LoanLetters(
            database, self.partners, Contacts(database, vault), wallets.wallet
        )
        self.books.loans = {17: a_loan()}

    def ref(self, saga: str) -> SagaRef:
        return SagaRef(id=saga, kind=SagaKind.LOAN, org_id=self.org_id, livemode=False)

    def about(self, saga: str = "") -> LoanRef:
        named = saga or ids.mint(ids.LOAN)
        return LoanRef(saga=self.ref(named), tenant="default", loan_id=17)

    async def examine(self) -> Examined:
        return await ActivityEnvironment().run(self.lending.examine, self.about())

    async def reserve(self, saga: str, amount: int = 950_000, client: int = 7) -> bool:
        wanted = Reservation(
            saga=self.ref(saga), product_id=3, client_id=client, day=DAY, amount=amount
        )
        return await ActivityEnvironment().run(self.lending.reserve, wanted)

    async def remember(self, saga: str) -> LoanMemory:
        return await ActivityEnvironment().run(self.lending.remember, self.about(saga))


@pytest.fixture
async def bank(urls: Urls, database: Database, vault: Vault) -> Bank:
    return Bank(urls, database, vault)


async def test_a_good_loan_comes_with_what_it_costs(bank: Bank) -> None:
    bank.lends()
    found = await bank.examine()
    assert found.finding.payable is not None
    assert found.quote is not None
    assert found.short_code == "600996"
    assert (found.quote.charges, found.quote.amount) == (Money(2_160, "KES"), Money(950_000, "KES"))


async def test_a_product_closed_meanwhile_parks_the_loan(bank: Bank) -> None:
    bank.lends()
    bank.read("update loan_products set state = 'changed' where org_id = %s", bank.org)
    assert (await bank.examine()).finding.parks is ParkReason.PRODUCT


async def test_without_credentials_the_loan_waits_for_them(bank: Bank) -> None:
    bank.partners.gone = NoCredentials("mpesa_b2c")
    assert (await bank.examine()).finding.parks is ParkReason.CREDENTIALS


async def test_books_that_refuse_our_user_park_and_silent_ones_are_asked_again(bank: Bank) -> None:
    bank.lends()
    no = Reading(verdict=Verdict.UNKNOWN, reason=Reason.CREDENTIALS)
    bank.books.refuses = QuestionRefused("401", no)
    assert (await bank.examine()).finding.parks is ParkReason.CREDENTIALS
    bank.books.refuses = Unreachable("down")
    with pytest.raises(Unreachable):
        await bank.examine()


async def test_a_loan_taken_back_by_its_lender_is_let_go(bank: Bank) -> None:
    bank.lends()
    bank.books.loans = {17: a_loan(status=int(LoanStatus.WITHDRAWN))}
    assert (await bank.examine()).finding.rejects == "loan_not_approved"


async def test_a_credential_that_leads_to_other_books_pays_nothing_found_in_the_first(
    bank: Bank,
) -> None:
    bank.lends()
    bank.books.shown = {**bank.books.shown, "tenant": "sacco-two"}
    assert (await bank.examine()).finding.rejects == "lender_changed"
    moved = replace(bank.about(), host="mifos.example")
    bank.books.shown = {"tenant": "default", "url": "https://other.example/api/v1"}
    found = await ActivityEnvironment().run(bank.lending.examine, moved)
    assert found.finding.rejects == "lender_changed"


async def test_the_day_holds_as_many_loans_as_its_limit(bank: Bank) -> None:
    bank.lends(per_day=2_000_000)
    sagas = [bank.saga("preflight", loan=number) for number in (17, 18, 19)]
    assert [await bank.reserve(saga) for saga in sagas] == [True, True, False]
    assert await bank.reserve(sagas[0])
    bank.read("update sagas set state = 'failed' where id = %s", ids.parsed(ids.LOAN, sagas[1]))
    assert await bank.reserve(sagas[2])


async def test_one_client_has_a_limit_of_its_own(bank: Bank) -> None:
    bank.lends(per_client=1_000_000)
    first, second, other = (bank.saga("preflight", loan=number) for number in (17, 18, 19))
    assert await bank.reserve(first)
    assert not await bank.reserve(second)
    assert await bank.reserve(other, client=8)


async def test_what_was_held_is_remembered_from_the_row(bank: Bank) -> None:
    saga = bank.saga(
        "paid", principal=1_000_000, amount=950_000, product_id=3, client_id=7, day=DAY,
        quoted_at="2026-11-21T09:00:00+00:00", hold=2, short_code="600996",
        receipt="TKL3XYZ9AB", paid_at="2026-11-21T09:00:05+00:00",
    )  # fmt: skip
    bank.read(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 2, 'mpesa_b2c', 'succeeded', %s)",
        ids.uuid7(), bank.org, ids.parsed(ids.LOAN, saga), saga,
    )  # fmt: skip
    known = await bank.remember(saga)
    assert known.payable is not None
    assert known.quote is not None
    assert (known.payable.phone, known.payable.day) == ("254712000001", date(2026, 11, 21))
    assert (known.payout, known.hold, known.quote.charges.minor) == (2, 2, 2_160)
    assert (known.receipt, known.posting) == ("TKL3XYZ9AB", 1)


async def test_after_a_refused_payout_the_next_number_is_remembered(bank: Bank) -> None:
    saga = bank.saga("parked", parked_for="float", parks=1)
    bank.read(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, 'mpesa_b2c', 'failed', %s)",
        ids.uuid7(), bank.org, ids.parsed(ids.LOAN, saga), saga,
    )  # fmt: skip
    known = await bank.remember(saga)
    assert (known.payout, known.parked_for, known.payable) == (2, ParkReason.FLOAT, None)


async def test_client_and_partner_are_told_what_was_paid(bank: Bank) -> None:
    await bank.person()
    letter = Letter(
        ref=bank.about(), kind="disbursed", key="ld_1/disbursed", account_no="000000017",
        client="Jane Wanjiku", phone="254712000001", amount=Money(950_000, "KES"),
        receipt="TKL3XYZ9AB",
    )  # fmt: skip
    partner, client = await ActivityEnvironment().run(bank.letters.compose, letter)
    assert (partner.event, partner.to_phone) == ("loan_disbursed_partner", "254722000001")
    assert partner.facts["balance"] == "KES 0.00"
    assert (client.event, client.to_phone) == ("loan_disbursed_client", "254712000001")
    assert client.facts["next_repayment"] == "21/12/2026"


@pytest.mark.parametrize(
    ("reason", "event"),
    [
        (ParkReason.WALLET, "loan_parked_wallet"),
        (ParkReason.FLOAT, "loan_parked_float"),
        (ParkReason.PHONE, "system_error"),
    ],
)
async def test_a_parked_loan_tells_the_partner_what_it_lacks(
    bank: Bank, reason: ParkReason, event: str
) -> None:
    await bank.person()
    letter = Letter(
        ref=bank.about(), kind="parked", key="ld_1/parked/1", account_no="000000017",
        amount=Money(950_000, "KES"), needed=Money(2_160, "KES"), parked_for=reason, why="no one",
    )  # fmt: skip
    (told,) = await ActivityEnvironment().run(bank.letters.compose, letter)
    assert told.event == event
    assert all(told.facts.values())


async def test_a_silent_lender_costs_the_date_and_never_the_message(bank: Bank) -> None:
    bank.books.refuses = Unreachable("down")
    letter = Letter(
        ref=bank.about(), kind="disbursed", key="k", account_no="1", phone="254712000001",
        amount=Money(950_000, "KES"), receipt="R",
    )  # fmt: skip
    (client,) = await ActivityEnvironment().run(bank.letters.compose, letter)
    assert client.facts["next_repayment"] == ""


async def test_the_office_is_asked_once_for_a_while(bank: Bank) -> None:
    bank.lends()
    await bank.examine()
    bank.books.waits = True
    assert (await bank.examine()).finding.payable is not None
    bank.books.client_row = a_client(mobile=None)
    assert (await bank.examine()).finding.parks is ParkReason.PHONE
