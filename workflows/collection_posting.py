"""After the match: the lender's books are told, read back, and where they refuse, people decide."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.collections import Collections, EnterOrder
from activities.fence import Intent
from models.account_matching import TargetKind
from models.collection import CollectionState
from models.collection_decisions import CollectionDecision, CollectionWord
from models.collection_order import DEPOSIT, REPAYMENT, REVIEW_LOOK
from models.ids import instruction_id
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reason, Source, Verdict
from models.saga import Instruct, SagaCase, Shown
from models.vault_postings import CollectionPosted, CollectionReversed
from workflows.collection_run import CollectionRun
from workflows.concluding import concluded, signed
from workflows.leg import Leg
from workflows.leg_plan import Call, Plan, in_the_books
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.posting_tries import PostingTries
from workflows.saga import OPENED, Change

#: What the books, read back, say that only people can judge.
_CASES = {
    Reason.DUPLICATE: "receipt_booked_elsewhere",
    Reason.MISMATCH: "posting_mismatch",
    Reason.PARKED: "posting_parked",
}


class CollectionPosting:
    """The stages matched, allocated, posting, posting_unknown and posting_review."""

    def __init__(self, run: CollectionRun) -> None:
        self._run = run
        self._tries = PostingTries(run.known.tries)

    async def post(self) -> None:
        """Post it once and read the account back; believe only what the books then say."""
        run = self._run
        self._tries = PostingTries(max(self._tries.number, run.known.tries))
        leg = Leg(run.saga, run.ears, self._plan(), run.order.scale)
        run.out = self._instruct(AttemptState.CREATED).id
        report = await leg.carry()
        run.out = None
        if report is None:
            await run.recall()
        elif report.verdict is Verdict.SETTLED:
            await self._posted(leg.ending(report), report)
        elif report.verdict is Verdict.REFUSED and report.reading.reason is Reason.NOT_ALLOWED:
            change = Change(instruct=leg.ending(report), evidence=(report,))
            self._tries.learn()
            await run.suspend("not_active", change, tries=self._tries.number)
        else:
            await self._opened(leg, report)

    async def review(self) -> None:
        """Wait for two people, and look now and then whether it was booked meanwhile."""
        run, ears = self._run, self._run.ears
        run.turn_over()
        run.out = self._instruct(AttemptState.NEEDS_REVIEW).id
        if run.decisions:
            await self._decided(run.decisions[0][0])
            run.decisions.pop(0)
        elif run.said:
            await run.keep()
        elif not await self._something_comes() or ears.ask_now:
            ears.ask_now = False
            await self._look()
            ears.asked += 1
        run.out = None

    async def _something_comes(self) -> bool:
        run, ears = self._run, self._run.ears
        try:
            await workflow.wait_condition(
                lambda: bool(run.decisions or ears.ask_now) or run.said,
                timeout=run.scaled(REVIEW_LOOK),
                timeout_summary="look again whether it is booked",
            )
        except TimeoutError:
            return False
        return True

    async def _look(self) -> None:
        """A checker may have approved it, or an officer booked it under the receipt."""
        try:
            report = await self._ask()
        except ActivityError:
            return
        if report.verdict is Verdict.SETTLED:
            await self._posted(self._instruct(AttemptState.SUCCEEDED), report)

    async def _decided(self, decision: CollectionDecision) -> None:
        """The word of two people about a posting the books refused."""
        run, failed = self._run, self._instruct(AttemptState.FAILED)
        if decision.word is CollectionWord.POSTED_BY_HAND:
            await self._posted(failed, None, decision)
        elif decision.word is CollectionWord.TO_SUSPENSE:
            await run.suspend("decided", signed(Change(instruct=failed), decision))
        elif decision.word is CollectionWord.REVERSED:
            await run.write(signed(_taken_back(run, failed), decision))
        else:
            self._tries.begin_anew()
            again = {"posting": run.known.posting + 1, "tries": self._tries.number}
            change = Change(to=CollectionState.POSTING, instruct=failed, needs_review=False)
            await run.write(signed(change, decision), **again)

    def _plan(self) -> Plan:
        return Plan(
            instruct=self._instruct(AttemptState.CREATED),
            terms=self._run.order.posting_terms,
            sending=CollectionState.POSTING,
            unknown=CollectionState.POSTING_UNKNOWN,
            send=self._send,
            ask=self._ask,
            asks_people=_asks_people,
            absent_after_all=in_the_books,
        )

    def _send(self, sends: int) -> Call:
        self._tries.learn()
        summary = f"post {self._run.paid.amount}, try {self._tries.number}"
        return self._tries.told(
            workflow.start_activity_method(
                Collections.post, self._order(sends), **ordinary(MOVES_MONEY, summary)
            )
        )

    def _ask(self) -> Call:
        self._tries.learn()
        return workflow.start_activity_method(
            Collections.look, self._order(0), **ordinary(ASKS, "read the account back")
        )

    def _order(self, sends: int) -> EnterOrder:
        run, instruct = self._run, self._instruct(AttemptState.CREATED)
        intent = Intent(
            saga=run.order.saga,
            instruction_id=instruct.id,
            rail=instruct.rail,
            number=instruct.number,
            our_reference=instruct.our_reference,
            believes=run.saga.state,
            sending=CollectionState.POSTING,
            amount=instruct.amount,
            sends=sends,
        )
        return EnterOrder(
            intent=intent,
            target=run.target,
            tenant=run.order.tenant,
            amount=run.paid.amount,
            receipt=run.paid.receipt,
            paid_at=run.paid.paid_at,
            payer=run.order.payer or "" if run.order.prompt_terms else "",
            tries=self._tries.number,
            parked=self._tries.parked,
        )

    def _instruct(self, state: AttemptState) -> Instruct:
        run, number = self._run, self._run.known.posting
        rail = REPAYMENT if run.target.kind is TargetKind.LOAN else DEPOSIT
        return Instruct(
            id=instruction_id(run.order.saga.id, rail, number),
            rail=rail,
            number=number,
            our_reference=f"{run.order.saga.id}/{number}",
            state=state,
            amount=run.paid.amount,
        )

    async def _posted(
        self,
        instruct: Instruct,
        report: ProviderReport | None,
        decision: CollectionDecision | None = None,
    ) -> None:
        """Booked: the client is told."""
        run = self._run
        change = Change(
            to=CollectionState.POSTED,
            instruct=instruct,
            evidence=(report,) if report else (),
            posting=CollectionPosted(collection_id=run.order.saga.id, amount=run.paid.amount),
            shows={
                "posted_at": workflow.now().isoformat(),
                "lender_transaction": report.reading.provider_reference if report else None,
                "posted_by_hand": decision is not None,
                "why": None,
            },
            events=("c2b_receipt.posted",),
            notices=await run.told("repayment_posted"),
        )
        change = concluded(run.ears, change)
        await run.write(signed(change, decision) if decision else change)

    async def _opened(self, leg: Leg, report: ProviderReport) -> None:
        """The books refuse, or say what we cannot judge: everything is prepared for one click."""
        refused = report.verdict is Verdict.REFUSED
        instruct = leg.ending(report) if refused else leg.moved(AttemptState.NEEDS_REVIEW)
        kind = _CASES.get(report.reading.reason) if report.reading.reason else None
        self._tries.learn()
        change = Change(
            to=CollectionState.POSTING_REVIEW,
            instruct=instruct,
            evidence=(report,),
            case=SagaCase(
                kind=kind or "posting_refused",
                cause=instruct.id,
                amount=self._run.paid.amount,
                facts=self._facts(report),
            ),
            events=(OPENED,),
            needs_review=True,
        )
        await self._run.write(change, tries=self._tries.number)

    def _facts(self, report: ProviderReport) -> dict[str, Shown]:
        """What somebody needs to book it by hand."""
        paid, target, said = self._run.paid, self._run.target, report.reading
        return {
            "target": str(target.kind),
            "account": target.account_no,
            "amount": paid.amount.minor,
            "receipt": paid.receipt,
            "external_id": paid.receipt,
            "paid_at": paid.paid_at.isoformat(),
            "reason": said.reason,
            "code": said.provider_code,
            "message": said.provider_message,
        }


def _taken_back(run: CollectionRun, instruct: Instruct | None) -> Change:
    """M-Pesa took it back before the lender's books had it."""
    return Change(
        to=CollectionState.REVERSED,
        instruct=instruct,
        posting=CollectionReversed(
            collection_id=run.order.saga.id, amount=run.paid.amount, posted=False
        ),
        events=("c2b_receipt.reversed",),
        needs_review=False,
    )


def _asks_people(report: ProviderReport) -> bool:
    """Read back, the books say something no retry would change."""
    undecided = report.verdict is Verdict.UNKNOWN and report.source is Source.QUERY
    return undecided and report.reading.reason in _CASES
