"""Fakes around a float purchase: a bank, a short code, and what can be seen of both."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from temporalio import activity

from activities.payouts import PayoutQuestion
from activities.reports import report
from models.balances import BalancesTold
from models.banking import BankTransfer, FloatPurchase, ShortCodeCheck, Statement
from models.float_calls import FloatLook, StatementLook
from models.float_order import (
    FLOAT,
    RETURN,
    TRANSFER,
    FloatFacts,
    Told,
)  # fmt: skip
from models.float_proof import Balances, Where
from models.lifecycle import AttemptState
from models.money import Money
from models.otp import OtpLook, OtpStanding
from models.payout import Transfer
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaRef
from tests.workflows.vault_fakes import FakeSagas, OpenFence

AMOUNT, SHORT_CODE = Money(5_000_000, "KES"), "600100"
POOL, FUNDING = "7744510018", "7744510026"
ACCEPTED = Reading(verdict=Verdict.PENDING, provider_code="000", provider_reference="FT9")
DONE = Reading(verdict=Verdict.SETTLED, provider_code="000", provider_reference="FT8")
REFUSED = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED, provider_code="114")
SHUT = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.CONFIGURATION)
SHOWN = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt="FT9")
BACK = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED)
NOT_YET = Reading(verdict=Verdict.PENDING, reason=Reason.NOT_FOUND)
TAKEN = Reading(verdict=Verdict.PENDING, provider_reference="AG_1")
MOVED = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt="TKL3XYZ9AB")
Script = list[Reading | Exception]


class FakeBank:
    """Answers from scripts, the last line of each again and again; counts what it was told."""

    def __init__(self) -> None:
        self.transfers: Script = [DONE]
        self.purchases: Script = [ACCEPTED]
        self.sent: list[tuple[str, str]] = []

    async def buy_float(self, order: FloatPurchase) -> Reading:
        self.sent.append((FLOAT, order.reference))
        return _next(self.purchases)

    async def transfer(self, order: BankTransfer) -> Reading:
        there = order.account == POOL
        self.sent.append((TRANSFER if there else RETURN, order.reference))
        return _next(self.transfers)

    async def statement(self, account: str, first: date, last: date) -> Statement:
        raise AssertionError("looks are scripted")

    async def validate_short_code(self, short_code: str) -> ShortCodeCheck:
        return ShortCodeCheck(name=f"ORG {short_code}", reading=Reading(verdict=None))


class FakeShortCode:
    """The partner's short code: takes transfers, and is there."""

    def __init__(self) -> None:
        self.moves: Script = [TAKEN]
        self.moved: list[Transfer] = []

    async def mpesa(self, _org: str, _livemode: bool, _purpose: str) -> "FakeShortCode":
        return self

    async def transfer(self, transfer: Transfer) -> Reading:
        self.moved.append(transfer)
        return _next(self.moves)

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        del result_url, timeout_url
        return TAKEN


class FakeWatch:
    """What statements and balances show, and what the rows remember, from scripts and steps."""

    def __init__(self, sagas: FakeSagas, fence: OpenFence) -> None:
        self._sagas, self._fence = sagas, fence
        self.traces: Script = [NOT_YET]
        self.looks: list[tuple[Source, Reading]] = [(Source.QUERY, NOT_YET)]
        self.balances: list[BalancesTold] = []
        self.code: list[OtpLook] = [OtpLook(standing=OtpStanding.OVER)]
        self.asked: list[FloatLook] = []
        self.tell: Callable[[BalancesTold], Awaitable[None]] | None = None

    @activity.defn(name="float.facts")
    async def facts(self, _saga: SagaRef, _now: datetime | None = None) -> FloatFacts:
        shown: dict[str, Any] = {}
        told: dict[str, Told] = {}
        for intent in self._fence.opened:
            told[intent.rail] = Told(number=intent.number, state=AttemptState.SENDING)
        for step in self._sagas.written:
            shown |= step.shows
            if step.instruct:
                told[step.instruct.rail] = Told(
                    number=step.instruct.number, state=step.instruct.state
                )
        return FloatFacts(
            told=told,
            before=_before(shown),
            landed=Where(shown["landed"]) if shown.get("landed") else None,
            paid=Money(0, "KES"),
            available=Money(4_992_000, "KES"),
        )

    @activity.defn(name="float.measure")
    async def measure(self, _saga: SagaRef) -> bool:
        if not self.balances or self.tell is None:
            return False
        await self.tell(self.balances.pop(0))
        return True

    @activity.defn(name="float.trace")
    async def trace(self, look: StatementLook) -> ProviderReport:
        said = _next(self.traces)
        final = said.verdict is not None and said.verdict.final
        return report(look.instruction_id, Source.STATEMENT if final else Source.QUERY, said)

    @activity.defn(name="float.look")
    async def look(self, look: FloatLook) -> ProviderReport:
        self.asked.append(look)
        source, said = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return report(look.money.instruction_id, source, said)

    @activity.defn(name="otp.run_out")
    async def run_out(self, _saga: SagaRef) -> OtpLook:
        return self.code.pop(0) if len(self.code) > 1 else self.code[0]

    @activity.defn(name="payout.ask")
    async def ask(self, question: PayoutQuestion) -> ProviderReport:
        return report(question.instruction_id, Source.QUERY, TAKEN)


def _before(shown: dict[str, Any]) -> Balances | None:
    if shown.get("measured_at") is None:
        return None
    return Balances(
        utility=Money(shown["utility_before"], "KES"),
        working=Money(shown["working_before"], "KES"),
        at=datetime.fromisoformat(shown["measured_at"]),
    )


def _next(script: Script) -> Reading:
    answer = script.pop(0) if len(script) > 1 else script[0]
    if isinstance(answer, Exception):
        raise answer
    return answer
