"""A payment M-Pesa takes back after its loan has ended goes to review; other words do not."""

from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.late import Late
from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.late import LateOrder
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaKind, SagaRef, SagaStep, SagaWritten
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.lending_rows import Partner
from tests.conftest import Urls

BACK = Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED)
DECLINED = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED)
PAID = Reading(verdict=Verdict.SETTLED, receipt="TKL3XYZ9AB")


class MovedSagas(Sagas):
    """Another workflow brings the row to `to` after it was looked at, once."""

    to: str | None = None

    def __init__(self, partner: Partner, to: str) -> None:
        super().__init__(partner.database, partner.vault, VaultBooking(Book()))
        self._partner, self.to = partner, to

    async def commit(self, step: SagaStep) -> SagaWritten:
        to, self.to = self.to, None
        if to is not None:
            row = ids.parsed(ids.LOAN, step.saga.id)
            self._partner.read("update sagas set state = %s where id = %s returning 1", to, row)
        return await super().commit(step)


async def told_late(
    partner: Partner, state: str, reading: Reading, *, sagas: Sagas | None = None, times: int = 1
) -> tuple[str, Any]:
    """Say it of the payout of a loan in that state; the answer, state and case of the row."""
    saga = partner.saga(state)
    payout = ids.instruction_id(saga, "mpesa_b2c", 1)
    ended = "failed" if state == "failed" else "succeeded"
    partner.read(
        "insert into instructions (id, org_id, livemode, saga_id, number, rail, state,"
        " our_reference) values (%s, %s, false, %s, 1, 'mpesa_b2c', %s, %s)",
        *[ids.parsed(ids.INSTRUCTION, payout), partner.org, ids.parsed(ids.LOAN, saga)],
        *[ended, saga],
    )
    ref = SagaRef(id=saga, kind=SagaKind.LOAN, org_id=partner.org_id, livemode=False)
    report = ProviderReport(
        attempt_id=payout,
        source=Source.QUERY,
        reading=reading,
        evidence_id=ids.mint(ids.EVIDENCE),
    )
    late = Late(partner.database, sagas or partner.sagas)
    order = LateOrder(saga=ref, report=report)
    said = [await ActivityEnvironment().run(late.weigh, order) for _ in range(times)][-1]
    found = partner.read(
        "select s.state, k.kind from sagas s left join cases k on k.saga_id = s.id where s.id = %s",
        ids.parsed(ids.LOAN, saga),
    )
    return str(said), found[0]


@pytest.mark.parametrize(
    ("state", "reading", "found"),
    [
        ("disbursed", BACK, ("case", ("reversal_review", "payment_reversed"))),
        ("disbursed", DECLINED, ("case", ("disbursed", "contradiction"))),
        ("disbursed", PAID, ("evidence", ("disbursed", None))),
        ("failed", PAID, ("case", ("failed", "contradiction"))),
        ("failed", BACK, ("evidence", ("failed", None))),
    ],
)
async def test_what_is_told_late(
    *, urls: Urls, database: Database, vault: Vault, state: str, reading: Reading, found: Any
) -> None:
    assert await told_late(Partner(urls, database, vault), state, reading) == found


async def test_what_is_told_while_the_row_moves_is_weighed_anew(
    urls: Urls, database: Database, vault: Vault
) -> None:
    partner = Partner(urls, database, vault)
    moved = MovedSagas(partner, "reversed")
    said = await told_late(partner, "disbursed", BACK, sagas=moved)
    assert said == ("case", ("reversed", "contradiction"))


async def test_what_is_told_again_after_it_was_kept_changes_nothing(
    urls: Urls, database: Database, vault: Vault
) -> None:
    said = await told_late(Partner(urls, database, vault), "disbursed", BACK, times=2)
    assert said == ("case", ("reversal_review", "payment_reversed"))
