"""Float is ordered once and believed on two kinds of witness; then it is brought to utility."""

import dataclasses

from temporalio import workflow

from activities.float_buying import BuyOrder, FloatBuying, MoveOrder
from activities.float_watching import FloatWatching
from activities.payouts import PayoutQuestion, Payouts
from models.float_calls import FloatLook
from models.float_order import (
    BALANCE_QUESTIONS,
    BALANCE_WAIT,
    FLOAT,
    LANDS_WITHIN,
    MOVE,
    MOVE_TERMS,
    FloatFacts,
)
from models.float_proof import Balances, Proof, Where, landed
from models.float_purchase import FloatState
from models.messages import Notice
from models.money import Money
from models.reading import ProviderReport, Source, Verdict
from models.saga import Instruct, SagaCase, Shown
from models.vault_postings import FloatCredited
from workflows.concluding import concluded
from workflows.float_run import OPENED, FloatRun, why
from workflows.float_transfers import refusal
from workflows.leg import Call, Plan
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import Change


class Buying:
    """The stages purchasing, credited and moving."""

    def __init__(self, run: FloatRun) -> None:
        self._run = run
        self._before: Balances | None = None
        self._where: Where | None = None
        self._looked = False

    async def buy(self) -> None:
        """Order the float, once, and wait until two witnesses have seen it."""
        run = self._run
        facts = await run.facts()
        told = run.instruct(FLOAT, facts)
        run.proof = Proof(seen=frozenset(facts.proven))
        self._before, self._where = facts.before, None
        if not facts.open(FLOAT):
            await self._measure(facts)
        ended = await run.carry(self._order(told))
        if ended is None:
            return
        instruct, report = ended
        if report.verdict is Verdict.SETTLED:
            await self._credit(instruct, report, facts)
        elif facts.transferred:
            await run.saga.write(refusal(instruct, report))
        else:
            change = Change(to=FloatState.FLOAT_REFUSED, instruct=instruct, evidence=(report,))
            await run.saga.write(change)

    async def settle(self) -> None:
        """Float that arrived in working is moved; what is in utility can be paid out."""
        facts = await self._run.facts()
        where = facts.landed or await self._find(facts)
        if where is Where.WORKING:
            await self._bring(facts)
            return
        unseen = SagaCase(kind="float_not_seen", amount=self._run.order.amount)
        nowhere = where is None and self._looked
        change = Change(
            shows={"landed": where},
            case=unseen if nowhere else None,
            events=(OPENED,) if nowhere else (),
        )
        await self._settled(change, facts.available)

    async def _bring(self, facts: FloatFacts) -> None:
        """Move it to utility; where that is refused it is the partner's all the same."""
        run = self._run
        if facts.landed is None:
            await run.saga.write(Change(shows={"landed": Where.WORKING}))
        ended = await run.carry(self._move(run.instruct(MOVE, facts)))
        if ended is None:
            return
        instruct, report = ended
        moved = report.verdict is Verdict.SETTLED
        case = SagaCase(
            kind="float_in_working", amount=run.order.amount, facts={"why": why(report)}
        )
        change = Change(
            instruct=instruct,
            evidence=(report,),
            shows={"landed": Where.UTILITY if moved else Where.WORKING},
            case=None if moved else case,
            events=() if moved else (OPENED,),
        )
        await self._settled(change, facts.available)

    async def _credit(self, instruct: Instruct, report: ProviderReport, facts: FloatFacts) -> None:
        run, order = self._run, self._run.order
        posting = FloatCredited(
            purchase_id=order.saga.id,
            amount=order.amount,
            charges=order.charges,
            pool=order.pool,
            short_code=order.short_code,
            transferred=facts.transferred,
        )
        seen = "+".join(sorted(run.proof.seen)) or str(report.source)
        change = Change(
            to=FloatState.CREDITED,
            instruct=instruct,
            evidence=(report,),
            posting=posting,
            shows={"proven_by": seen, "landed": self._where},
            events=("float_purchase.credited",),
        )
        await run.saga.write(concluded(run.ears, change))

    async def _settled(self, change: Change, available: Money | None) -> None:
        run, order = self._run, self._run.order
        notice = Notice(
            event="float_settled",
            key=f"{order.saga.id}/settled",
            facts={
                "amount": str(order.amount),
                "short_code": order.short_code,
                "total": str(order.total),
                "balance": str(available or ""),
            },
        )
        events = ("float_purchase.settled", *change.events)
        done = dataclasses.replace(
            change, to=FloatState.SETTLED, claims=False, events=events, notices=(notice,)
        )
        if change.case is not None:
            await run.saga.write(dataclasses.replace(done, needs_review=True))
        else:
            await run.saga.write(concluded(run.ears, done))

    async def _measure(self, facts: FloatFacts) -> None:
        """Remember what the short code holds before; a purchase without is proven otherwise."""
        self._before = await self._balances()
        if self._before is None and facts.before is not None:
            await self._run.saga.write(Change(shows={"measured_at": None}))
        elif self._before is not None:
            shows: dict[str, Shown] = {
                "utility_before": self._before.utility.minor,
                "working_before": self._before.working.minor,
                "measured_at": self._before.at.isoformat(),
            }
            await self._run.saga.write(Change(shows=shows))

    async def _find(self, facts: FloatFacts) -> Where | None:
        """Where the float is; None where nobody measured before, or it does not show up."""
        if facts.before is None:
            return None
        for pause in LANDS_WITHIN:
            await workflow.sleep(self._run.scaled(pause))
            now = await self._balances()
            paid = (await self._run.facts()).paid
            if now is None or paid is None:
                continue
            self._looked = True
            where = landed(facts.before, now, amount=self._run.order.amount, paid=paid)
            if where is not None:
                return where
        return None

    async def _balances(self) -> Balances | None:
        """Ask, and wait a while for the answer, which comes by callback."""
        run = self._run
        for _ in range(BALANCE_QUESTIONS):
            run.now = None
            asked = await workflow.execute_activity_method(
                FloatWatching.measure, run.order.saga, **ordinary(ASKS, "ask M-Pesa for balances")
            )
            if not asked:
                return None
            try:
                await workflow.wait_condition(
                    lambda: run.now is not None, timeout=run.scaled(BALANCE_WAIT)
                )
            except TimeoutError:
                continue
            return run.now
        return None

    def _order(self, told: Instruct) -> Plan:
        run, order = self._run, self._run.order

        def send(sends: int) -> Call:
            buy = BuyOrder(
                intent=run.intent(told, FloatState.PURCHASING, sends),
                account=order.funding,
                short_code=order.short_code,
            )
            summary = f"buy float of {order.amount} for {order.short_code}"
            return workflow.start_activity_method(
                FloatBuying.buy, buy, **ordinary(MOVES_MONEY, summary)
            )

        def ask() -> Call:
            look = FloatLook(
                money=run.on_statement(told, order.funding),
                short_code=order.short_code,
                seen=tuple(sorted(run.proof.seen)),
                refused=run.proof.refused,
                before=self._before,
                now=run.now,
            )
            return workflow.start_activity_method(
                FloatWatching.look, look, **ordinary(ASKS, "look for the float")
            )

        return Plan(
            instruct=told,
            terms=order.float_terms(),
            sending=FloatState.PURCHASING,
            unknown=FloatState.PURCHASE_UNKNOWN,
            send=send,
            ask=ask,
            convinces=self._convinces,
        )

    def _convinces(self, report: ProviderReport) -> bool:
        self._run.proof = self._run.proof.heard(report, self._run.order.amount)
        if report.source is Source.QUERY and report.verdict is Verdict.SETTLED:
            self._where = Where(report.reading.provider_code or Where.UTILITY)
        return self._run.proof.convinces(report)

    def _move(self, told: Instruct) -> Plan:
        run, order = self._run, self._run.order

        def send(sends: int) -> Call:
            move = MoveOrder(
                intent=run.intent(told, FloatState.MOVING, sends), short_code=order.short_code
            )
            summary = f"move {order.amount} from working to utility"
            return workflow.start_activity_method(
                FloatBuying.move, move, **ordinary(MOVES_MONEY, summary)
            )

        def ask() -> Call:
            question = PayoutQuestion(
                saga=order.saga, instruction_id=told.id, our_reference=told.our_reference
            )
            return workflow.start_activity_method(
                Payouts.ask, question, **ordinary(ASKS, "ask M-Pesa what became of the move")
            )

        return Plan(
            instruct=told,
            terms=MOVE_TERMS,
            sending=FloatState.MOVING,
            unknown=FloatState.MOVE_UNKNOWN,
            send=send,
            ask=ask,
        )
