"""Bank credits nobody could be credited with: two operators give them to a wallet, or say back."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from activities.bank_credits import BankCredits
from api.keys import OPERATOR, PARTNER_WRITE, WALLET_READ
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.bank_credit import BankCreditOrder
from models.ids import PLATFORM_ORG
from models.money import Money
from models.places import BankAccount
from models.saga import SagaKind, SagaRef
from tests.api.loan_rows import a_loan

POOL = BankAccount(bank="ncba", account="7744510018")


class Office:
    """Two operators, a partner, and a credit in suspense."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.partner: UUID = world.make_org(kind="partner")
        self.keys = [
            world.make_key(PLATFORM_ORG, principal=name, scopes=(OPERATOR,))
            for name in ("op.amina", "op.brian")
        ]

    async def suspended(self, late_for: UUID | None = None) -> str:
        """Its case."""
        order = BankCreditOrder(
            receipt=ids.mint("FT"), bank_reference=None, amount=Money(150_000, "KES"), into=POOL,
            evidence_id=ids.mint(ids.EVIDENCE), livemode=False,
        )  # fmt: skip
        late = late_for and SagaRef(
            id=ids.mint(ids.TOPUP), kind=SagaKind.TOPUP, org_id=ids.shown(ids.ORG, late_for),
            livemode=False,
        )  # fmt: skip
        books = VaultBooking(Book())
        assert await BankCredits(self.world.parts.database, books).suspend(order, late or None)
        row = self.world.sql("select id from cases where data->>'receipt' = %s", order.receipt)
        return ids.shown(ids.CASE, row[0][0])

    async def told_again(self, case: str, amount: Money) -> str:
        """The same receipt with another amount: the case of that."""
        named = ids.parsed(ids.CASE, case)
        receipt = self.world.sql("select data->>'receipt' from cases where id = %s", named)[0][0]
        order = BankCreditOrder(
            receipt=receipt, bank_reference=None, amount=amount, into=POOL,
            evidence_id=ids.mint(ids.EVIDENCE), livemode=False,
        )  # fmt: skip
        await BankCredits(self.world.parts.database, VaultBooking(Book())).suspend(order, None)
        row = self.world.sql(
            "select id from cases where kind = 'receipt_amount_differs' and data->>'receipt' = %s",
            receipt,
        )
        return ids.shown(ids.CASE, row[0][0])

    async def decides(self, case: str, second: int = 1, **body: Any) -> Any:
        headers = {"kauri-approver": f"Bearer {self.keys[second]}"}
        return await self.world.client(self.keys[0]).post(
            f"/v1/operator/exceptions/{case}/decide",
            json={"reason": "the bank wrote", **body},
            headers=headers,
        )

    def named(self, org: UUID | None = None) -> str:
        return ids.shown(ids.ORG, org or self.partner)

    async def wallet(self) -> int:
        key = self.world.make_key(self.partner, scopes=(WALLET_READ,))
        available: int = (await self.world.client(key).get("/v1/wallet")).json()["available"]
        return available

    def held(self, case: str) -> int:
        """What of the case's money still lies in suspense, or is set aside from it."""
        row = self.world.sql(
            "select coalesce(sum(case l.side when 'credit' then l.amount else -l.amount end), 0)"
            " from ledger_lines l join ledger_accounts a on a.id = l.account_id"
            " join ledger_entries e on e.seq = l.entry_seq, cases k where k.id = %s"
            " and a.name like 'suspense:ncba%%'"
            " and e.id like replace(k.entry_id, '/suspended', '') || '%%'",
            ids.parsed(ids.CASE, case),
        )
        return int(row[0][0])


@pytest.fixture
def office(world: Any) -> Office:
    return Office(world)


async def test_a_credit_without_a_reference_fills_the_wallet_two_people_name(
    office: Office,
) -> None:
    case = await office.suspended()
    answer = await office.decides(case, decision="credit", organisation=office.named())
    assert (answer.status_code, answer.json()["state"]) == (200, "decided")
    assert (answer.json()["actor"], answer.json()["approver"]) == ("op.amina", "op.brian")
    assert (await office.wallet(), office.held(case)) == (150_000, 0)


async def test_late_money_of_a_partner_fills_its_own_wallet_and_no_other(office: Office) -> None:
    case = await office.suspended(office.partner)
    other = office.named(office.world.make_org(kind="partner"))
    assert (await office.decides(case, decision="credit", organisation=other)).status_code == 409
    assert (await office.decides(case, decision="credit")).status_code == 200
    assert await office.wallet() == 150_000


async def test_money_sent_back_leaves_suspense_and_reaches_no_wallet(office: Office) -> None:
    case = await office.suspended()
    assert office.held(case) == 150_000
    assert (await office.decides(case, decision="refunded")).status_code == 200
    assert (await office.wallet(), office.held(case)) == (0, 0)


async def test_a_credit_is_decided_once_however_many_decide_at_once(office: Office) -> None:
    case = await office.suspended()
    answers = await asyncio.gather(
        *(office.decides(case, decision="credit", organisation=office.named()) for _ in range(4)),
        *(office.decides(case, decision="refunded") for _ in range(4)),
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert office.held(case) == 0
    assert await office.wallet() in {0, 150_000}


async def test_a_receipt_told_with_two_amounts_is_dismissed_and_moves_no_money(
    office: Office,
) -> None:
    case = await office.suspended()
    differs = await office.told_again(case, Money(160_000, "KES"))
    refused = await office.decides(differs, decision="credit", organisation=office.named())
    assert (refused.status_code, refused.json()["detail"]) == (409, "the case holds no bank credit")
    assert (await office.decides(differs, decision="dismiss")).status_code == 200
    assert office.held(case) == 150_000


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "credit"}, 409),
        ({"decision": "credit", "organisation": "org_nobody"}, 400),
        ({"decision": "credit", "organisation": ids.mint(ids.ORG)}, 409),
        ({"decision": "refunded", "organisation": ids.mint(ids.ORG)}, 400),
        ({"decision": "keep"}, 400),
    ],
)
async def test_what_does_not_fit_moves_nothing(
    office: Office, body: dict[str, Any], status: int
) -> None:
    case = await office.suspended()
    assert (await office.decides(case, **body)).status_code == status
    assert office.held(case) == 150_000


async def about_a_loan(office: Office, state: str, kind: str = "contradiction") -> tuple[str, str]:
    """A case, and the loan it is about."""
    loan, case = a_loan(office.world, state), ids.uuid7()
    saga = ids.parsed(ids.LOAN, loan)
    office.world.sql("update sagas set needs_review = true where id = %s", saga)
    office.world.sql(
        "insert into cases (id, org_id, livemode, kind, cause, saga_id)"
        " values (%s, %s, false, %s, %s, %s)",
        case, office.world.org, kind, str(case), saga,
    )  # fmt: skip
    return ids.shown(ids.CASE, case), loan


async def test_a_case_about_an_ended_saga_is_dismissed_and_its_review_ends(office: Office) -> None:
    case, loan = await about_a_loan(office, "failed")
    answer = await office.decides(case, decision="dismiss")
    assert (answer.status_code, answer.json()["decision"]) == (200, "dismiss")
    stands = office.world.sql(
        "select needs_review from sagas where id = %s", ids.parsed(ids.LOAN, loan)
    )
    assert stands[0][0] is False
    assert (await office.decides(case, decision="dismiss")).status_code == 409


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("posting_review", "posting_refused"),
        ("unknown", "unresolved"),
        ("reversal_review", "undo_refused"),
        ("disbursed", "payment_reversed"),
    ],
)
async def test_what_waits_for_another_decision_cannot_be_dismissed(
    office: Office, state: str, kind: str
) -> None:
    case, _loan = await about_a_loan(office, state, kind)
    assert (await office.decides(case, decision="dismiss")).status_code == 409


async def test_suspended_money_cannot_be_dismissed(office: Office) -> None:
    case = await office.suspended()
    assert (await office.decides(case, decision="dismiss")).status_code == 409
    assert office.held(case) == 150_000


async def test_the_second_person_is_somebody_else(office: Office) -> None:
    case = await office.suspended()
    assert (await office.decides(case, 0, decision="refunded")).status_code == 403
    assert office.held(case) == 150_000


async def test_the_partners_people_are_told(office: Office) -> None:
    key = office.world.make_key(office.partner, scopes=(PARTNER_WRITE,))
    person = {"name": "Amina", "phone": "0722000501", "email": "amina@boda.example"}
    assert (
        await office.world.client(key).post("/v1/authorised_users", json=person)
    ).status_code == 201
    case = await office.suspended()
    await office.decides(case, decision="credit", organisation=office.named())
    told = office.world.sql(
        "select event, channel from messages where org_id = %s order by channel", office.partner
    )
    assert [tuple(row) for row in told] == [("topup_credited", "email"), ("topup_credited", "sms")]
