"""M-Pesa took back what was posted: Mifos X is undone and read back, or two people waive it."""

import dataclasses

from temporalio import workflow

from activities.collection_letters import CollectionLetters
from activities.collection_undoing import CollectionUndoing, TakeBackOrder
from activities.fence import Intent
from models.collection import CollectionState
from models.collection_decisions import AfterReversal, ReversalOrder
from models.collection_order import POSTING_TERMS, REVERSAL, UNDO, TellOrder
from models.ids import instruction_id
from models.lifecycle import AttemptState
from models.messages import Notice
from models.reading import ProviderReport, Reason, Source, Verdict
from models.saga import Instruct, SagaCase
from models.vault_postings import CollectionReversed
from workflows.leg import Leg
from workflows.leg_plan import Call, Ears, Plan, in_the_books
from workflows.policies import ASKS, MOVES_MONEY, WRITES, ordinary
from workflows.saga import OPENED, Change, Saga


@workflow.defn(name=REVERSAL)
class CollectionReversalWorkflow:
    """One decision, carried out; the collection's own workflow has ended."""

    @workflow.init
    def __init__(self, order: ReversalOrder) -> None:
        self._order = order
        self._saga = Saga(order.saga, order.state, f"reversal of {order.receipt}")

    @workflow.run
    async def run(self, order: ReversalOrder) -> str:
        """The state it is left in: reversed, or in review where undoing was refused."""
        if self._saga.final and self._saga.state == CollectionState.REVERSED:
            return self._saga.state
        if order.word is AfterReversal.UNDO and order.transaction_id is not None:
            await self._undo(order.transaction_id)
        else:
            await self._turned_round(None, ())
        return self._saga.state

    async def _undo(self, transaction_id: int) -> None:
        leg = Leg(self._saga, Ears(), self._plan(transaction_id), self._order.scale)
        report = await leg.carry()
        if report is None:
            return
        if report.verdict is Verdict.SETTLED:
            await self._turned_round(leg.ending(report), (report,))
            return
        case = SagaCase(
            kind="undo_refused",
            cause=self._instruct().id,
            amount=self._order.amount,
            facts={
                "account": self._order.target.account_no,
                "receipt": self._order.receipt,
                "transaction": transaction_id,
                "reason": report.reading.reason,
                "message": report.reading.provider_message,
            },
        )
        refused = report.verdict is Verdict.REFUSED
        change = Change(
            to=CollectionState.REVERSAL_REVIEW,
            instruct=leg.ending(report) if refused else leg.moved(AttemptState.FAILED),
            evidence=(report,),
            case=case,
            events=("c2b_receipt.reversal_refused", OPENED),
            needs_review=True,
        )
        await self._saga.write(self._by(change))

    async def _turned_round(
        self, instruct: Instruct | None, evidence: tuple[ProviderReport, ...]
    ) -> None:
        """The mirror is turned round, and the client hears that it no longer counts."""
        order = self._order
        change = Change(
            to=CollectionState.REVERSED,
            instruct=instruct,
            evidence=evidence,
            posting=CollectionReversed(
                collection_id=order.saga.id, amount=order.amount, posted=True
            ),
            shows={"undone": instruct is not None},
            closes=str(order.word),
            events=("c2b_receipt.reversed",),
            notices=await self._letters(),
            needs_review=False,
        )
        await self._saga.write(self._by(change))

    async def _letters(self) -> tuple[Notice, ...]:
        order = self._order
        told = TellOrder(
            saga=order.saga,
            event="repayment_reversed",
            target=order.target,
            amount=order.amount,
            receipt=order.receipt,
        )
        return await workflow.execute_activity_method(
            CollectionLetters.compose, told, **ordinary(WRITES, "compose what the client is told")
        )

    def _by(self, change: Change) -> Change:
        order = self._order
        return dataclasses.replace(
            change, actor=order.actor, approver=order.approver, reason=order.reason
        )

    def _plan(self, transaction_id: int) -> Plan:
        return Plan(
            instruct=self._instruct(),
            terms=POSTING_TERMS,
            sending=self._saga.state,
            unknown=self._saga.state,
            send=lambda sends: self._send(transaction_id, sends),
            ask=lambda: self._ask(transaction_id),
            asks_people=_asks_people,
            absent_after_all=in_the_books,
        )

    def _send(self, transaction_id: int, sends: int) -> Call:
        summary = f"undo what was posted under {self._order.receipt}"
        return workflow.start_activity_method(
            CollectionUndoing.undo,
            self._undoing(transaction_id, sends),
            **ordinary(MOVES_MONEY, summary),
        )

    def _ask(self, transaction_id: int) -> Call:
        return workflow.start_activity_method(
            CollectionUndoing.look_undone,
            self._undoing(transaction_id, 0),
            **ordinary(ASKS, "read the account back"),
        )

    def _undoing(self, transaction_id: int, sends: int) -> TakeBackOrder:
        order, instruct = self._order, self._instruct()
        intent = Intent(
            saga=order.saga,
            instruction_id=instruct.id,
            rail=UNDO,
            number=instruct.number,
            our_reference=instruct.our_reference,
            believes=self._saga.state,
            sending=self._saga.state,
            amount=instruct.amount,
            sends=sends,
        )
        return TakeBackOrder(
            intent=intent,
            target=order.target,
            transaction_id=transaction_id,
            receipt=order.receipt,
            tries=sends + 1,
        )

    def _instruct(self) -> Instruct:
        saga_id, number = self._order.saga.id, self._order.number
        return Instruct(
            id=instruction_id(saga_id, UNDO, number),
            rail=UNDO,
            number=number,
            our_reference=f"{saga_id}/undo/{number}",
            state=AttemptState.CREATED,
            amount=self._order.amount,
        )


def _asks_people(report: ProviderReport) -> bool:
    """The transaction is not where it was posted: nothing a retry would change."""
    undecided = report.verdict is Verdict.UNKNOWN and report.source is Source.QUERY
    return undecided and report.reading.reason is Reason.MISMATCH
