"""M-Pesa took back the payment of a loan: two people have Mifos X undone, or leave it."""

import dataclasses

from temporalio import workflow

from activities.fence import Intent
from activities.loan_posting import LoanPosting, UndoOrder
from models.ids import instruction_id, originator_reference
from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_decisions import REVERSAL_WORKFLOW, ReversalOrder, ReversalWord
from models.loan_order import PAYOUT, POSTING_TERMS, UNDO
from models.reading import ProviderReport, Verdict
from models.saga import Instruct, SagaCase
from models.vault_postings import LoanReversed
from workflows.leg import Leg
from workflows.leg_plan import Call, Ears, Plan, in_the_books
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import OPENED, Change, Saga


@workflow.defn(name=REVERSAL_WORKFLOW)
class LoanReversalWorkflow:
    """One decision, carried out; the loan's own workflow has ended."""

    @workflow.init
    def __init__(self, order: ReversalOrder) -> None:
        self._order = order
        self._saga = Saga(order.ref.saga, order.state, f"reversal of loan {order.ref.loan_id}")

    @workflow.run
    async def run(self, order: ReversalOrder) -> str:
        """The state the loan is left in: reversed, or still in review where undoing was refused."""
        began = Change(to=LoanState.REVERSAL_REVIEW, instruct=self._taken_back())
        written = await self._saga.write(self._by(began))
        if not written.applied:
            return self._saga.state
        if order.posted and order.word is ReversalWord.UNDO:
            await self._undo()
        else:
            await self._turned_round(None, ())
        return self._saga.state

    async def _undo(self) -> None:
        leg = Leg(self._saga, Ears(), self._plan(), self._order.scale)
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
            facts={"reason": report.reading.reason, "message": report.reading.provider_message},
        )
        await self._saga.write(
            Change(
                instruct=leg.ending(report),
                evidence=(report,),
                case=case,
                events=(OPENED,),
                needs_review=True,
            )
        )

    async def _turned_round(
        self, instruct: Instruct | None, evidence: tuple[ProviderReport, ...]
    ) -> None:
        """The mirror is turned round; of the charges only what the terms return comes back."""
        order = self._order
        change = Change(
            to=LoanState.REVERSED,
            instruct=instruct,
            evidence=evidence,
            posting=LoanReversed(
                loan_id=order.ref.saga.id, amount=order.amount, returned=order.returned
            ),
            shows={
                "reversed": True,
                "booked": order.posted and order.word is ReversalWord.WAIVE,
                "returned": sum(line.total.minor for line in order.returned),
            },
            closes=order.word,
            events=("loan_disbursement.reversed",),
            needs_review=False,
        )
        await self._saga.write(self._by(change))

    def _by(self, change: Change) -> Change:
        order = self._order
        return dataclasses.replace(
            change, actor=order.actor, approver=order.approver, reason=order.reason
        )

    def _taken_back(self) -> Instruct:
        """The payment, as M-Pesa left it."""
        order = self._order
        named = instruction_id(order.ref.saga.id, PAYOUT, order.payout)
        return Instruct(
            id=named,
            rail=PAYOUT,
            number=order.payout,
            our_reference=originator_reference(named),
            state=AttemptState.REVERSED,
            amount=order.amount,
        )

    def _plan(self) -> Plan:
        return Plan(
            instruct=self._instruct(),
            terms=POSTING_TERMS,
            sending=LoanState.REVERSAL_REVIEW,
            unknown=LoanState.REVERSAL_REVIEW,
            send=self._send,
            ask=self._ask,
            absent_after_all=in_the_books,
        )

    def _send(self, sends: int) -> Call:
        summary = f"undo the disbursement of loan {self._order.ref.loan_id}"
        return workflow.start_activity_method(
            LoanPosting.undo, self._undoing(sends), **ordinary(MOVES_MONEY, summary)
        )

    def _ask(self) -> Call:
        return workflow.start_activity_method(
            LoanPosting.look_undone, self._undoing(0), **ordinary(ASKS, "read the loan back")
        )

    def _undoing(self, sends: int) -> UndoOrder:
        instruct = self._instruct()
        intent = Intent(
            saga=self._order.ref.saga,
            instruction_id=instruct.id,
            rail=UNDO,
            number=instruct.number,
            our_reference=instruct.our_reference,
            believes=self._saga.state,
            sending=LoanState.REVERSAL_REVIEW,
            amount=instruct.amount,
            sends=sends,
        )
        note = f"M-Pesa reversed {self._order.receipt}"
        return UndoOrder(
            ref=self._order.ref, intent=intent, note=note, tries=100 * self._order.number + sends
        )

    def _instruct(self) -> Instruct:
        saga_id, number = self._order.ref.saga.id, self._order.number
        return Instruct(
            id=instruction_id(saga_id, UNDO, number),
            rail=UNDO,
            number=number,
            our_reference=f"{saga_id}/undo/{number}",
            state=AttemptState.CREATED,
            amount=self._order.amount,
        )
