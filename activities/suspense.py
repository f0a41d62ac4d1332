"""Exceptions, by the word of two people, once: bank credits in suspense, cases without money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from activities import message_rows
from activities.addressing import Addressing
from activities.sagas import VaultBooks
from activities.wallet_alerts import crossed
from models import faultpoints, ids
from models.messages import Notice
from models.money import Money
from models.saga import SagaKind
from models.suspense_decisions import (
    SuspenseDecision,
    SuspenseWord,
    against_dismissal,
    against_moving,
    postings,
)

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

_SYSTEM, _OURS = "set local role kauri_system", "reset role"
_LOCK = """
select k.*, s.kind as saga_kind, s.state as saga_state
  from cases k left join sagas s on s.id = k.saga_id
 where k.id = %s and k.livemode = %s for update of k"""
_PARTNER = "select 1 from orgs where id = %s and kind = 'partner'"
_DECIDE = """
update cases set state = 'decided', decision = %s, actor = %s, approver = %s, reason = %s,
  decided_at = %s where id = %s"""
_REVIEWED = """
update sagas s set needs_review = exists (
    select 1 from cases k where k.saga_id = s.id and k.state = 'open') where s.id = %s"""


class NotDecidable(Exception):
    """The case is not there, does not fit the decision, or is decided; the text says which."""


@dataclass(frozen=True, slots=True)
class _Act:
    """One decision about one locked case; `org` is whose books move."""

    decision: SuspenseDecision
    case: Mapping[str, Any]
    org: UUID

    @property
    def amount(self) -> Money:
        return Money(self.case["amount"], self.case["currency"])


class Suspense:
    """The only one who decides cases that no running saga decides."""

    def __init__(self, database: "Database", vault: "Vault", books: VaultBooks) -> None:
        self._database = database
        self._addressing = Addressing(vault)
        self._books = books

    async def decide(self, decision: SuspenseDecision, *, case_org: UUID) -> None:
        """Move the money and close the case in one transaction; tell the partner.

        `case_org` is whose case it is. Raises NotDecidable, and what the ledger refuses.
        """
        named = decision.organisation
        org = ids.parsed(ids.ORG, named) if named else case_org
        if case_org not in {org, ids.PLATFORM_ORG}:
            raise NotDecidable("the money is in another partner's name")
        if decision.word is SuspenseWord.CREDIT and not await self._lends(org):
            raise NotDecidable("name the partner whose wallet it belongs to")
        await self._addressing.ready(org, livemode=decision.livemode)
        await faultpoints.reach("exception.before", decision.case_id)
        async with self._database.scoped(org, decision.livemode) as connection:
            await self._decide(connection, decision, org)
        await faultpoints.reach("exception.after", decision.case_id)

    async def _decide(
        self, connection: "Connection", decision: SuspenseDecision, org: UUID
    ) -> None:
        act = _Act(decision, await _locked(connection, decision), org)
        if decision.word is not SuspenseWord.DISMISS:
            await self._book(connection, act)
            await faultpoints.reach("exception.booked", decision.case_id)
        await _close(connection, act)
        if decision.word is SuspenseWord.CREDIT:
            await self._tell(connection, act)

    async def _lends(self, org: UUID) -> bool:
        async with self._database.system() as connection:
            return await (await connection.execute(_PARTNER, [org])).fetchone() is not None

    async def _book(self, connection: "Connection", act: _Act) -> None:
        about = ids.shown(ids.TOPUP, act.case["saga_id"]) if act.case["saga_id"] else None
        found = postings(
            act.decision.word, entry_id=act.case["entry_id"], amount=act.amount, about=about
        )
        for posting in found:
            booked = await self._books.book(
                connection, org=act.org, livemode=act.decision.livemode, posting=posting
            )
            if not booked.stands:
                raise NotDecidable("suspense does not hold the money any more")
            if booked.wallet is not None:
                await crossed(
                    connection,
                    org=act.org,
                    livemode=act.decision.livemode,
                    balance=booked.wallet.after,
                )

    async def _tell(self, connection: "Connection", act: _Act) -> None:
        notice = Notice(
            event="topup_credited",
            key=f"{act.decision.case_id}/credited",
            facts={"amount": str(act.amount), "receipt": act.case["data"].get("receipt", "-")},
        )
        letters = await self._addressing.letters(
            connection, act.org, livemode=act.decision.livemode, notices=[notice]
        )
        for letter in letters:
            await message_rows.queue(connection, letter)


async def _locked(connection: "Connection", decision: SuspenseDecision) -> Mapping[str, Any]:
    await connection.execute(_SYSTEM)
    values = [ids.parsed(ids.CASE, decision.case_id), decision.livemode]
    case = await (await connection.execute(_LOCK, values)).fetchone()
    await connection.execute(_OURS)
    refused = _against(decision.word, case)
    if case is None or refused:
        raise NotDecidable(refused)
    return case


def _against(word: SuspenseWord, case: Mapping[str, Any] | None) -> str | None:
    if case is None or case["checkout_id"] is not None:
        return "there is no such exception"
    if case["state"] != "open":
        return f"decided already: {case['decision']}"
    if word is SuspenseWord.DISMISS:
        kind = case["saga_kind"] and SagaKind(case["saga_kind"])
        return against_dismissal(case["kind"], kind, case["saga_state"])
    return against_moving(case["kind"], case["entry_id"])


async def _close(connection: "Connection", act: _Act) -> None:
    decision = act.decision
    people = [decision.actor, decision.approver, decision.reason]
    await connection.execute(_SYSTEM)
    await connection.execute(_DECIDE, [decision.word, *people, datetime.now(UTC), act.case["id"]])
    await connection.execute(_REVIEWED, [act.case["saga_id"]])
    await connection.execute(_OURS)
