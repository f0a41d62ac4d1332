"""Fakes of a loan's saga: a keeper of steps, a lender's books, a short code."""

import dataclasses
from collections.abc import Callable
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Any

from temporalio import activity

from activities.payouts import Payouts
from activities.sagas import Sagas
from models import ids, saga_states
from models.balances import BalancesTold
from models.lender_orders import Disbursement, Undo
from models.lending import Loan
from models.loan import LoanState
from models.loan_calls import Examined, Letter, LoanRef, PaidDetails, PaidQuestion, Reservation
from models.loan_order import PAYOUT, LoanMemory
from models.messages import Notice
from models.payout import Payout
from models.reading import Reading, Source, Verdict
from models.saga import (
    SagaRef,
    SagaStep,
    SagaWritten,
    Trouble,
)
from models.vault_postings import LoanAccepted, LoanRefused
from tests.workflows.loan_readings import BOOKED, GOOD, PAID, TAKEN, holding


class Keeper(Sagas):
    """Keeps steps as the kernel does: once each, from where the row stands, along the table."""

    def __init__(self, state: str = LoanState.FOUND, wallet: int = 100_000) -> None:
        self.steps: list[SagaStep] = []
        self.state, self.wallet = state, wallet
        self._digests: dict[str, SagaStep] = {}
        self.disputes = 0

    async def commit(self, step: SagaStep) -> SagaWritten:
        taken = self._digests.get(step.key)
        if taken is not None:
            same = replace(taken, at=step.at) == step
            return self._moved() if not same else SagaWritten(state=self.state, fresh=False)
        if self.state not in {step.believes, step.perhaps}:
            return self._moved()
        assert step.to is None or saga_states.allowed(step.saga.kind, step.believes, step.to)
        if isinstance(step.posting, LoanAccepted) and step.posting.charges.minor > self.wallet:
            return SagaWritten(state=self.state, fresh=False, trouble=Trouble.SHORT)
        if step.to == LoanState.PAID and self.disputes:
            self.disputes -= 1
            return SagaWritten(state=self.state, fresh=False, trouble=Trouble.DISPUTED)
        self._digests[step.key] = step
        self._take(step)
        return SagaWritten(
            state=self.state, instruction=step.instruct.state if step.instruct else None
        )

    def sent(self, saga: SagaRef) -> None:
        """As an earlier run left it that had opened the fence of the first payout."""
        named = ids.instruction_id(saga.id, PAYOUT, 1)
        key = f"{named}/sending/0"
        self._digests[key] = SagaStep(
            key=key, saga=saga, at=datetime.now(UTC), actor="kauri", believes=LoanState.HELD
        )

    def _moved(self) -> SagaWritten:
        return SagaWritten(state=self.state, fresh=False, trouble=Trouble.MOVED)

    def _take(self, step: SagaStep) -> None:
        self.steps.append(step)
        self.state = step.to or self.state
        if isinstance(step.posting, LoanAccepted):
            self.wallet -= step.posting.charges.minor
        if isinstance(step.posting, LoanRefused):
            self.wallet += step.posting.charges.minor

    @property
    def states(self) -> list[str]:
        """Every state in turn."""
        moved = [step.to for step in self.steps if step.to]
        return [state for at, state in enumerate(moved) if at == 0 or moved[at - 1] != state]

    @property
    def postings(self) -> list[str]:
        return [step.posting.kind for step in self.steps if step.posting]

    @property
    def cases(self) -> list[str]:
        return [step.case.kind for step in self.steps if step.case]

    @property
    def notices(self) -> list[Notice]:
        return [notice for step in self.steps for notice in step.notices]

    @property
    def shown(self) -> dict[str, Any]:
        return {name: value for step in self.steps for name, value in step.shows.items()}


@dataclasses.dataclass
class Lender:
    """A lender's books. `looks` repeats its last; booking answers from `posts`, reading back
    from `backs`."""

    looks: list[Examined] = field(default_factory=lambda: [GOOD])
    posts: list[Reading | Exception] = field(default_factory=lambda: [BOOKED])
    backs: list[Reading | Exception] = field(default_factory=lambda: [BOOKED])
    undone: Reading = BOOKED
    stands: bool = False
    fits: bool = True
    memory: LoanMemory = field(default_factory=LoanMemory)
    orders: list[Disbursement] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=lambda: {"payment_type": "M-Pesa"})
    short_code: str | None = None
    remembered: int = 0
    looked: int = 0

    async def disburse(self, order: Disbursement) -> Reading:
        self.orders.append(order)
        said: Reading = following(self.posts)
        return said

    async def inquire(self, _order: Disbursement) -> Reading:
        found: Reading = following(self.backs)
        return found

    async def undo_disbursal(self, _order: Undo) -> Reading:
        return self.undone

    async def loan(self, loan_id: int) -> Loan | None:
        return Loan(
            id=loan_id, account_no="1", external_id=None, status=300 if self.stands else 200,
            client_id=7, client_name="Jane", product_id=3, currency="KES", decimals=2,
        )  # fmt: skip

    async def payment_type(self, _name: str) -> int | None:
        return 26

    @activity.defn(name="loan.examine")
    async def examine(self, _ref: LoanRef) -> Examined:
        self.looked += 1
        found: Examined = following(self.looks)
        return found

    @activity.defn(name="loan.reserve")
    async def reserve(self, _wanted: Reservation) -> bool:
        return self.fits

    @activity.defn(name="loan.remember")
    async def remember(self, _ref: LoanRef) -> LoanMemory:
        self.remembered += 1
        return self.memory

    @activity.defn(name="loan.letters")
    async def letters(self, letter: Letter) -> tuple[Notice, ...]:
        return (Notice(event=f"loan_{letter.kind}", key=letter.key, facts={"why": letter.why}),)


@dataclasses.dataclass
class ShortCode:
    """A partner's short code. `results` are called back after a payment, `answers` after a
    question; None stays silent."""

    pays: list[Reading | Exception] = field(default_factory=lambda: [TAKEN])
    results: list[Reading | None] = field(default_factory=lambda: [PAID])
    answers: list[Reading | None] = field(default_factory=lambda: [None])
    holds: list[BalancesTold | None] = field(default_factory=lambda: [holding(10_000_000)])
    details: PaidDetails = field(default_factory=lambda: PaidDetails(same_name=True))
    paid: list[Payout] = field(default_factory=list)
    asked: int = 0
    told: int = 0
    says: Callable[[str, Reading, Source], Any] = lambda *_told: None
    tells: Callable[[BalancesTold], Any] = lambda _told: None

    async def pay(self, payout: Payout) -> Reading:
        self.paid.append(payout)
        reading: Reading = following(self.pays)
        result = following(self.results)
        if result is not None:
            self.says(payout.instruction_id, result, Source.CALLBACK)
        return reading

    async def ask(self, *, result_url: str, **_named: Any) -> Reading:
        self.asked += 1
        answer = following(self.answers)
        if answer is not None:
            self.says(result_url, answer, Source.QUERY)
        return Reading(verdict=Verdict.PENDING)

    async def balance(self, **_urls: str) -> Reading:
        self.told += 1
        told = following(self.holds)
        if told is not None:
            self.tells(told)
        return Reading(verdict=None)


class Partners:
    """Gives the two fakes to whoever asks."""

    def __init__(self, lender: Lender, short_code: ShortCode) -> None:
        self._lender, self._short_code = lender, short_code

    async def mifos(self, _org: str, _livemode: bool) -> Any:
        return self._lender

    async def mpesa(self, _org: str, _livemode: bool, _purpose: str) -> Any:
        return self._short_code

    async def known(self, *_named: Any) -> Any:
        return self._lender


class Told(Payouts):
    """Payouts whose details come from the fake instead of the inbox."""

    short_code: ShortCode

    @activity.defn(name="payout.details")
    async def details(self, _question: PaidQuestion) -> PaidDetails:
        return self.short_code.details


def following(script: list[Any]) -> Any:
    """The next answer; the last one repeats."""
    answer = script.pop(0) if len(script) > 1 else script[0]
    if isinstance(answer, Exception):
        raise answer
    return answer
