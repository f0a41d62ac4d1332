"""The money leg: the client is paid once, and nothing is believed that M-Pesa did not prove."""

from temporalio import workflow

from activities.fence import Intent
from activities.payouts import PayoutOrder, PayoutQuestion, Payouts
from models import loan_refusals
from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_calls import Letter, PaidDetails, PaidQuestion
from models.loan_order import PAYOUT
from models.money import Money
from models.places import ReceiptClaim
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import Instruct, SagaCase, Trouble
from models.vault_postings import LoanPaid, LoanRefused
from workflows.concluding import concluded
from workflows.leg import Leg
from workflows.leg_plan import Call, Plan
from workflows.loan_run import LoanRun
from workflows.policies import ASKS, MOVES_MONEY, WRITES, ordinary
from workflows.saga import OPENED, Change


class Paying:
    """The stages held, sending and unknown."""

    def __init__(self, run: LoanRun) -> None:
        self._run = run
        self._turned_away = False
        #: A result nobody signed says that it was paid; M-Pesa is asked.
        self._claimed = False
        #: A result nobody signed says that it was not paid, and it would be paid again.
        self._denied: ProviderReport | None = None

    async def pay(self) -> None:
        """Carry the payout to its final word, then write what it means with its money."""
        run = self._run
        instruct = run.payout(AttemptState.CREATED)
        leg = Leg(run.saga, run.ears, self._plan(instruct), run.order.scale)
        run.out, self._turned_away, self._claimed = instruct.id, False, False
        self._denied = None
        report = await leg.carry()
        run.out = None
        if report is None:
            await run.recall()
        elif report.verdict is Verdict.SETTLED:
            await self._settled(report, leg.ending(report))
        elif self._claimed and report.source is not Source.OPERATOR:
            await self._dispute("payout_not_confirmed", report)
        elif report.not_received:
            await self._refused(report, leg.moved(AttemptState.FAILED))
        else:
            await self._refused(report, leg.ending(report))

    def _plan(self, instruct: Instruct) -> Plan:
        return Plan(
            instruct=instruct,
            terms=self._run.order.payout_terms,
            sending=LoanState.SENDING,
            unknown=LoanState.UNKNOWN,
            send=lambda sends: self._send(instruct, sends),
            ask=lambda: self._ask(instruct),
            asks_people=lambda report: self._ended_busy(instruct, report),
            barred=lambda: bool(self._run.contradictions),
            convinces=self._convinces,
            answers_later=True,
            absent_after_all=lambda absent: self._ended_busy(instruct, absent),
        )

    def _convinces(self, report: ProviderReport) -> bool:
        """No result is signed: what would have the loan paid again is asked about at once.

        Where the partner wants it, what a result calls paid is too.
        """
        if report.source is not Source.CALLBACK:
            return True
        if report.verdict is Verdict.REFUSED and loan_refusals.paid_again(report.reading):
            self._denied, self._run.ears.ask_now = report, True
            return False
        if report.verdict is Verdict.SETTLED and self._run.order.confirm:
            self._claimed = self._run.ears.ask_now = True
            return False
        return True

    def _ended_busy(self, instruct: Instruct, report: ProviderReport) -> bool:
        """Turned away or refused, and proven not to have come: never the same reference again.

        Called paid by a result and proven not to have come: nothing is sent again at all.
        """
        if report.attempt_id == instruct.id and loan_refusals.turned_away(report.reading):
            self._turned_away = True
        doubted = self._turned_away or self._claimed or self._denied is not None
        return doubted and report.not_received

    def _send(self, instruct: Instruct, sends: int) -> Call:
        run = self._run
        intent = Intent(
            saga=run.order.saga,
            instruction_id=instruct.id,
            rail=PAYOUT,
            number=instruct.number,
            our_reference=instruct.our_reference,
            believes=run.saga.state,
            sending=LoanState.SENDING,
            amount=instruct.amount,
            sends=sends,
        )
        order = PayoutOrder(
            intent=intent, payee=run.payable.phone, purpose=f"Loan {run.order.account_no}"
        )
        summary = f"pay {instruct.amount} for {run.title}, attempt {instruct.number}"
        return workflow.start_activity_method(Payouts.pay, order, **ordinary(MOVES_MONEY, summary))

    def _ask(self, instruct: Instruct) -> Call:
        question = PayoutQuestion(
            saga=self._run.order.saga,
            instruction_id=instruct.id,
            our_reference=instruct.our_reference,
        )
        summary = f"ask M-Pesa what became of attempt {instruct.number}"
        return workflow.start_activity_method(Payouts.ask, question, **ordinary(ASKS, summary))

    async def _settled(self, report: ProviderReport, instruct: Instruct) -> None:
        """Paid, unless another amount or another number was: then two people look first."""
        run, told = self._run, report.reading.amount
        details = await self._details(report)
        if told is not None and told != run.payable.amount:
            await self._dispute("amount_mismatch", report)
        elif not details.same_number:
            await self._dispute("receiver_mismatch", report)
        else:
            await self.paid(report, instruct, run.payable.amount, details)

    async def _details(self, report: ProviderReport) -> PaidDetails:
        question = PaidQuestion(
            saga=self._run.order.saga,
            evidence_id=report.evidence_id,
            phone=self._run.payable.phone,
            client=self._run.payable.client,
        )
        return await workflow.execute_activity_method(
            Payouts.details, question, **ordinary(WRITES, "compare the receiver with the client")
        )

    async def paid(
        self, report: ProviderReport, instruct: Instruct, amount: Money, details: PaidDetails
    ) -> None:
        """The mirror moves and the charges are taken in the step that says paid."""
        run, said = self._run, report.reading
        receipt = said.receipt or said.provider_reference or instruct.our_reference
        paid_at = details.completed_at or workflow.now()
        change = Change(
            to=LoanState.PAID,
            instruct=instruct,
            evidence=(report,),
            posting=self._posting(receipt, amount),
            shows={
                "receipt": receipt,
                "paid_at": paid_at.isoformat(),
                "receiver_matches": details.same_name,
                "disputed": None,
            },
            events=("loan_disbursement.paid",),
        )
        change = concluded(run.ears, change)
        written = await run.write(change, receipt=receipt, paid_at=paid_at, disputed=False)
        if written.trouble is Trouble.DISPUTED:
            await self._dispute("receipt_disputed", report)

    def _posting(self, receipt: str, amount: Money) -> LoanPaid:
        known, quote = self._run.known, self._run.quote
        released = self._run.saga.state == LoanState.PARKED  # its hold is back in the wallet
        return LoanPaid(
            loan_id=self._run.order.saga.id,
            amount=amount,
            held=Money(0, amount.currency) if released else quote.charges,
            charges=() if released else quote.lines,
            receipt=ReceiptClaim(rail="mpesa", account=known.short_code, number=receipt),
            provider_fee=quote.provider_fee,
            hold=known.hold,
        )

    async def _dispute(self, kind: str, report: ProviderReport) -> None:
        """Money moved, but not as asked: nothing is booked before two people have judged it."""
        run, told = self._run, report.reading.amount
        instruct = run.payout(AttemptState.NEEDS_REVIEW)
        case = SagaCase(
            kind=kind,
            cause=f"{instruct.id}/{report.reading.receipt or report.evidence_id}",
            amount=told or run.payable.amount,
            facts={
                "loan": run.order.account_no,
                "asked": run.payable.amount.minor,
                "receipt": report.reading.receipt,
            },
        )
        change = Change(
            to=LoanState.UNKNOWN,
            instruct=instruct,
            evidence=(report,),
            case=case,
            shows={"disputed": True, "told": told.minor if told else None},
            events=(OPENED,),
            needs_review=True,
        )
        await run.write(change, disputed=True, told=told)

    async def _refused(self, report: ProviderReport, instruct: Instruct) -> None:
        """Not paid for certain: wait for what is lacking and try anew, or say why not."""
        run, said = self._run, self._why(report)
        reason = loan_refusals.waits_for(said)
        if reason is None:
            await self.failed(report, instruct)
            return
        released = Change(instruct=instruct, evidence=(report,), posting=self.released())
        await run.park(
            reason,
            loan_refusals.in_words(said),
            needed=run.payable.amount,
            change=concluded(run.ears, released),
            payout=run.known.payout + 1,
        )

    def _why(self, report: ProviderReport) -> Reading:
        """The result knows why it was not paid; the answer to our question only that."""
        if self._denied is None or report.source is Source.OPERATOR:
            return report.reading
        return self._denied.reading

    async def failed(self, report: ProviderReport, instruct: Instruct) -> None:
        run, why = self._run, loan_refusals.in_words(report.reading)
        letter = Letter(
            ref=run.ref,
            kind="failed",
            key=f"{run.order.saga.id}/failed",
            account_no=run.order.account_no,
            client=run.payable.client,
            amount=run.payable.amount,
            why=why,
        )
        change = Change(
            to=LoanState.FAILED,
            instruct=instruct,
            evidence=(report,),
            posting=self.released(),
            shows={"failure": report.reading.reason, "failure_detail": why, "disputed": None},
            events=("loan_disbursement.failed",),
            notices=await run.letters(letter),
        )
        await run.write(concluded(run.ears, change), disputed=False)

    def released(self) -> LoanRefused:
        """The charges go back to the wallet."""
        return LoanRefused(
            loan_id=self._run.order.saga.id,
            charges=self._run.quote.charges,
            hold=self._run.known.hold,
        )
