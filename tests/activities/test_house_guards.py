"""What the database itself holds about the house's money: its calendar, and who confirms a move."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest

from activities.sagas import Sagas
from ledger.book import Book
from ledger.calendars import calendar
from ledger.vault_booking import VaultBooking
from models import ids
from models.clearing import ClearingState
from models.ids import PLATFORM_ORG
from models.saga import SagaKind, SagaRef, SagaStep
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls

_MOVE = """
insert into sagas (id, org_id, livemode, kind, state)
values (%s, %s, false, 'clearing_move', 'sent')"""
_ASKED = """
insert into approvals (saga_id, org_id, livemode, maker, asked_at, expires_at)
values (%s, %s, false, 'mara', now(), now())"""
NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("captured", "available"),
    [
        ((2027, 12, 9, 16), (2027, 12, 14, 8)),  # Jamhuri Day is a Sunday, and Monday is free
        ((2027, 10, 7, 16), (2027, 10, 12, 8)),  # Mazingira Day
        ((2027, 12, 23, 16), (2027, 12, 28, 8)),  # Boxing Day
        ((2026, 12, 10, 16), (2026, 12, 14, 8)),  # a Saturday moves nothing
    ],
)
async def test_a_holiday_on_a_sunday_frees_the_monday_in_kenya(
    database: Database, captured: tuple[int, int, int, int], available: tuple[int, int, int, int]
) -> None:
    async with database.scoped(PLATFORM_ORG, True) as connection:
        rules = await calendar(connection)
    at = datetime(*captured, tzinfo=NAIROBI).astimezone(UTC)
    assert rules.available_at("cards", at) == datetime(*available, tzinfo=NAIROBI)


@pytest.fixture
def sent(urls: Urls) -> SagaRef:
    """A move that mara asked for, on its way."""
    named = ids.mint(ids.CLEARING)
    with psycopg.connect(urls.admin) as connection:
        row = ids.parsed(ids.CLEARING, named)
        connection.execute(_MOVE, [row, PLATFORM_ORG])
        connection.execute(_ASKED, [row, PLATFORM_ORG])
    house = ids.shown(ids.ORG, PLATFORM_ORG)
    return SagaRef(id=named, kind=SagaKind.CLEARING, org_id=house, livemode=False)


def concluded(move: SagaRef, actor: str, to: ClearingState) -> SagaStep:
    return SagaStep(
        key=f"{move.id}/{actor}",
        saga=move,
        at=datetime.now(UTC),
        actor=actor,
        believes=ClearingState.SENT,
        to=to,
    )


@pytest.mark.parametrize("ending", [ClearingState.ARRIVED, ClearingState.RETURNED])
async def test_whoever_asked_for_a_move_does_not_confirm_it(
    sent: SagaRef, ending: ClearingState, database: Database, vault: Vault
) -> None:
    sagas = Sagas(database, vault, VaultBooking(Book()))
    with pytest.raises(psycopg.errors.CheckViolation, match="does not confirm it"):
        await sagas.commit(concluded(sent, "mara", ending))
    assert (await sagas.commit(concluded(sent, "tess", ending))).state == ending
