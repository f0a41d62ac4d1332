"""Float is ordered once and believed on two kinds of witness."""

from temporalio import workflow

from activities.float_buying import BuyOrder, FloatBuying
from activities.float_watching import FloatWatching
from models.float_calls import FloatLook
from models.float_order import (
    FLOAT,
    FloatFacts,
)
from models.float_proof import Balances, Proof, Where
from models.float_purchase import FloatState
from models.reading import ProviderReport, Source, Verdict
from models.saga import Instruct, Shown
from models.vault_postings import FloatCredited
from workflows.concluding import concluded
from workflows.float_run import FloatRun
from workflows.float_transfers import refusal
from workflows.leg_plan import Call, Plan
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import Change


class Buying:
    """The stage purchasing."""

    def __init__(self, run: FloatRun) -> None:
        self._run = run
        self._before: Balances | None = None
        self._where: Where | None = None

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
        else:
            await run.saga.write(refusal(instruct, report, transferred=facts.transferred))

    async def _credit(self, instruct: Instruct, report: ProviderReport, facts: FloatFacts) -> None:
        run, order = self._run, self._run.order
        posting = FloatCredited(
            purchase_id=order.saga.id,
            amount=order.amount,
            charges=order.charges,
            pool=order.pool,
            short_code=order.short_code,
            transferred=facts.transferred,
            order=instruct.number,
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

    async def _measure(self, facts: FloatFacts) -> None:
        """Remember what the short code holds before; a purchase without is proven otherwise."""
        run = self._run
        self._before = await run.balances()
        if self._before is None and facts.before is not None:
            await run.saga.write(Change(shows={"measured_at": None}))
        elif self._before is not None:
            shows: dict[str, Shown] = {
                "utility_before": self._before.utility.minor,
                "working_before": self._before.working.minor,
                "measured_at": self._before.at.isoformat(),
            }
            await run.saga.write(Change(shows=shows))

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
