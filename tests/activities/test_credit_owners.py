"""Money of our own that comes back, or arrives where it was sent, finds the saga that sent it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from activities.accepting import Newcomer, accept
from activities.bank_credits import BankCredits
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.bank_credit import BankCreditOrder, instructions_in
from models.ids import PLATFORM_ORG
from models.money import Money
from models.places import BankAccount
from models.saga import SagaKind, SagaRef
from models.saga_view import PREFIXES
from runtime.database import Database
from tests.conftest import Urls

_CASES = "select kind, amount, saga_id from cases where data->>'receipt' = %s"
_INSTRUCT = """
insert into instructions (id, org_id, livemode, saga_id, number, rail, state, our_reference)
values (%s, %s, false, %s, 1, %s, %s, %s)"""
_TOLD = """
insert into evidence (id, org_id, livemode, attempt_id, source, verdict, reason, receipt)
values (%s, %s, false, %s, 'statement', 'refused', 'reversed', %s)"""
HERE, WAVE, ELSEWHERE = "ncba/77445", "wave/collections", "ncba/99"
AMOUNT = Money(150_000, "KES")


@pytest.fixture
def bank_credits(database: Database) -> BankCredits:
    return BankCredits(database, VaultBooking(Book()))


def credit(**changes: Any) -> BankCreditOrder:
    order = BankCreditOrder(
        receipt=ids.mint("ft"), bank_reference=None, amount=AMOUNT,
        into=BankAccount(bank="ncba", account="77445"), evidence_id=ids.mint(ids.EVIDENCE),
        livemode=False,
    )  # fmt: skip
    return replace(order, **changes)


async def a_saga(database: Database, kind: SagaKind, state: str, **changes: Any) -> SagaRef:
    org = ids.shown(ids.ORG, PLATFORM_ORG)
    ref = SagaRef(id=ids.mint(PREFIXES[kind]), kind=kind, org_id=org, livemode=False)
    new = Newcomer(
        ref=ref, state=state, workflow="w", sealed=b"x", at=datetime.now(UTC), actor="mara",
        amount=AMOUNT, reference=ids.top_up_reference(ref.id),
    )  # fmt: skip
    async with database.scoped(PLATFORM_ORG, False) as connection:
        assert await accept(connection, replace(new, **changes))
    return ref


async def a_move(database: Database, state: str, ends: tuple[str, str]) -> SagaRef:
    shown = {"from": ends[0], "to": ends[1]}
    return await a_saga(database, SagaKind.CLEARING, state, data=shown)


async def instructed(
    database: Database, kind: SagaKind, state: str, *, rail: str, stands: str
) -> tuple[str, str, tuple[str, ...]]:
    """A saga with one instruction; both names, and the words the bank shows it under."""
    ref = await a_saga(database, kind, state)
    named = ids.instruction_id(ref.id, rail, 1)
    ours = named if kind is SagaKind.PAYOUT else ids.originator_reference(named)
    row: list[Any] = [ids.parsed(ids.INSTRUCTION, named), PLATFORM_ORG]
    row += [ids.parsed(PREFIXES[kind], ref.id), rail, stands, ours]
    async with database.scoped(PLATFORM_ORG, False) as connection:
        await connection.execute(_INSTRUCT, row)
    return ref.id, named, instructions_in([f"REVERSAL {ours.upper()} salary"])


async def back_under(database: Database, about: UUID, receipt: str) -> None:
    """The bank has told of it before."""
    async with database.scoped(PLATFORM_ORG, False) as connection:
        await connection.execute(_TOLD, [ids.uuid7(), PLATFORM_ORG, about, receipt])


async def test_money_for_a_move_that_has_ended_is_held_with_a_case_about_it(
    urls: Urls, database: Database, bank_credits: BankCredits
) -> None:
    ref = await a_move(database, "returned", (WAVE, HERE))
    order = credit(reference=ids.top_up_reference(ref.id))
    told = [await bank_credits.suspend(order, ref) for _ in range(2)]
    with psycopg.connect(urls.admin) as connection:
        cases = connection.execute(_CASES, [order.receipt]).fetchall()
    assert told == ["suspended", "suspended"]
    assert cases == [("late_money", 150_000, ids.parsed(ids.CLEARING, ref.id))]


@pytest.mark.parametrize(
    ("state", "ends", "stands"),
    [
        ("sent", (WAVE, HERE), (True, False)),
        ("sent", (HERE, WAVE), (True, True)),
        ("returned", (HERE, WAVE), (False, True)),
        ("rejected", (HERE, WAVE), (False, True)),
        ("arrived", (HERE, WAVE), (False, False)),
        ("sent", (WAVE, ELSEWHERE), None),
    ],
)
async def test_a_move_arrives_at_one_end_is_back_at_the_other_and_is_nobodys_elsewhere(
    database: Database,
    bank_credits: BankCredits,
    state: str,
    ends: tuple[str, str],
    stands: tuple[bool, bool] | None,
) -> None:
    ref = await a_move(database, state, ends)
    owner = await bank_credits.owner(credit(reference=ids.top_up_reference(ref.id)))
    assert (owner and (owner.open, owner.back)) == stands


async def test_a_part_of_a_move_that_came_back_is_for_people(
    database: Database, bank_credits: BankCredits
) -> None:
    ref = await a_move(database, "sent", (HERE, WAVE))
    part = credit(reference=ids.top_up_reference(ref.id), amount=Money(149_000, "KES"))
    assert await bank_credits.owner(part) is None


@pytest.mark.parametrize(
    ("kind", "steps", "stands"),
    [
        (SagaKind.PAYOUT, ("processing", "eft", "accepted"), ("open", "back", "hint")),
        (SagaKind.PAYOUT, ("paid", "eft", "succeeded"), ("back", "listens")),
        (SagaKind.PAYOUT, ("failed", "eft", "failed"), ("back",)),
        (SagaKind.FLOAT, ("purchasing", "ncba_float", "accepted"), ("open", "back")),
        (SagaKind.FLOAT, ("credited", "ncba_float", "succeeded"), ("back",)),
        (SagaKind.FLOAT, ("returning", "ncba_return", "accepted"), ("open",)),
    ],
)
async def test_money_that_names_an_instruction_of_ours_is_its_sagas(
    database: Database,
    bank_credits: BankCredits,
    kind: SagaKind,
    steps: tuple[str, str, str],
    stands: tuple[str, ...],
) -> None:
    state, rail, instruction = steps
    saga, named, words = await instructed(database, kind, state, rail=rail, stands=instruction)
    owner = await bank_credits.owner(credit(names=words))
    assert owner is not None
    shown = tuple(one for one in ("open", "back", "hint", "listens") if getattr(owner, one))
    assert (owner.saga.id, owner.about, shown) == (saga, named, stands)


@pytest.mark.parametrize(("receipt", "nobodys"), [("FT-SAME", False), ("FT-OTHER", True)])
async def test_what_came_back_once_and_comes_again_under_another_number_is_money_more(
    database: Database, bank_credits: BankCredits, receipt: str, nobodys: bool
) -> None:
    _, named, words = await instructed(
        database, SagaKind.PAYOUT, "returned", rail="eft", stands="reversed"
    )
    await back_under(database, ids.parsed(ids.INSTRUCTION, named), "ft-same")
    owner = await bank_credits.owner(credit(names=words, receipt=receipt))
    assert (owner is None) is nobodys


@pytest.mark.parametrize(("receipt", "back"), [("FT-SAME", True), ("FT-OTHER", False)])
async def test_a_move_that_is_back_and_comes_back_again_is_late_money(
    database: Database, bank_credits: BankCredits, receipt: str, back: bool
) -> None:
    ref = await a_move(database, "returned", (HERE, WAVE))
    await back_under(database, ids.parsed(ids.CLEARING, ref.id), "ft-same")
    told = credit(reference=ids.top_up_reference(ref.id), receipt=receipt)
    owner = await bank_credits.owner(told)
    assert owner is not None
    assert (owner.open, owner.back) == (False, back)


@pytest.mark.parametrize(
    ("rail", "changes"),
    [("wave", {}), ("eft", {"amount": Money(150_001, "KES")}), ("eft", {"livemode": True})],
)
async def test_another_amount_another_mode_or_a_wallets_instruction_is_nobodys(
    database: Database, bank_credits: BankCredits, rail: str, changes: dict[str, Any]
) -> None:
    _, _, words = await instructed(database, SagaKind.PAYOUT, "paid", rail=rail, stands="succeeded")
    assert await bank_credits.owner(credit(names=words, **changes)) is None
