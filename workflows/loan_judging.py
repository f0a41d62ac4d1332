"""What only two people can judge: a payment not as asked, or one made although it was refused."""

from dataclasses import replace

from temporalio import workflow

from models.lifecycle import AttemptState
from models.loan import LoanState, ParkReason
from models.loan_calls import PaidDetails
from models.reading import ProviderReport, Source, Verdict
from models.saga import SagaCase
from workflows.concluding import concluded
from workflows.loan_paying import Paying
from workflows.loan_run import LoanRun
from workflows.saga import OPENED, Change

#: Nothing of the current attempt has been sent.
_BEFORE_MONEY = frozenset({LoanState.FOUND, LoanState.PARKED, LoanState.PREFLIGHT, LoanState.HELD})


class Judging:
    """A loan whose payment is disputed, in whatever state it waits."""

    def __init__(self, run: LoanRun, paying: Paying) -> None:
        self._run = run
        self._paying = paying

    async def contradicted(self, report: ProviderReport) -> None:
        """A payout believed refused was made: nothing more is paid before people judge."""
        run, number = self._run, self._run.number_of(report)
        case = SagaCase(
            kind="contradiction",
            cause=report.attempt_id,
            amount=report.reading.amount,
            facts={"loan": run.order.account_no, "receipt": report.reading.receipt},
        )
        change = Change(evidence=(report,), case=case, events=(OPENED,), needs_review=True)
        if run.saga.state not in _BEFORE_MONEY:
            await run.write(change)
            return
        held = run.saga.state == LoanState.HELD
        blocked = replace(
            change,
            instruct=run.payout(AttemptState.NEEDS_REVIEW, number),
            posting=self._paying.released() if held else None,
            shows={"disputed": True},
        )
        await run.park(
            ParkReason.CONTRADICTION,
            "a payment believed refused was made",
            change=blocked,
            payout=number,
            disputed=True,
            told=report.reading.amount,
        )

    async def judged(self) -> None:
        """Wait for the word of two people; whatever else is heard is kept as evidence.

        Polls wake it in vain, for weeks if need be.
        """
        run, ears = self._run, self._run.ears
        run.woken = False
        run.turn_over()
        run.saga.instruction = AttemptState.NEEDS_REVIEW  # a run that was continued knows no other
        run.out = run.payout(AttemptState.NEEDS_REVIEW).id
        await workflow.wait_condition(lambda: bool(ears.heard) or ears.ask_now or run.woken)
        if ears.ask_now:
            ears.ask_now, ears.asked = False, ears.asked + 1
        if not ears.heard:
            return
        report = ears.heard[0]
        try:
            await self._weighed(report)
        finally:
            ears.heard.remove(report)
            run.out = None

    async def _weighed(self, report: ProviderReport) -> None:
        run = self._run
        word = report.source is Source.OPERATOR and report.attempt_id == run.out
        if not word or not report.verdict.final:
            await run.write(Change(evidence=(report,)))
        elif report.verdict is Verdict.SETTLED:
            amount = run.known.told or run.payable.amount
            await self._paying.paid(
                report, run.payout(AttemptState.SUCCEEDED), amount, PaidDetails()
            )
        elif run.saga.state == LoanState.PARKED:
            await self._cleared(report)
        else:
            await self._paying.failed(report, run.payout(AttemptState.FAILED))

    async def _cleared(self, report: ProviderReport) -> None:
        """It was refused, as believed: the loan waits for what it lacked."""
        run = self._run
        instruct = run.payout(AttemptState.FAILED)
        change = Change(instruct=instruct, evidence=(report,), shows={"disputed": None})
        again = {"disputed": False, "told": None, "payout": run.known.payout + 1}
        await run.write(concluded(run.ears, change), **again)
        run.woken = True
