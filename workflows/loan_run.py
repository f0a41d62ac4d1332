"""One loan on its way: what its stages share, and how it waits."""

import dataclasses
from datetime import timedelta
from typing import Any

from temporalio import workflow

from activities.lending import Lending
from activities.loan_letters import LoanLetters
from models.balances import BalancesTold
from models.ids import instruction_id, originator_reference
from models.lifecycle import AttemptState
from models.loan import LoanState, ParkReason
from models.loan_calls import Letter, LoanRef
from models.loan_decisions import PostingDecision
from models.loan_order import PAYOUT, LoanMemory, LoanOrder, Payable
from models.messages import Notice
from models.money import Money
from models.reading import ProviderReport
from models.saga import Instruct, SagaWritten, Trouble
from models.tariff import Quote
from workflows.leg_plan import Ears
from workflows.policies import ASKS, WRITES, ordinary
from workflows.saga import Change, Saga


class LoanRun:
    """The run's memory. What is not written is not believed; what is remembered is in the rows."""

    def __init__(self, order: LoanOrder) -> None:
        self.order = order
        self.ref = LoanRef(
            saga=order.saga, tenant=order.tenant, loan_id=order.loan_id, host=order.host
        )
        self.title = f"{order.partner or order.saga.org_id}, loan {order.account_no}"
        self.saga = Saga(order.saga, order.state, self.title)
        self.ears = Ears()
        self.known = order.memory
        self.out: str | None = None
        self.woken = False
        self.told: BalancesTold | None = None
        self.decisions: list[PostingDecision] = []
        self.contradictions: list[ProviderReport] = []

    @property
    def payable(self) -> Payable:
        """What is paid to whom; the stages after the hold have it."""
        if self.known.payable is None:
            raise RuntimeError(f"{self.title} is {self.saga.state}: nothing says what to pay")
        return self.known.payable

    @property
    def quote(self) -> Quote:
        """What it costs; the stages after the hold have it."""
        if self.known.quote is None:
            raise RuntimeError(f"{self.title} is {self.saga.state}: nothing says what it costs")
        return self.known.quote

    def payout(self, state: AttemptState, number: int | None = None) -> Instruct:
        """The current payout instruction, or an earlier one, in this state."""
        number = number or self.known.payout
        named = instruction_id(self.order.saga.id, PAYOUT, number)
        return Instruct(
            id=named,
            rail=PAYOUT,
            number=number,
            our_reference=originator_reference(named),
            state=state,
            amount=self.payable.amount,
        )

    async def write(self, change: Change, **memory: Any) -> SagaWritten:
        """Write one step and remember what goes with it; moved elsewhere, recall what is there."""
        written = await self.saga.write(change)
        if written.applied:
            self.known = dataclasses.replace(self.known, **memory)
        elif written.trouble is Trouble.MOVED:
            await self.recall()
        return written

    async def recall(self) -> None:
        """The memory as the rows have it."""
        known: LoanMemory = await workflow.execute_activity_method(
            Lending.remember, self.ref, **ordinary(ASKS, "recall what is written")
        )
        self.known = dataclasses.replace(known, reversed=self.known.reversed or known.reversed)

    def number_of(self, report: ProviderReport) -> int | None:
        """Which payout the report is about."""
        for number in range(1, self.known.payout + 1):
            if report.attempt_id == instruction_id(self.order.saga.id, PAYOUT, number):
                return number
        return None

    def was_reversed(self) -> None:
        """M-Pesa took back what was believed paid."""
        self.known = dataclasses.replace(self.known, reversed=True)

    async def park(
        self,
        reason: ParkReason,
        detail: str = "",
        *,
        needed: Money | None = None,
        balance: Money | None = None,
        change: Change = Change(),  # noqa: B008 - frozen, and nothing in it
        **memory: Any,
    ) -> None:
        """Let the loan wait; whoever can help is told once per reason."""
        new = reason is not self.known.parked_for
        parks = self.known.parks + new
        letter = self._waiting(reason, detail, parks, needed=needed, balance=balance)
        parked = dataclasses.replace(
            change,
            to=LoanState.PARKED,
            reason=f"{reason}: {detail}" if detail else str(reason),
            shows={
                **change.shows,
                "parked_for": reason,
                "parked_detail": detail or None,
                "needed": needed.minor if needed else None,
                "parks": parks,
                "day": None,
            },
            notices=await self.letters(letter) if new else (),
            events=("loan_disbursement.parked",) if new else (),
        )
        await self.write(parked, parked_for=reason, parks=parks, **memory)

    def _waiting(
        self,
        reason: ParkReason,
        detail: str,
        parks: int,
        *,
        needed: Money | None,
        balance: Money | None,
    ) -> Letter:
        payable = self.known.payable
        return Letter(
            ref=self.ref,
            kind="parked",
            key=f"{self.order.saga.id}/parked/{parks}",
            account_no=self.order.account_no,
            client=payable.client if payable else "",
            amount=payable.amount if payable else None,
            why=detail,
            parked_for=reason,
            needed=needed,
            balance=balance,
        )

    async def letters(self, letter: Letter) -> tuple[Notice, ...]:
        """What is told, and to whom."""
        summary = f"compose what is told: {letter.kind}"
        return await workflow.execute_activity_method(
            LoanLetters.compose, letter, **ordinary(WRITES, summary)
        )

    def turn_over(self) -> None:
        """Go on in a new run before the history grows too long; never returns then."""
        busy = self.woken or self.ears.heard or self.decisions or self.contradictions
        quiet = not busy and workflow.all_handlers_finished()
        if quiet and workflow.info().is_continue_as_new_suggested():
            order = dataclasses.replace(self.order, state=self.saga.state, memory=self.known)
            workflow.continue_as_new(order)

    def scaled(self, seconds: float) -> timedelta:
        """A wait, shortened in tests."""
        return timedelta(seconds=seconds * self.order.scale)
