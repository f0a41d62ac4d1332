"""The bank's statement as the second witness: credits no notice told us of begin all the same."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter
from temporalio import activity

from activities.clock import utc_now
from models import ids, topup
from models.bank_credit import BANK_CREDIT, BankCreditOrder, instructions_in
from models.banking import Side, Statement, StatementLine, words_like
from models.ids import PLATFORM_ORG
from models.mpesa_receipt import receipts_among
from models.places import BankAccount
from models.reading import Source

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

#: As long as an M-Pesa receipt, the other name of the same money.
_LIKE_A_RECEIPT = re.compile(r"[A-Z0-9]{10}")
_ORDER = TypeAdapter(BankCreditOrder)
_START = """
insert into starts (id, org_id, livemode, kind, payload_sealed)
values (%s, %s, %s, %s, %s) on conflict (id) do nothing returning id"""


class ReadsStatements(Protocol):
    """A bank that shows what moved."""

    async def statement(self, account: str, first: date, last: date) -> Statement:
        """The account's lines of those value dates. Raises Unreachable or Ambiguous."""
        ...


class BankStatements:
    """Follows one account. Without a bank there is nothing to follow."""

    def __init__(
        self,
        database: "Database",
        vault: "Vault",
        bank: ReadsStatements | None,
        account: str,
        *,
        livemode: bool,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._vault = vault
        self._bank = bank
        self._account = account
        self._livemode = livemode
        self._clock = clock

    @activity.defn(name="bank.follow_statement")
    async def follow(self) -> int:
        """Accept the credits of today and yesterday; returns how many were new to us.

        A credit a notice told of runs or ran under the same name, and is left alone.
        """
        if self._bank is None:
            return 0
        today = self._clock().date()
        said = await self._bank.statement(
            self._account, today - timedelta(days=1), today + timedelta(days=1)
        )
        credits_told = [line for line in said.lines if line.side is Side.CREDIT and line.reference]
        return sum([await self._accept(line) for line in credits_told])

    async def _accept(self, line: StatementLine) -> bool:
        order = self._order(line)
        sealed = await self._vault.seal(
            PLATFORM_ORG, livemode=self._livemode, field="start", plain=_ORDER.dump_json(order)
        )
        values = [order.workflow_id, PLATFORM_ORG, self._livemode, BANK_CREDIT, sealed]
        async with self._database.scoped(PLATFORM_ORG, self._livemode) as connection:
            return await (await connection.execute(_START, values)).fetchone() is not None

    def _order(self, line: StatementLine) -> BankCreditOrder:
        ours = words_like(line.texts, topup.REFERENCE)
        return BankCreditOrder(
            receipt=line.reference or "",
            bank_reference=None,
            aliases=receipts_among(words_like(line.texts, _LIKE_A_RECEIPT) - ours, line.on),
            amount=line.amount,
            into=BankAccount(bank="ncba", account=self._account),
            evidence_id=ids.mint(ids.EVIDENCE),
            livemode=self._livemode,
            reference=next(iter(ours)) if len(ours) == 1 else None,
            names=instructions_in(line.texts),
            source=Source.STATEMENT,
        )
