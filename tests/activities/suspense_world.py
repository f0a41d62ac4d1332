"""A session that was given up, money that came all the same, and two people who decide."""

from typing import Any

import psycopg

from activities.cases import Cases
from activities.records import Records
from activities.refund_accepting import RefundDesk
from activities.strays import Strays
from activities.suspense_refunds import SuspenseRefunds
from ledger.book import Book
from ledger.booking import Booking
from ledger.vault_booking import VaultBooking
from models import ids
from models.case import CaseDecision, CaseWord
from models.charge import Question
from models.reading import Verdict
from models.refund_order import RefundRail
from models.stray import StrayOrder
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.accepted import accept
from tests.activities.refunds_world import PAYER, Refunded, rail
from tests.conftest import Urls

BOOKING = Booking(Book(), {"mpesa": "collections"})


class Suspended(Refunded):
    """KES 100.00 of one payer, which came when the session had ended."""

    def __init__(self, urls: Urls, database: Database, vault: Vault) -> None:
        super().__init__(urls, database, vault)
        self.paid = accept(urls.admin, attempt_state="failed", status="canceled")
        self.org = ids.parsed(ids.ORG, self.paid.org)
        self.case = ""

    async def came(self) -> "Suspended":
        """The money is told of, and lies in suspense."""
        sealed = await self.vault.seal(
            self.org, livemode=False, field="payer", plain=PAYER.encode()
        )
        attempt = ids.parsed(ids.ATTEMPT, self.paid.attempt)
        self.read("update attempts set payer_sealed = %s where id = %s", sealed, attempt)
        named = ids.parsed(ids.CHECKOUT, self.paid.checkout)
        self.read("update checkouts set state = 'canceled' where id = %s", named)
        self.case = await self.told(f"L{self.paid.attempt[-8:]}")
        return self

    async def told(self, receipt: str) -> str:
        """Money under this receipt; its case."""
        order = StrayOrder(
            key=receipt,
            org_id=self.paid.org,
            livemode=False,
            checkout_id=self.paid.checkout,
            payment_id=self.paid.payment,
            attempt_id=self.paid.attempt,
            report=self.paid.report(Verdict.SETTLED, receipt),
            question=Question(provider="mpesa", charge=self.paid.prompt().attempt.charge),
        )
        await Strays(self.database, Records(self.database, BOOKING)).weigh(order)
        query = "select id from cases where payment_id = %s order by opened_at desc limit 1"
        ((case,),) = self.read(query, ids.parsed(ids.PAYMENT, self.paid.payment))
        return ids.shown(ids.CASE, case)

    def decision(self, word: CaseWord = CaseWord.REFUND, **changes: Any) -> CaseDecision:
        """Two people say what becomes of it."""
        fields: dict[str, Any] = {
            "case_id": self.case, "org_id": self.paid.org, "livemode": False, "word": word,
            "actor": "op.amina", "approver": "op.brian", "reason": "the payer wants it back",
            "refund_id": ids.mint(ids.REFUND) if word is CaseWord.REFUND else None,
        }  # fmt: skip
        return CaseDecision(**{**fields, **changes})

    async def decide(self, decision: CaseDecision, by: RefundRail | None = None) -> str:
        """Write it; `by`: what M-Pesa can do."""
        desk = RefundDesk(self.vault, {"mpesa": by or rail()})
        refunds = SuspenseRefunds(self.vault, desk, VaultBooking(Book()))
        return await Cases(self.database, BOOKING, refunds).decide(decision)

    def refunds(self) -> list[tuple[str, str]]:
        """Every refund there is, with its state, oldest first."""
        query = """select id, state from sagas where kind = 'refund' and org_id = %s
          order by created_at, id"""
        return [(ids.shown(ids.REFUND, name), state) for name, state in self.read(query, self.org)]

    def decided(self) -> tuple[str, str | None, str | None]:
        """How the case stands: state, word, who."""
        query = "select state, decision, actor from cases where id = %s"
        ((state, word, actor),) = self.read(query, ids.parsed(ids.CASE, self.case))
        return state, word, actor

    def lies(self) -> dict[str, int]:
        """What the entries of this organisation left in each account, claims positive."""
        query = """select a.name,
          sum(case l.side when 'credit' then l.amount else -l.amount end)::int
          from ledger_lines l join ledger_accounts a on a.id = l.account_id
          join ledger_entries e on e.seq = l.entry_seq where e.org_id = %s group by a.name"""
        with psycopg.connect(self.urls.admin) as connection:
            rows = connection.execute(query, [self.org]).fetchall()
        return {name: total for name, total in rows if total}
