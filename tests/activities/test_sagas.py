"""One step of a saga, one transaction: row, instruction, money, case, event and message."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from temporalio.exceptions import ApplicationError

from activities.accepting import Newcomer, accept
from activities.fence import Fence, Intent
from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.lifecycle import AttemptState
from models.messages import Notice
from models.money import Money
from models.places import ProviderWallet, ReceiptClaim
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import Instruct, SagaCase, SagaKind, SagaRef, SagaStep, Trouble
from models.vault_postings import LoanAccepted, TopUpCredited
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls

SHILLINGS_100 = Money(10_000, "KES")


class Partner:
    """One partner with sagas of its own."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.sagas = Sagas(database, vault, VaultBooking(Book()))
        self.org = ids.uuid7()
        self.read("insert into orgs (id, kind, name) values (%s, 'partner', 'Sacco') returning 1",
                  self.org)  # fmt: skip

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            return connection.execute(query, values).fetchall()

    async def accepted(
        self, kind: SagaKind = SagaKind.LOAN, state: str = "found", claim: str | None = None
    ) -> SagaRef | None:
        prefix = {SagaKind.LOAN: ids.LOAN, SagaKind.TOPUP: ids.TOPUP}[kind]
        ref = SagaRef(
            id=ids.mint(prefix), kind=kind, org_id=ids.shown(ids.ORG, self.org), livemode=False
        )
        new = Newcomer(
            ref=ref, state=state, workflow="w", sealed=b"order", at=datetime.now(UTC),
            actor="poll", claim=claim or ref.id, amount=SHILLINGS_100, data={"loan": "7"},
        )  # fmt: skip
        async with self.database.scoped(self.org, False) as connection:
            return ref if await accept(connection, new) else None

    async def loan(self, state: str = "found") -> SagaRef:
        ref = await self.accepted(state=state)
        assert ref is not None
        return ref

    async def fill_wallet(self, amount: Money) -> None:
        ref = await self.accepted(SagaKind.TOPUP, "awaiting_money")
        assert ref is not None
        written = await self.sagas.commit(
            step(ref, believes="awaiting_money", to="credited", posting=topped_up(ref, amount))
        )
        assert written.applied

    def state(self, ref: SagaRef) -> Any:
        return self.read("select state from sagas where id = %s", uuid_of(ref))[0][0]

    def balances(self) -> dict[str, int]:
        query = "select name, sum(balance)::int from ledger_accounts group by name"
        return {name: balance for name, balance in self.read(query)}  # noqa: C416 - typed as a pair

    def wallet(self) -> int:
        return self.balances().get(f"partner:{ids.shown(ids.ORG, self.org)}:wallet", 0)


@pytest.fixture
def partner(urls: Urls, database: Database, vault: Vault) -> Partner:
    return Partner(urls, database, vault)


def uuid_of(ref: SagaRef) -> Any:
    return ids.parsed(ids.prefix_of(ref.id), ref.id)


def step(ref: SagaRef, **changes: Any) -> SagaStep:
    plain = SagaStep(
        key=f"{ref.id}/run/1", saga=ref, at=datetime.now(UTC), actor="kauri", believes="found"
    )
    return replace(plain, **changes)


def topped_up(ref: SagaRef, amount: Money) -> TopUpCredited:
    return TopUpCredited(
        topup_id=ref.id, amount=amount, into=ProviderWallet(provider="mpesa", wallet="600000"),
        receipt=ReceiptClaim(rail="mpesa", account="600000", number=ref.id),
    )  # fmt: skip


def paid(instruction: str, receipt: str = "SG632NMUAB") -> ProviderReport:
    return ProviderReport(
        attempt_id=instruction,
        source=Source.CALLBACK,
        reading=Reading(verdict=Verdict.SETTLED, receipt=receipt, provider_reference="AG_1"),
        evidence_id=ids.mint(ids.EVIDENCE),
    )


def intent(ref: SagaRef, sends: int = 0) -> Intent:
    return Intent(
        saga=ref, instruction_id=ids.instruction_id(ref.id, "mpesa_b2c", 1), rail="mpesa_b2c",
        number=1, our_reference=f"K{ref.id[-8:]}", believes="held", sending="sending",
        amount=SHILLINGS_100, sends=sends,
    )  # fmt: skip


async def test_a_step_moves_the_row_keeps_the_move_and_tells_the_partner(partner: Partner) -> None:
    ref = await partner.loan()
    written = await partner.sagas.commit(
        step(ref, to="preflight", shows={"stage": "reading"}, events=("loan_disbursement.x",))
    )
    assert (written.applied, written.state) == (True, "preflight")
    moved = partner.read(
        "select to_state from transitions where object_id = %s order by seq", uuid_of(ref)
    )
    told = partner.read("select type, sequence, data->'object'->>'stage' from events"
                        " where object_id = %s order by sequence", uuid_of(ref))  # fmt: skip
    assert moved == [("found",), ("preflight",)]
    assert told == [("loan_disbursement.created", 1, None), ("loan_disbursement.x", 2, "reading")]


async def test_the_same_step_again_changes_nothing(partner: Partner) -> None:
    ref = await partner.loan()
    first = step(ref, to="preflight", events=("loan_disbursement.x",))
    await partner.sagas.commit(first)
    again = await partner.sagas.commit(replace(first, at=datetime.now(UTC)))
    assert (again.applied, again.fresh) == (True, False)
    assert len(partner.read("select 1 from events where object_id = %s", uuid_of(ref))) == 2


async def test_another_step_under_a_taken_key_learns_where_the_row_stands(
    partner: Partner,
) -> None:
    ref = await partner.loan()
    await partner.sagas.commit(step(ref, to="preflight"))
    other = await partner.sagas.commit(step(ref, to="rejected"))
    assert (other.trouble, other.state) == (Trouble.MOVED, "preflight")


async def test_a_step_decided_in_another_state_is_not_written(partner: Partner) -> None:
    ref = await partner.loan("held")
    written = await partner.sagas.commit(step(ref, believes="found", to="preflight"))
    assert (written.trouble, written.state) == (Trouble.MOVED, "held")


async def test_a_move_the_table_does_not_hold_is_refused(partner: Partner) -> None:
    ref = await partner.loan()
    with pytest.raises(ApplicationError, match="does not move from found to paid"):
        await partner.sagas.commit(step(ref, to="paid"))
    assert partner.state(ref) == "found"


async def test_a_wallet_that_cannot_bear_it_leaves_everything_as_it_was(partner: Partner) -> None:
    ref = await partner.loan("preflight")
    await partner.fill_wallet(Money(4_000, "KES"))
    hold = LoanAccepted(loan_id=ref.id, charges=Money(5_000, "KES"))
    notice = Notice(event="wallet_low", key=f"{ref.id}/low", to_phone="+254712000001")
    written = await partner.sagas.commit(
        step(ref, believes="preflight", to="held", posting=hold, notices=(notice,))
    )
    assert (written.trouble, written.state) == (Trouble.SHORT, "preflight")
    assert (partner.wallet(), partner.state(ref)) == (4_000, "preflight")
    assert partner.read("select 1 from messages where about = %s", ref.id) == []


async def test_money_and_state_commit_together(partner: Partner) -> None:
    ref = await partner.loan("preflight")
    await partner.fill_wallet(Money(9_000, "KES"))
    hold = LoanAccepted(loan_id=ref.id, charges=Money(5_000, "KES"))
    written = await partner.sagas.commit(step(ref, believes="preflight", to="held", posting=hold))
    assert (written.applied, partner.state(ref), partner.wallet()) == (True, "held", 4_000)


async def test_a_receipt_booked_elsewhere_is_disputed_and_nothing_is_written(
    partner: Partner,
) -> None:
    first = await partner.accepted(SagaKind.TOPUP, "awaiting_money")
    second = await partner.accepted(SagaKind.TOPUP, "awaiting_money")
    assert first is not None
    assert second is not None
    posting = topped_up(first, SHILLINGS_100)
    await partner.sagas.commit(
        step(first, believes="awaiting_money", to="credited", posting=posting)
    )
    stolen = replace(posting, topup_id=second.id)
    written = await partner.sagas.commit(
        step(second, believes="awaiting_money", to="credited", posting=stolen)
    )
    assert written.trouble is Trouble.DISPUTED
    assert (partner.state(second), partner.wallet()) == ("awaiting_money", 10_000)


async def test_the_fence_opens_once_per_sending(partner: Partner) -> None:
    ref = await partner.loan("held")
    fence = Fence(partner.sagas)
    assert await fence.open(intent(ref))
    assert not await fence.open(intent(ref))
    assert partner.state(ref) == "sending"


async def test_the_fence_stays_shut_for_a_saga_that_moved_on(partner: Partner) -> None:
    ref = await partner.loan("parked")
    assert not await Fence(partner.sagas).open(intent(ref))
    assert partner.read("select 1 from instructions where saga_id = %s", uuid_of(ref)) == []


async def test_an_ending_may_come_before_the_fence_was_written(partner: Partner) -> None:
    ref = await partner.loan("held")
    unsure = step(ref, believes="sending", perhaps="held", to="unknown")
    written = await partner.sagas.commit(unsure)
    assert (written.applied, partner.state(ref)) == (True, "unknown")


async def test_an_instruction_keeps_handle_receipt_and_its_evidence(partner: Partner) -> None:
    ref = await partner.loan("held")
    sent = intent(ref)
    await Fence(partner.sagas).open(sent)
    report = paid(sent.instruction_id)
    ended = sent.instruct(AttemptState.SUCCEEDED)
    await partner.sagas.commit(
        step(ref, believes="sending", to="paid", instruct=ended, evidence=(report,))
    )
    kept = partner.read("select state, receipt, provider_reference from instructions"
                        " where saga_id = %s", uuid_of(ref))  # fmt: skip
    said = partner.read("select verdict from evidence where attempt_id = %s",
                        ids.parsed(ids.INSTRUCTION, sent.instruction_id))  # fmt: skip
    moves = partner.read("select from_state, to_state from transitions where object = 'instruction'"
                         " and checkout_id = %s order by seq", uuid_of(ref))  # fmt: skip
    assert (kept, said) == ([("succeeded", "SG632NMUAB", "AG_1")], [("settled",)])
    assert moves == [(None, "sending"), ("sending", "succeeded")]


async def test_a_second_instruction_waits_for_proof_that_the_first_moved_nothing(
    partner: Partner,
) -> None:
    ref = await partner.loan("held")
    await Fence(partner.sagas).open(intent(ref))
    second = Instruct(
        id=ids.instruction_id(ref.id, "mpesa_b2c", 2), rail="mpesa_b2c", number=2,
        our_reference="K2", state=AttemptState.CREATED,
    )  # fmt: skip
    with pytest.raises(psycopg.errors.UniqueViolation):
        await partner.sagas.commit(step(ref, believes="sending", instruct=second))


async def test_a_loan_is_claimed_once_and_free_again_when_let_go(partner: Partner) -> None:
    claim = f"default/{ids.uuid7()}"
    first = await partner.accepted(claim=claim)
    assert first is not None
    assert await partner.accepted(claim=claim) is None
    await partner.sagas.commit(step(first, to="rejected", claims=False))
    assert await partner.accepted(claim=claim) is not None


async def test_a_case_opens_once_and_is_closed_by_the_word_of_two_people(
    partner: Partner,
) -> None:
    ref = await partner.loan("held")
    opened = SagaCase(kind="unresolved", cause="b2c", amount=SHILLINGS_100, facts={"why": "x"})
    await partner.sagas.commit(step(ref, believes="held", case=opened, needs_review=True))
    await partner.sagas.commit(step(ref, key="again", believes="held", case=opened))
    decided = step(
        ref, key="decided", believes="held", closes="succeeded", actor="amina", approver="brian"
    )
    await partner.sagas.commit(decided)
    cases = partner.read("select state, decision, actor, approver from cases where saga_id = %s",
                         uuid_of(ref))  # fmt: skip
    assert cases == [("decided", "succeeded", "amina", "brian")]
