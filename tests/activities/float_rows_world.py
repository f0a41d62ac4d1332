"""A partner that buys float, on a real database: its rows, its steps, what its bank shows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from temporalio.testing import ActivityEnvironment

from activities.accepting import Newcomer, accept
from activities.fence import Fence, Intent
from activities.sagas import Sagas
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.banking import (
    BankTransfer,
    FloatPurchase,
    ShortCodeCheck,
    Side,
    Statement,
    StatementLine,
)
from models.float_order import FLOAT
from models.lifecycle import AttemptState
from models.money import Money
from models.payout import Transfer
from models.places import BankAccount, ReceiptClaim
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import SagaKind, SagaRef, SagaStep, SagaWritten
from models.tariff import ChargeLine, TariffCode
from models.vault_postings import FloatApproved, TopUpCredited
from providers.contract import Unreachable
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls

AMOUNT, SHORT_CODE = Money(5_000_000, "KES"), "600100"
#: Float and charges.
TOTAL = 5_008_800
POOL = BankAccount(bank="ncba", account="7744510018")
CHARGES = (
    ChargeLine(code=TariffCode.FLOAT_TRANSFER, net=Money(5_000, "KES"), tax=Money(800, "KES")),
    ChargeLine(code=TariffCode.FLOAT_PROCESSING, net=Money(3_000, "KES"), tax=Money(0, "KES")),
)


async def run(activity: Any, *arguments: Any) -> Any:
    """What the activity answers."""
    return await ActivityEnvironment().run(activity, *arguments)


class StatedBank:
    """Shows the lines it was given; takes whatever it is told."""

    def __init__(self) -> None:
        self.lines: list[StatementLine] = []
        self.whole = True
        self.asked: list[tuple[str, date, date]] = []
        self.said: Reading | Exception = Reading(verdict=Verdict.PENDING, provider_code="000")
        self.owner: ShortCodeCheck | Exception = ShortCodeCheck(
            name="ACME LTD", reading=Reading(verdict=None)
        )
        self.orders: list[FloatPurchase | BankTransfer] = []

    async def statement(self, account: str, first: date, last: date) -> Statement:
        self.asked.append((account, first, last))
        return Statement(lines=tuple(self.lines), whole=self.whole, reading=Reading(verdict=None))

    async def buy_float(self, order: FloatPurchase) -> Reading:
        self.orders.append(order)
        return self._answer()

    async def transfer(self, order: BankTransfer) -> Reading:
        self.orders.append(order)
        return self._answer()

    async def validate_short_code(self, short_code: str) -> ShortCodeCheck:
        del short_code
        if isinstance(self.owner, Exception):
            raise self.owner
        return self.owner

    def _answer(self) -> Reading:
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


class ShortCodes:
    """The partner's short code, or none; counts questions for balances."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.away = False

    async def mpesa(self, _org: str, _livemode: bool, _purpose: str) -> "ShortCodes":
        return self

    async def transfer(self, transfer: Transfer) -> Reading:
        del transfer
        return Reading(verdict=Verdict.PENDING)

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        del timeout_url
        if self.away:
            raise Unreachable("down")
        self.questions.append(result_url)
        return Reading(verdict=None)


class FloatBuyer:
    """One partner with a wallet and one purchase."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        self.urls, self.database = urls, database
        self.sagas = Sagas(database, vault, VaultBooking(Book()))
        self.org = ids.uuid7()
        self.ref = self._ref()
        self._steps = 0
        self.read("insert into orgs (id, kind, name) values (%s, 'partner', 'Sacco') returning 1",
                  self.org)  # fmt: skip

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls.admin) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    async def accepted(self, minor: int = 10_000_000) -> "FloatBuyer":
        """With so much in the wallet, and a purchase that waits for its code."""
        new = Newcomer(
            ref=self.ref, state="otp_pending", workflow="float-purchase", sealed=b"order",
            at=datetime.now(UTC), actor="shop", claim=f"{SHORT_CODE}/{self.org}", amount=AMOUNT,
            data={"short_code": SHORT_CODE},
        )  # fmt: skip
        async with self.database.scoped(self.org, False) as connection:
            assert await accept(connection, new)
            await VaultBooking(Book()).book(
                connection, org=self.org, livemode=False, posting=_top_up(minor)
            )
        return self

    async def step(self, believes: str, to: str | None = None, **changes: Any) -> SagaWritten:
        self._steps += 1
        plain = SagaStep(
            key=f"{self.ref.id}/run/{self._steps}", saga=self.ref, at=datetime.now(UTC),
            actor="kauri", believes=believes, to=to,
        )  # fmt: skip
        return await self.sagas.commit(replace(plain, **changes))

    async def held(self) -> SagaWritten:
        hold = FloatApproved(purchase_id=self.ref.id, amount=AMOUNT, charges=CHARGES)
        return await self.step("otp_pending", "held", posting=hold)

    def intent(self, rail: str = FLOAT, number: int = 1, **changes: Any) -> Intent:
        named = ids.instruction_id(self.ref.id, rail, number)
        intent = Intent(
            saga=self.ref, instruction_id=named, rail=rail, number=number,
            our_reference=ids.originator_reference(named), believes="purchasing",
            sending="purchasing", amount=AMOUNT,
        )  # fmt: skip
        return replace(intent, **changes)

    async def sent(self, rail: str = FLOAT, number: int = 1, **changes: Any) -> Intent:
        intent = self.intent(rail, number, **changes)
        assert await Fence(self.sagas).open(intent)
        return intent

    async def ended(
        self, intent: Intent, state: AttemptState, believes: str, to: str, **changes: Any
    ) -> SagaWritten:
        report = ProviderReport(
            attempt_id=intent.instruction_id,
            source=Source.STATEMENT,
            reading=Reading(verdict=Verdict.SETTLED),
            evidence_id=ids.mint(ids.EVIDENCE),
        )
        changes = {"instruct": intent.instruct(state), "evidence": (report,), **changes}
        return await self.step(believes, to, **changes)

    def balances(self) -> dict[str, int]:
        """Every account of the ledger that is not empty, without whose it is."""
        query = "select name, sum(balance)::bigint from ledger_accounts group by name"
        partner = f"partner:{ids.shown(ids.ORG, self.org)}:"
        return {
            name.removeprefix(partner): int(balance)
            for name, balance in self.read(query)
            if balance and name.startswith(partner)
        }

    def _ref(self) -> SagaRef:
        return SagaRef(
            id=ids.mint(ids.FLOAT_PURCHASE),
            kind=SagaKind.FLOAT,
            org_id=ids.shown(ids.ORG, self.org),
            livemode=False,
        )


def line(reference: str, side: Side = Side.DEBIT, amount: Money = AMOUNT) -> StatementLine:
    return StatementLine(
        on=datetime.now(UTC).date(),
        side=side,
        amount=amount,
        reference="FT9",
        texts=(f"B2C float purchase {reference}",),
        balance=None,
    )


def _top_up(minor: int) -> TopUpCredited:
    number = ids.mint("r")
    return TopUpCredited(
        topup_id=ids.mint(ids.TOPUP),
        amount=Money(minor, "KES"),
        into=POOL,
        receipt=ReceiptClaim(rail="ncba", account=POOL.account, number=number),
    )
