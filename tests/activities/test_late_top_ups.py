"""Money for a top-up that ended is asked about and held for two people, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from pydantic import TypeAdapter
from temporalio.testing import ActivityEnvironment

from activities.accepting import Newcomer, accept
from activities.late_top_ups import LateTopUps
from activities.sagas import Sagas
from activities.top_ups import instruction
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.late import LateOrder
from models.money import Money
from models.places import ProviderWallet
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaKind, SagaRef
from models.topup import TopUpOrder, Via
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls

PAID = Reading(verdict=Verdict.SETTLED)
NO = Reading(verdict=Verdict.REFUSED, reason=Reason.PAYER_CANCELLED)


class Provider:
    """Answers questions about prompts with one reading."""

    def __init__(self, answer: Reading) -> None:
        self.answer = answer
        self.handles: list[str | None] = []

    async def ask(self, order: TopUpOrder, handle: str | None) -> ProviderReport:
        self.handles.append(handle)
        return ProviderReport(
            attempt_id=instruction(order), source=Source.QUERY, reading=self.answer,
            evidence_id=ids.mint(ids.EVIDENCE),
        )  # fmt: skip


class Ended:
    """One top-up by phone that expired, and what came for it afterwards."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database, self.vault = urls, database, vault
        self.org, self.handle = ids.uuid7(), ids.mint("ws")
        self.read("insert into orgs (id, kind, name) values (%s, 'partner', 'S') returning 1",
                  self.org)  # fmt: skip
        saga = SagaRef(
            id=ids.mint(ids.TOPUP), kind=SagaKind.TOPUP, org_id=ids.shown(ids.ORG, self.org),
            livemode=False,
        )  # fmt: skip
        self.order = TopUpOrder(
            saga=saga, amount=Money(300_000, "KES"), reference=ids.top_up_reference(saga.id),
            via=Via.MOBILE_MONEY, into=ProviderWallet(provider="mpesa", wallet="collections"),
            expires_at=datetime.now(UTC) + timedelta(hours=1), payer="254712000001",
        )  # fmt: skip

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            return connection.execute(query, values).fetchall()

    async def accepted(self) -> None:
        plain = TypeAdapter(TopUpOrder).dump_json(self.order)
        sealed = await self.vault.seal(self.org, livemode=False, field="start", plain=plain)
        new = Newcomer(
            ref=self.order.saga, state="expired", workflow="wallet-topup", sealed=sealed,
            at=datetime.now(UTC), actor="shop", amount=self.order.amount,
        )  # fmt: skip
        async with self.database.scoped(self.org, False) as connection:
            assert await accept(connection, new)

    def told(self, receipt: str = "TKL1XYZ9AB", amount: int = 300_000) -> LateOrder:
        reading = replace(PAID, receipt=receipt, amount=Money(amount, "KES"))
        report = ProviderReport(
            attempt_id=instruction(self.order), source=Source.CALLBACK, hint=True,
            reading=replace(reading, provider_reference=self.handle),
            evidence_id=ids.mint(ids.EVIDENCE),
        )  # fmt: skip
        return LateOrder(saga=self.order.saga, report=report)

    async def weigh(self, provider: Provider, late: LateOrder) -> str:
        books = Sagas(self.database, self.vault, VaultBooking(Book()))
        weighing = LateTopUps(self.database, self.vault, provider, books)
        return await ActivityEnvironment().run(weighing.weigh, late)

    def held(self) -> list[tuple[Any, ...]]:
        query = "select e.id, l.amount from ledger_entries e join ledger_lines l on" \
                " l.entry_seq = e.seq where e.org_id = %s and l.side = 'credit'"  # fmt: skip
        return self.read(query, self.org)

    def cases(self) -> list[tuple[Any, ...]]:
        return self.read("select kind, entry_id, amount from cases where org_id = %s", self.org)


@pytest.fixture
async def ended(urls: Urls, database: Database, vault: Vault) -> Ended:
    made = Ended(urls, database, vault)
    await made.accepted()
    return made


async def test_confirmed_money_is_held_and_its_case_names_the_entry_that_holds_it(
    ended: Ended,
) -> None:
    provider = Provider(PAID)
    assert await ended.weigh(provider, ended.told()) == "suspended"
    ((entry, amount),) = ended.held()
    assert (amount, provider.handles) == (300_000, [ended.handle])
    assert ended.cases() == [("late_money", entry, 300_000)]


async def test_money_the_provider_denies_is_only_evidence(ended: Ended) -> None:
    assert await ended.weigh(Provider(NO), ended.told()) == "evidence"
    assert (ended.held(), ended.cases()) == ([], [])


async def test_the_same_receipt_told_again_is_known(ended: Ended) -> None:
    said = [await ended.weigh(Provider(PAID), ended.told("TKL2XYZ9AB")) for _ in range(2)]
    assert said[0] == "suspended"
    assert len(ended.held()) == 1


async def test_an_unsigned_message_never_raises_the_amount(ended: Ended) -> None:
    await ended.weigh(Provider(PAID), ended.told("TKL3XYZ9AB", amount=9_000_000))
    assert [amount for _, amount in ended.held()] == [300_000]
