"""One collection on its way: what its stages share."""

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from temporalio import workflow

from activities.account_matching import AccountMatching
from activities.collection_letters import CollectionLetters
from activities.collection_rows import CollectionRows
from models.account_matching import Match, Target, shown_reference
from models.collection import CollectionState
from models.collection_confirmation import PaymentTold, Truth, truth
from models.collection_decisions import CollectionDecision
from models.collection_order import CollectionMemory, CollectionOrder, MatchOrder, Paid, TellOrder
from models.messages import Notice
from models.saga import SagaCase, SagaWritten, Shown, Trouble
from workflows.leg_plan import Ears
from workflows.policies import ASKS, WRITES, ordinary
from workflows.saga import OPENED, Change, Saga

#: A decision, and the account it names as the lender's books have it.
Decided = tuple[CollectionDecision, Target | None]
_DENIALS = frozenset({Truth.FALSE, Truth.NOT_FOUND})


class CollectionRun:
    """The run's memory. What is not written is not believed."""

    def __init__(self, order: CollectionOrder) -> None:
        self.order = order
        self.saga = Saga(order.saga, order.state, f"{order.partner or order.short_code}, pay bill")
        self.ears = Ears()
        self.known = order.memory or CollectionMemory(paid=order.paid)
        self.out: str | None = None
        self.decisions: list[Decided] = []
        self.answers: list[PaymentTold] = []

    @property
    def paid(self) -> Paid:
        """The money; every stage after the prompt has it."""
        if self.known.paid is None:
            raise RuntimeError(f"{self.saga.ref.id} is {self.saga.state}: nothing says what came")
        return self.known.paid

    @property
    def target(self) -> Target:
        """Where it belongs; every stage after the match has it."""
        if self.known.target is None:
            raise RuntimeError(f"{self.saga.ref.id} is {self.saga.state}: nothing says whose it is")
        return self.known.target

    async def write(self, change: Change, **memory: Any) -> SagaWritten:
        """Write one step and remember what goes with it; moved elsewhere, recall what is there."""
        written = await self.saga.write(change)
        if written.applied:
            self.known = dataclasses.replace(self.known, **memory)
        elif written.trouble is Trouble.MOVED:
            await self.recall()
        return written

    @property
    def said(self) -> bool:
        """Whether anything was said that is not kept yet."""
        return bool(self.ears.heard or self.answers)

    async def keep(self) -> None:
        """Keep what was said first: nothing follows from it by rule.

        Where the row was moved meanwhile nothing is kept, and it is said still.
        """
        if not self.ears.heard:
            await self.keep_answer(Change())
            return
        written = await self.write(Change(evidence=(self.ears.heard[0],)))
        if written.applied:
            self.ears.heard.pop(0)

    async def keep_answer(self, change: Change) -> None:
        """Keep M-Pesa's first answer, with what follows from it."""
        report = self.answers[0].report(self.saga.ref.id)
        written = await self.write(dataclasses.replace(change, evidence=(report,)))
        if written.applied:
            self.answers.pop(0)

    def denied(self, told: PaymentTold) -> Change:
        """A case where M-Pesa denies what is posted; an answer that says nothing is none."""
        posted = self.saga.state == CollectionState.POSTED
        word = truth(told, self.paid, self.order.short_code) if posted else Truth.OPEN
        if word not in _DENIALS:
            return Change()
        facts: dict[str, Shown] = {"receipt": self.paid.receipt, "said": str(word)}
        case = SagaCase(
            kind="contradiction", cause=told.evidence_id, amount=self.paid.amount, facts=facts
        )
        return Change(case=case, events=(OPENED,), needs_review=True)

    async def recall(self) -> None:
        """The memory as the row has it."""
        self.known = await workflow.execute_activity_method(
            CollectionRows.remember, self.order.saga, **ordinary(ASKS, "recall what is written")
        )

    async def match(self, account: str, payer: str | None, patience: timedelta) -> Match:
        """Whose it is. Raises ActivityError when the books are silent for so long."""
        order = MatchOrder(
            org_id=self.order.saga.org_id,
            livemode=self.order.saga.livemode,
            account=account,
            payer=payer,
            currency=self.order.amount.currency,
        )
        policy = ordinary(ASKS, "look for the account in the lender's books")
        policy["schedule_to_close_timeout"] = patience
        return await workflow.execute_activity_method(AccountMatching.match, order, **policy)

    async def suspend(
        self,
        why: str,
        change: Change = Change(),  # noqa: B008 - frozen, and nothing in it
        *,
        kind: str = "unmatched_collection",
        facts: Mapping[str, Shown] = MappingProxyType({}),
        tries: int = 0,
    ) -> None:
        """Nobody can be credited by rule: it waits in suspense for two people.

        `tries`: the keys used at the lender, where that is more than is remembered.
        """
        shown: dict[str, Shown] = {"why": why}
        case = SagaCase(
            kind=kind,
            cause=str(self.known.posting),
            amount=self.paid.amount,
            facts={
                "receipt": self.paid.receipt,
                "account": shown_reference(self.order.account),
                "paid_at": self.paid.paid_at.isoformat(),
                **facts,
                **shown,
            },
        )
        suspended = dataclasses.replace(
            change,
            to=CollectionState.SUSPENSE,
            reason=why,
            shows={**change.shows, **shown},
            case=case,
            events=("c2b_receipt.suspended", OPENED),
            notices=(self._alert(why),),
            needs_review=True,
        )
        again: dict[str, Any] = {"target": None, "posting": self.known.posting + 1}
        await self.write(suspended, **again, tries=max(tries, self.known.tries) + 1)

    async def told(self, event: str) -> tuple[Notice, ...]:
        """What the client is told."""
        rung = self.order.prompt_terms is not None
        order = TellOrder(
            saga=self.order.saga,
            event=event,
            target=self.target,
            amount=self.paid.amount,
            receipt=self.paid.receipt,
            phone=self.order.payer if rung else None,
        )
        return await workflow.execute_activity_method(
            CollectionLetters.compose, order, **ordinary(WRITES, "compose what the client is told")
        )

    def turn_over(self) -> None:
        """Go on in a new run before the history grows too long; never returns then."""
        quiet = not self.said and not self.decisions and workflow.all_handlers_finished()
        if quiet and workflow.info().is_continue_as_new_suggested():
            order = dataclasses.replace(self.order, begun=self.saga.state, memory=self.known)
            workflow.continue_as_new(order)

    def scaled(self, seconds: float) -> timedelta:
        """A wait, shortened in tests."""
        return timedelta(seconds=seconds * self.order.scale)

    def _alert(self, why: str) -> Notice:
        """The partner's people hear of what waits for them."""
        saga = self.order.saga.id
        facts = {
            "what": f"Payment {self.paid.receipt} waits in suspense: {why.replace('_', ' ')}",
            "affected": str(self.paid.amount),
            "action": "say which account it belongs to, or that it was sent back",
        }
        key = f"{saga}/suspended/{self.known.posting}"
        return Notice(event="system_error", key=key, facts=facts, about=saga)


def shown_target(target: Target, rung: str) -> dict[str, Shown]:
    """What the row shows of an account."""
    return {
        "target": str(target.kind),
        "account": target.account_no,
        "account_id": target.id,
        "client_id": target.client_id,
        "matched_by": rung,
    }


def shown_payment(paid: Paid) -> dict[str, Shown]:
    """What the row shows of the money."""
    return {
        "receipt": paid.receipt,
        "received": paid.amount.minor,
        "paid_at": paid.paid_at.isoformat(),
    }
