"""After money: the lender's books are told, read back, and where they refuse, people decide."""

from temporalio import workflow

from activities.fence import Intent
from activities.loan_posting import LoanPosting, PostingOrder
from models.ids import instruction_id
from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_calls import Letter
from models.loan_decisions import PostingDecision
from models.loan_order import POSTING
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import Instruct, SagaCase, Shown
from workflows.concluding import concluded, signed
from workflows.leg import Leg
from workflows.leg_plan import Call, Plan, in_the_books
from workflows.loan_run import LoanRun
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.posting_tries import PostingTries
from workflows.saga import OPENED, Change

#: What the books, read back, say that only people can judge.
_CASES = {
    Reason.DUPLICATE: "double_disbursement_suspected",
    Reason.MISMATCH: "posting_mismatch",
    Reason.PARKED: "posting_parked",
}


class Posting:
    """The stages paid, posting and posting_unknown."""

    def __init__(self, run: LoanRun) -> None:
        self._run = run
        #: The keys used so far, for whoever has it booked once more.
        self.tries = PostingTries(run.known.tries)

    async def post(self) -> None:
        """Book the loan and read it back; believe only what the books then say."""
        run = self._run
        self.tries.at_least(run.known.tries)
        leg = Leg(run.saga, run.ears, self._plan(), run.order.scale)
        run.out = self.instruct(AttemptState.CREATED).id
        report = await leg.carry()
        run.out = None
        if report is None:
            await run.recall()
        elif report.verdict is Verdict.SETTLED:
            await self.disbursed(leg.ending(report), report)
        else:
            await self._opened(leg, report)

    def _plan(self) -> Plan:
        return Plan(
            instruct=self.instruct(AttemptState.CREATED),
            terms=self._run.order.posting_terms,
            sending=LoanState.POSTING,
            unknown=LoanState.POSTING_UNKNOWN,
            send=self._send,
            ask=self.ask,
            asks_people=_asks_people,
            absent_after_all=in_the_books,
        )

    def _send(self, sends: int) -> Call:
        self.tries.learn()
        summary = f"book {self._run.title} as paid out, try {self.tries.number}"
        return self.tries.told(
            workflow.start_activity_method(
                LoanPosting.post, self._order(sends), **ordinary(MOVES_MONEY, summary)
            )
        )

    def ask(self) -> Call:
        self.tries.learn()
        return workflow.start_activity_method(
            LoanPosting.look,
            self._order(0),
            **ordinary(ASKS, f"read {self._run.title} back"),
        )

    def _order(self, sends: int) -> PostingOrder:
        run, instruct = self._run, self.instruct(AttemptState.CREATED)
        intent = Intent(
            saga=run.order.saga,
            instruction_id=instruct.id,
            rail=POSTING,
            number=instruct.number,
            our_reference=instruct.our_reference,
            believes=run.saga.state,
            sending=LoanState.POSTING,
            amount=instruct.amount,
            sends=sends,
        )
        return PostingOrder(
            ref=run.ref,
            intent=intent,
            amount=run.payable.principal,
            receipt=run.known.receipt or "",
            paid_at=run.known.paid_at or workflow.now(),
            phone=run.payable.phone,
            tries=self.tries.number,
            parked=self.tries.parked,
        )

    def instruct(self, state: AttemptState) -> Instruct:
        saga_id, number = self._run.order.saga.id, self._run.known.posting
        return Instruct(
            id=instruction_id(saga_id, POSTING, number),
            rail=POSTING,
            number=number,
            our_reference=f"{saga_id}/{number}",
            state=state,
            amount=self._run.payable.principal,
        )

    async def disbursed(
        self,
        instruct: Instruct,
        report: ProviderReport | None,
        decision: PostingDecision | None = None,
    ) -> None:
        """Booked: client and partner are told. What M-Pesa took back meanwhile goes to review."""
        run = self._run
        if run.known.reversed:
            await run.write(Change(instruct=instruct, evidence=(report,) if report else ()))
            await self.reversed(posted=True)
            return
        change = Change(
            to=LoanState.DISBURSED,
            instruct=instruct,
            evidence=(report,) if report else (),
            shows=_shown(report, by_hand=decision is not None),
            events=("loan_disbursement.disbursed",),
            notices=await run.letters(self._letter()),
        )
        change = concluded(run.ears, change)
        await run.write(signed(change, decision) if decision else change)

    def _letter(self) -> Letter:
        run = self._run
        return Letter(
            ref=run.ref,
            kind="disbursed",
            key=f"{run.order.saga.id}/disbursed",
            account_no=run.order.account_no,
            client=run.payable.client,
            phone=run.payable.phone,
            amount=run.payable.amount,
            receipt=run.known.receipt or "",
        )

    async def _opened(self, leg: Leg, report: ProviderReport) -> None:
        """The books refuse, or say what we cannot judge: everything is prepared for one click."""
        refused = report.verdict is Verdict.REFUSED
        instruct = leg.ending(report) if refused else leg.moved(AttemptState.NEEDS_REVIEW)
        kind = _CASES.get(report.reading.reason) if report.reading.reason else None
        change = Change(
            to=LoanState.POSTING_REVIEW,
            instruct=instruct,
            evidence=(report,),
            case=SagaCase(
                kind=kind or "posting_refused",
                cause=instruct.id,
                amount=self._run.payable.principal,
                facts=self._facts(report.reading),
            ),
            events=(OPENED,),
            needs_review=True,
        )
        self.tries.learn()
        await self._run.write(change, tries=self.tries.number)

    def _facts(self, said: Reading) -> dict[str, Shown]:
        """What somebody needs to book it by hand."""
        run = self._run
        return {
            "loan": run.order.loan_id,
            "account": run.order.account_no,
            "amount": run.payable.principal.minor,
            "paid": run.payable.amount.minor,
            "receipt": run.known.receipt,
            "paid_at": run.known.paid_at.isoformat() if run.known.paid_at else None,
            "external_id": run.order.saga.id,
            "reason": said.reason,
            "code": said.provider_code,
            "message": said.provider_message,
        }

    async def reversed(self, *, posted: bool) -> None:
        """M-Pesa took the money back: what undoes it is prepared, and two people decide."""
        run = self._run
        case = SagaCase(
            kind="payment_reversed",
            cause=run.payout(AttemptState.REVERSED).id,
            amount=run.payable.amount,
            facts={
                "loan": run.order.account_no,
                "receipt": run.known.receipt,
                "booked": posted,
            },
        )
        change = Change(
            to=LoanState.REVERSAL_REVIEW,
            instruct=run.payout(AttemptState.REVERSED),
            case=case,
            shows={"reversed": True, "booked": posted},
            events=("loan_disbursement.reversal_suspected", OPENED),
            needs_review=True,
        )
        await run.write(change)


def _asks_people(report: ProviderReport) -> bool:
    """Read back, the books say something no retry would change."""
    undecided = report.verdict is Verdict.UNKNOWN and report.source is Source.QUERY
    return undecided and report.reading.reason in _CASES


def _shown(report: ProviderReport | None, *, by_hand: bool) -> dict[str, Shown]:
    return {
        "disbursed_at": workflow.now().isoformat(),
        "lender_transaction": report.reading.provider_reference if report else None,
        "booked": True,
        "posted_by_hand": by_hand,
    }
