"""The money comes, by the menu or because a phone rang; then its account is looked for."""

import dataclasses

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.collection_prompts import CollectionPrompts, RingOrder, prompt_id
from models import ids
from models.collection import CollectionState
from models.collection_order import PROMPT, Paid
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Verdict
from models.saga import Instruct, SagaCase, Trouble
from models.vault_postings import CollectionReceived
from workflows.collection_confirming import Confirming
from workflows.collection_run import CollectionRun, shown_payment, shown_target
from workflows.concluding import concluded
from workflows.leg import Leg
from workflows.leg_plan import Call, Plan
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import OPENED, Change


class Receiving:
    """The stages requested, sending, unknown and received."""

    def __init__(self, run: CollectionRun) -> None:
        self._run = run
        self._leg: Leg | None = None
        self._booked = False
        self._confirming = Confirming(run)

    async def ring(self) -> None:
        """Ring the payer's phone once and ask what became of it."""
        run = self._run
        leg = Leg(run.saga, run.ears, self._plan(), run.order.scale)
        self._leg, run.out = leg, prompt_id(run.order.saga.id)
        report = await leg.carry()
        run.out = None
        if report is None:
            await run.recall()
        elif report.verdict is Verdict.SETTLED:
            await self._came(report, leg.ending(report))
        else:
            change = Change(
                to=CollectionState.FAILED,
                evidence=(report,),
                instruct=leg.ending(report),
                events=("c2b_receipt.failed",),
            )
            await run.write(concluded(run.ears, change))

    async def received(self) -> None:
        """Book what came, see that it is true, then find out whose it is."""
        if not self._booked and not await self._book():
            return
        proof = await self._confirming.proof()
        if proof is None:
            return
        run, said = self._run, Change(evidence=proof)
        try:
            match = await run.match(
                run.order.account, run.order.payer, run.scaled(run.order.posting_terms.horizon)
            )
        except ActivityError:
            await run.suspend("books_silent", said)
            return
        if match.target is None:
            await run.suspend(str(match.why), said)
            return
        change = dataclasses.replace(
            said,
            to=CollectionState.MATCHED,
            shows={**shown_target(match.target, match.rung), **self._confirming.shows},
            events=("c2b_receipt.matched",),
        )
        await run.write(change, target=match.target)

    async def _book(self) -> bool:
        """The memo receipt, once; False when it is another's."""
        run = self._run
        change = Change(
            evidence=(run.paid.report(run.order.saga.id),) if run.paid.evidence_id else (),
            posting=self._posting(run.paid),
            shows=shown_payment(run.paid),
        )
        written = await run.write(change)
        self._booked = written.applied
        if written.trouble is Trouble.DISPUTED:
            await self._not_ours(change)
        return self._booked

    async def _came(self, report: ProviderReport, instruct: Instruct) -> None:
        """The payer paid: the receipt is M-Pesa's where it was told, else what the payer saw."""
        run, said = self._run, report.reading
        paid = Paid(
            receipt=said.receipt or instruct.our_reference,
            amount=said.amount or run.order.amount,
            paid_at=workflow.now(),
            evidence_id=report.evidence_id,
        )
        change = Change(
            to=CollectionState.RECEIVED,
            evidence=(report,),
            instruct=instruct,
            posting=self._posting(paid),
            shows=shown_payment(paid),
            events=("c2b_receipt.received",),
        )
        written = await run.write(concluded(run.ears, change), paid=paid)
        self._booked = written.applied
        if written.trouble is Trouble.DISPUTED:
            await self._not_ours(change)

    async def _not_ours(self, change: Change) -> None:
        """The receipt is booked for something else: never counted twice; a person looks."""
        case = SagaCase(kind="contradiction", amount=self._run.order.amount)
        await self._run.write(
            Change(
                to=CollectionState.LEFT,
                reason="the receipt is booked for something else",
                evidence=change.evidence,
                instruct=change.instruct,
                shows=change.shows,
                case=case,
                events=(OPENED,),
                needs_review=True,
            )
        )

    def _posting(self, paid: Paid) -> CollectionReceived:
        order = self._run.order
        return CollectionReceived(
            collection_id=order.saga.id, amount=paid.amount, receipt=order.claim(paid.receipt)
        )

    def _plan(self) -> Plan:
        order = self._run.order
        if order.prompt_terms is None:
            raise RuntimeError("a collection without money carries the terms of its prompt")
        named = prompt_id(order.saga.id)
        return Plan(
            instruct=Instruct(
                id=named,
                rail=PROMPT,
                number=1,
                our_reference=ids.account_reference(named),
                state=AttemptState.CREATED,
                amount=order.amount,
            ),
            terms=order.prompt_terms,
            sending=CollectionState.SENDING,
            unknown=CollectionState.UNKNOWN,
            send=self._ring,
            ask=self._question,
            confirms=True,
        )

    def _ring(self, sends: int) -> Call:
        run = self._run
        ring = RingOrder(order=run.order, sends=sends, state=run.saga.state)
        return workflow.start_activity_method(
            CollectionPrompts.ring,
            ring,
            **ordinary(MOVES_MONEY, f"ring the payer's phone: {run.order.amount}"),
        )

    def _question(self) -> Call:
        handle = self._leg.handle if self._leg else None
        return workflow.start_activity_method(
            CollectionPrompts.ask,
            args=[self._run.order, handle],
            **ordinary(ASKS, "ask what became of the prompt"),
        )
