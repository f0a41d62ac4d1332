"""After a bank was paid: it may send the money back for days, and is asked."""

from collections.abc import Awaitable, Callable

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.sending import Sending
from models import payout_returns
from models.payout_rail import PaysTo
from models.reading import ProviderReport
from models.saga import SagaWritten, Trouble
from workflows.payout_run import PayoutRun
from workflows.policies import ASKS_NOW_AND_THEN, ordinary
from workflows.saga import Change

#: Seconds between the looks: EFT bounces within days, the others within hours.
LOOKS = (3_600.0, 21_600.0, 64_800.0, *(86_400.0,) * 4)


class Bounce:
    """Looks for money that came back. What nobody proves stays as it was, with its evidence."""

    def __init__(self, run: PayoutRun) -> None:
        self._run = run
        #: What came back is booked for something else: people look, and nothing new is learned.
        self._disputed = False

    async def watched(self, weigh_first: Callable[[], Awaitable[None]]) -> None:
        """Until the money came back or may be taken to stay; wallets are not watched.

        `weigh_first` weighs what was heard first.
        """
        run = self._run
        if run.order.rail.pays_to is not PaysTo.BANK:
            return
        for pause in LOOKS:
            try:
                await workflow.wait_condition(
                    lambda: bool(run.ears.heard), timeout=run.scaled(pause)
                )
            except TimeoutError:
                await self._look()
            while run.ears.heard and run.paid:
                await weigh_first()
            if self._disputed or not run.paid:
                return

    async def weigh(self, report: ProviderReport) -> SagaWritten | None:
        """Book what came back; None where nothing is written.

        The report says something else, or its receipt is booked already: that is for people.
        """
        run = self._run
        if not (run.paid and payout_returns.came_back(run.order, report)):
            return None
        back = payout_returns.money_back(run.order, report, run.receipts)
        written = await run.saga.write(
            Change(
                to=back.to,
                evidence=(report,),
                instruct=back.instruct,
                posting=back.posting,
                case=back.case,
                events=back.events,
                needs_review=True,
            )
        )
        self._disputed = written.trouble is Trouble.DISPUTED
        return None if self._disputed else written

    async def _look(self) -> None:
        call = self._run.call()
        try:
            report = await workflow.execute_activity_method(
                Sending.ask, call, **ordinary(ASKS_NOW_AND_THEN, "see whether it came back")
            )
        except ActivityError:
            return
        if payout_returns.came_back(self._run.order, report):
            self._run.ears.heard.append(report)
